import { behindTheWall } from '../../support/database.ts';
import { HOSTILE, importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { openSite, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

const { plain, korean, protected: hidden, imperial, closed } = SAMPLE_CASES;
const SSN = '123-45-6789';

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
});

const read = async (who: string, path: string) => (await site.signedIn(who)).get(path);

/** Types into the field and presses the button; a redirect is followed as a browser would. */
async function typed(who: string, search: string, more: Record<string, string> = {}) {
  const agent = await site.signedIn(who);
  const answer = await agent.post('/cases').type('form').send({ form_token: await tokenOf(agent, '/cases'), search, ...more });
  return { answer, page: answer.status === 303 ? await agent.get(String(answer.headers['location'])) : answer };
}

const found = (html: string): string[] => [...html.matchAll(/<th scope="row"[^>]*><a href="\/cases\/([^"]+)">/g)].map(([, id]) => id ?? '');

describe('searching for a name', () => {
  it.each([
    ['PENA', plain.caseId, 'José Ángel Peña Muñoz (Obligor)'], ['Muñoz Peña', plain.caseId, 'José Ángel'], ['Ibáñez, Núñez', plain.caseId, 'María Guadalupe'],
    ['김민수', korean.caseId, '김민수'], ['민수', korean.caseId, '김민수'], ['김민', korean.caseId, 'part of the name'], ['ㄱㅁㅅ', korean.caseId, '김민수'], ['ㅁㅅ', korean.caseId, 'part of the name'],
    ['Gim Min-soo', korean.caseId, 'spelled otherwise'], ['Guadal', plain.caseId, 'begins with your search'],
  ])('%s finds the case and says by whose name', async (search, caseId, why) => {
    const { answer, page } = await typed('attorney', search);
    expect(answer.headers['location']).toBe(`/cases?${new URLSearchParams({ search }).toString()}`);
    expect(found(page.text)).toContain(caseId);
    expect(page.text).toContain(why);
  });

  it.each(['ㅋㅋㅋㅋ', 'Nobody Here', '..', '%', '😀', 'x'.repeat(5_000), HOSTILE, '\u202Eabc'])('%s finds nothing and says what to do', async (search) => {
    const { page } = await typed('attorney', search);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('<script>alert');
  });
});

describe('searching for a number', () => {
  it('finds a case by the beginning and by the end of its number', async () => {
    expect(found((await typed('attorney', plain.caseId.slice(0, 9))).page.text)).toContain(plain.caseId);
    const { page } = await typed('attorney', plain.caseId.slice(-5));
    expect(found(page.text)).toEqual([plain.caseId]);
    expect(page.text).toContain('Part of the case number');
  });

  it('finds a case by its docket, and not that of a court that would tell where somebody protected is', async () => {
    expect(found((await typed('attorney', 'by 7654321')).page.text)).toContain(plain.caseId);
    const [mark] = await behindTheWall<{ n: string }>(site.db, "select count(*) as n from case_search_terms where term like '%7654321%'");
    expect(mark?.n).toBe('0');
  });

  it('takes fewer than four characters for no part of a number', async () => {
    expect(found((await typed('attorney', '20')).page.text)).toEqual([]);
  });
});

describe('searching for an identifier', () => {
  it('finds its case, and shows it neither in the address nor on the page, nor keeps it', async () => {
    const { answer } = await typed('attorney', SSN);
    expect(answer.status).toBe(200);
    expect(found(answer.text)).toContain(plain.caseId);
    expect(answer.text).toContain('may be an identifier');
    expect(answer.text).not.toMatch(/123-?45-?6789/);
    expect(answer.headers['cache-control']).toBe('no-store');
    const rows = await behindTheWall(site.db, "select subject_id, details from audit_events where action = 'identifier.searched'");
    expect(rows).toContainEqual(expect.objectContaining({ subject_id: 'ssn.itin.passport' }));
    expect(JSON.stringify(rows)).not.toContain('6789');
  });

  it('is not done by an address: that is refused and left at once', async () => {
    for (const search of [SSN, '123456789', 'HEGG560427MVZRRL04', '850102-1234567', '032180000118359719', 'Kim 900101-1234567', `SSN ${SSN}`]) {
      const answer = await read('attorney', `/cases?search=${encodeURIComponent(search)}`);
      expect([search, answer.status, answer.headers['location']]).toEqual([search, 303, '/cases?refused=identifier']);
    }
    const { text } = await read('attorney', '/cases?refused=identifier');
    expect(text).toContain('must not contain an identifier');
    expect(text).toContain('<title>Error');
  });

  it('finds nothing of another county', async () => {
    expect(found((await typed('imperial', SSN)).answer.text)).toEqual([imperial.caseId]);
    expect((await typed('imperial', '987-65-4320')).answer.text).toContain('No case that you have access to');
  });

  it('of a form that is no identifier of anybody gets an address like any number', async () => {
    expect((await typed('attorney', 'AB123456')).answer.headers['location']).toBe('/cases?search=AB123456');
  });
});

describe('the list', () => {
  it('is narrowed by status and county, and sorts stably in both directions', async () => {
    expect(found((await typed('attorney', '', { status: 'closed' })).page.text)).toEqual([closed.caseId]);
    expect(found((await typed('attorney', '', { county: '06025' })).page.text)).toEqual([imperial.caseId]);
    for (const key of ['number', 'name', 'opened']) {
      const [up, down] = [found((await read('attorney', `/cases?sort=${key}`)).text), found((await read('attorney', `/cases?sort=-${key}`)).text)];
      expect(up.length).toBeGreaterThan(3);
      expect(down).toEqual(up.toReversed());
    }
    expect((await read('attorney', '/cases?sort=name')).text).toContain('aria-sort="ascending"');
  });

  it('has no case twice and none left out from page to page', async () => {
    for (const sort of ['-number', 'name', '-opened']) {
      const all = found((await read('attorney', `/cases?sort=${sort}`)).text);
      for (const [i, after] of all.slice(0, -1).entries()) expect(found((await read('attorney', `/cases?sort=${sort}&after=${after}`)).text)).toEqual(all.slice(i + 1));
    }
  });

  it('offers open referrals to whoever sees referrals', async () => {
    expect(found((await typed('attorney', '', { referred: '1' })).page.text)).toEqual([]);
    expect((await read('attorney', '/cases?referred=1')).text).toContain('No cases match these filters');
    expect((await read('reconciler', '/cases')).text).not.toContain('id="referred"');
  });

  it('goes out as a file that no spreadsheet computes, and that is written down', async () => {
    const { status, text, headers } = await read('attorney', '/cases?as=csv&sort=-number');
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('text/csv');
    expect(text.split('\r\n')[0]).toBe('\uFEFFCase,Obligor,Obligee,County,Opened,Status');
    expect(text).toContain('José Ángel Peña Muñoz');
    expect(text).not.toMatch(/(?:^|,)[=+@]/m);
    expect(text).toContain(hidden.caseId);
    expect(await behindTheWall(site.db, "select 1 from audit_events where action = 'list.exported' and subject_id = 'cases'")).not.toEqual([]);
  });
});
