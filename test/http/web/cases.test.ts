import { behindTheWall } from '../../support/database.ts';
import { importSampleCases, HOSTILE, SAMPLE_CASES } from './sample-cases.ts';
import { openSite } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
const pageOf = async (who: string, path: string) => (await site.signedIn(who)).get(path);

describe('the list of cases', () => {
  it('says what to do while there are none', async () => {
    expect((await pageOf('attorney', '/cases')).text).toContain('There are no cases yet');
    await importSampleCases(site.ctx);
    expect((await pageOf('attorney', '/cases')).text).toContain(SAMPLE_CASES.plain.caseId);
  });

  it.each(['PENA', 'Núñez Ibáñez', '김민수', 'Kim Minsu', SAMPLE_CASES.korean.caseId])('is searched for %s', async (search) => {
    const { status, text } = await pageOf('attorney', `/cases?search=${encodeURIComponent(search)}`);
    expect(status).toBe(200);
    expect(text).toMatch(/href="\/cases\/20000010000/);
  });

  it.each([HOSTILE, "'; drop table users; --", '%', '\\', '😀', 'x'.repeat(5_000), '../..', '\u202E'])('takes any search: %s', async (search) => {
    const { status, text } = await pageOf('attorney', `/cases?search=${encodeURIComponent(search)}`);
    expect(status).toBe(200);
    expect(text).not.toContain('<script>alert');
  });

  it('shows each county only to its own', async () => {
    const { text } = await pageOf('imperial', '/cases');
    expect(text).toContain(SAMPLE_CASES.imperial.caseId);
    expect(text).not.toContain(SAMPLE_CASES.plain.caseId);
    expect((await pageOf('imperial', `/cases/${SAMPLE_CASES.plain.caseId}`)).status).toBe(404);
  });

  it('is not for officers, translators or administrators', async () => {
    for (const who of ['officer_la', 'translator', 'administrator']) {
      expect((await pageOf(who, '/cases')).status).toBe(403);
      expect((await pageOf(who, `/cases/${SAMPLE_CASES.plain.caseId}`)).status).toBe(403);
    }
  });

  it('takes a strange place to read on from as the beginning or the end, never as a fault', async () => {
    for (const after of ['-1', 'zzz', '%27', '1e9', ' ']) expect((await pageOf('attorney', `/cases?after=${after}&page=${after}`)).status).toBe(200);
  });
});

describe('a case', () => {
  it('masks identifiers and shows people, orders and balances', async () => {
    const { text } = await pageOf('attorney', `/cases/${SAMPLE_CASES.plain.caseId}`);
    expect(text).toContain('José Ángel Peña Muñoz');
    expect(text).toContain('6789');
    expect(text).not.toMatch(/123-?45/);
    expect(text).toContain('USD 362.00');
    expect(text).toContain('USD 4,321.09');
    expect(text).not.toContain('Calle Reforma');
  });

  it('shows nothing of where a protected person is, not even the dependents’ places', async () => {
    const { text } = await pageOf('attorney', `/cases/${SAMPLE_CASES.protected.caseId}`);
    expect(text).toContain('Nondisclosure.');
    expect(text).not.toMatch(/Secret|Hiddenville|90001|213|0199|May 4, 2016/);
  });

  it('shows no place, court or other name that says it through others', async () => {
    const base = SAMPLE_CASES.protected;
    const [father, mother, child] = base.participants as [object, object, object];
    const grandmother = { participantId: 'p9', role: 'caretaker', name: { given: 'Elena', family: 'Ibáñez', aliases: ['tel 213 555 0199'] }, birthDate: '1950-01-01', residence: { country: 'US', lines: ['9 Oak'], locality: 'Hiddenville Heights', source: 'party' } };
    const order = { ...base.orders[0], tribunal: 'Hiddenville Branch Court', docketNumber: 'HID-90001' };
    await importSampleCases(site.ctx, [{ ...base, caseId: '2000001000009', participants: [father, mother, grandmother, child], orders: [order] }]);
    const { text } = await pageOf('attorney', '/cases/2000001000009');
    expect(text).toContain('Elena Ibáñez');
    expect(text).toContain('Court withheld');
    expect(text).not.toMatch(/Secret|Hiddenville|HID-|90001|0199/);
  });

  it('escapes what an extract brings', async () => {
    const { text } = await pageOf('attorney', `/cases/${SAMPLE_CASES.hostile.caseId}`);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).not.toContain('<script>');
  });

  it('is written down as seen, by whom', async () => {
    const rows = await behindTheWall<{ n: string }>(site.db, "select count(*) as n from audit_events where action = 'case.viewed' and subject_id = $1", [SAMPLE_CASES.plain.caseId]);
    expect(Number(rows[0]?.n)).toBeGreaterThan(0);
  });

  it('is told in each language as people there write', async () => {
    const agent = await site.signedIn('attorney');
    await agent.get('/cases?language=es-MX');
    const spanish = (await agent.get(`/cases/${SAMPLE_CASES.plain.caseId}`)).text;
    expect(spanish).toContain('24 de diciembre de 1988');
    expect(spanish).toContain('Deudor alimentario');
    await agent.get('/cases?language=ko-KR');
    const korean = (await agent.get(`/cases/${SAMPLE_CASES.korean.caseId}`)).text;
    expect(korean).toContain('김민수(Minsu Kim)');
    expect(korean).toContain('미화 362.00달러');
    expect(korean).toContain('1985년 1월 2일');
  });

  it('that does not exist is 404, whatever the address holds', async () => {
    for (const id of ['9999999999999', "x'--", '%3Cscript%3E', 'a'.repeat(500)]) expect((await pageOf('attorney', `/cases/${id}`)).status).toBe(404);
  });
});
