import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import { createReferral } from '../../../src/modules/referrals/index.ts';
import { behindTheWall } from '../../support/database.ts';
import { extractOf } from '../../support/cases/builders.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';
import { hiddenField, openSite, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
const ids: string[] = [];
beforeAll(async () => {
  site = await openSite();
  const cases = ['Q-1', 'Q-2', 'Q-3'].map((caseId) => aMexicanCase({ caseId, balances: [{ bucket: 'arrears_unassigned', amount: '12345.67', currency: 'USD', asOf: '2026-10-31' }] }));
  await importCaseExtract(site.ctx, { fileName: 'cases.ndjson', source: Readable.from(extractOf(cases)) });
  for (const { caseId } of cases) ids.push((await createReferral(site.ctx, { caseId, partnerId: 'mx-consulate-calexico', services: ['status'] })).referralId);
});

async function take(who: string, fields: Record<string, string> = {}) {
  const agent = await site.signedIn(who);
  const page = (await agent.get('/queue')).text;
  const form = { form_token: hiddenField(page, 'form_token'), form_id: hiddenField(page, 'form_id'), ...fields };
  return { agent, form, answer: await agent.post('/queue/take').type('form').send(form) };
}

describe('the queue page', () => {
  it('hands the next item over at one click, and the same one when the button was pressed twice', async () => {
    const { agent, form, answer } = await take('attorney');
    expect([answer.status, answer.headers['location']]).toEqual([303, `/referrals/${ids[0]}`]);
    expect((await agent.post('/queue/take').type('form').send(form)).headers['location']).toBe(`/referrals/${ids[0]}`);
    expect((await take('imperial')).answer.headers['location']).toBe(`/referrals/${ids[1]}`);
    expect((await agent.get(`/referrals/${ids[0]}`)).text).toMatch(/Assigned to you until [^<]+<[^]*action="\/queue\/return"|action="\/queue\/return"[^]*Assigned to you until/);
    const page = (await agent.get('/queue')).text;
    expect(page).toContain('Assigned to you');
    expect(page.match(/action="\/queue\/return"/g)).toHaveLength(1);
  });

  it('takes it back, from whoever holds it alone', async () => {
    const other = await site.signedIn('translator');
    const theirs = await other.post('/queue/return').type('form').send({ form_token: await tokenOf(other, '/queue'), kind: 'referral', subject: ids[0] });
    expect(theirs.status).toBe(403);
    const agent = await site.signedIn('attorney');
    const back = await agent.post('/queue/return').type('form').send({ form_token: await tokenOf(agent, '/queue'), kind: 'referral', subject: ids[0] });
    expect(back.headers['location']).toBe('/queue?done=returned');
    expect((await agent.get('/queue?done=returned')).text).toContain('back in the queue');
    expect((await take('attorney')).answer.headers['location']).toBe(`/referrals/${ids[0]}`);
  });

  it('says when there is nothing to take', async () => {
    expect((await take('supervisor')).answer.headers['location']).toBe(`/referrals/${ids[2]}`);
    const { agent, answer } = await take('supervisor');
    expect(answer.headers['location']).toBe('/queue?nothing=1');
    expect((await agent.get('/queue?nothing=1')).text).toContain('nothing to take');
  });

  it('shows the segments in every language, with amounts and without codes', async () => {
    const agent = await site.signedIn('attorney');
    for (const language of ['es-MX', 'ko-KR', 'en']) {
      await agent.get(`/queue?language=${language}`);
      const { status, text } = await agent.get('/queue?segment=arrears_high');
      expect(status).toBe(200);
      expect(text).toContain('href="/cases/Q-1"');
      expect(text).toContain('12,345.67');
      expect(text.replace(/<body[^>]*>/, '')).not.toMatch(/segment\.|\{\{|arrears_over/);
    }
    const file = (await agent.get('/queue?segment=arrears_high&as=csv').buffer(true)).text.split('\r\n');
    expect(file[0]).toMatch(/^\uFEFF[^,]+,[^,]+,[^,]+,[^,]+,[^,]+,[^,]+,[^,]+$/);
    expect(file[1]).toBe('Q-1,Imperial County,,,12345.67,USD,');
    expect((await agent.get('/queue?segment=paying_in_full')).text).toContain('No cases are in this segment');
    expect((await agent.get('/queue?segment=nothing_like_it')).status).toBe(404);
  });

  it('offers nothing to those who do not work on it', async () => {
    const translator = await site.signedIn('translator');
    expect((await translator.get('/queue')).text).not.toContain('segment=');
    expect((await translator.get('/queue?segment=arrears_high')).status).toBe(403);
    for (const who of ['officer_la', 'reconciler']) {
      const agent = await site.signedIn(who);
      const form_token = await tokenOf(agent, '/partners');
      expect((await agent.post('/queue/take').type('form').send({ form_token, form_id: 'a-form-of-at-least-twenty' })).status).toBe(403);
    }
    expect((await (await site.signedIn('officer_la')).get('/queue?segment=arrears_high')).headers['location']).toBe('/inbox');
  });
});

describe('who works on what', () => {
  const given = async (who: string, fields: Record<string, string>) => {
    const agent = await site.signedIn(who);
    return agent.post('/queue/reassign').type('form').send({ form_token: await tokenOf(agent, '/queue'), kind: 'referral', ...fields });
  };
  const idOf = async (name: string): Promise<string> => (await behindTheWall<{ id: string }>(site.db, 'select user_id as id from users where user_name = $1', [name]))[0]?.id ?? '';

  it('gives one item to one person, however many take at once', async () => {
    const more = Array.from({ length: 6 }, (_, i) => aMexicanCase({ caseId: `R-${i}` }));
    await importCaseExtract(site.ctx, { fileName: 'more.ndjson', source: Readable.from(extractOf(more)) });
    for (const { caseId } of more) await createReferral(site.ctx, { caseId, partnerId: 'mx-consulate-calexico', services: ['status'] });
    const who = ['attorney', 'imperial', 'supervisor'];
    const forms = await Promise.all(Array.from({ length: 20 }, async (_, i) => {
      const agent = await site.signedIn(who[i % who.length] ?? 'attorney');
      const page = (await agent.get('/queue')).text;
      return { agent, form: { form_token: hiddenField(page, 'form_token'), form_id: hiddenField(page, 'form_id') } };
    }));
    const answers = await Promise.all(forms.map(({ agent, form }) => agent.post('/queue/take').type('form').send(form)));
    const places = answers.map(({ headers }) => String(headers['location'])).filter((place) => place.startsWith('/referrals/'));
    expect(answers.every(({ status }) => status === 303)).toBe(true);
    expect(new Set(places).size).toBe(places.length);
    expect(places.length).toBeGreaterThanOrEqual(more.length);
  });

  it('is shown to supervisors, who give it to somebody else or put it back', async () => {
    const page = (await (await site.signedIn('supervisor')).get('/queue')).text;
    expect(page).toContain('Assignments');
    const [held] = await behindTheWall<{ id: string }>(site.db, "select subject_id as id from queue_items where claimed_by = $1 and kind = 'referral'", [await idOf('imperial')]);
    const [subject, to] = [held?.id ?? '', await idOf('attorney')];
    expect(page).toContain(`value="${subject}"`);
    expect((await given('supervisor', { subject, to })).headers['location']).toBe('/queue?done=reassigned');
    expect((await (await site.signedIn('attorney')).get('/queue')).text).toContain(`value="${subject}"`);
    const written = await behindTheWall<{ details: Record<string, string> }>(site.db, "select details from audit_events where action = 'queue.reassigned' and subject_id = $1", [subject]);
    expect(written.map(({ details }) => details['givenTo'])).toEqual([to]);
    // The same again changes nothing.
    await given('supervisor', { subject, to });
    expect(await behindTheWall(site.db, "select 1 from audit_events where action = 'queue.reassigned'")).toHaveLength(1);
  });

  it('names everybody and finds whom it is given to among 5,000 accounts', async () => {
    await behindTheWall(site.db, `insert into users (agency_id, user_id, user_name, display_name, roles, counties, partner_id, language, created_at)
      select 'us-ca', 'usr_' || lpad(n::text, 26, '0'), 'aaa' || n, case when n > 4998 then 'Twin Attorney' else 'Aaron ' || n end, '{attorney}', null, null, 'en', now() from generate_series(1, 5000) n`);
    try {
      const page = (await (await site.signedIn('supervisor')).get('/queue')).text;
      expect([page.includes('name="to_name"'), page.includes('<select class="usa-select" id="to-0"'), />Ana Attorney</.test(page)]).toEqual([true, false, true]);
      const [held] = await behindTheWall<{ id: string }>(site.db, "select subject_id as id from queue_items where claimed_by = $1 and kind = 'referral' limit 1", [await idOf('attorney')]);
      const subject = held?.id ?? '';
      for (const to_name of ['Twin Attorney', 'Nobody', '<script>', 'x'.repeat(10_000), 'Óscar Oficial']) expect((await given('supervisor', { subject, to_name })).status).toBe(422);
      expect((await given('supervisor', { subject, to_name: 'imelda imperial' })).status).toBe(303);
      expect((await given('supervisor', { subject, to_name: 'aaa4999' })).status).toBe(303);
      expect((await (await site.signedIn('supervisor')).get('/queue')).text).toContain('Twin Attorney');
    } finally {
      await behindTheWall(site.db, "update users set is_active = false where user_name like 'aaa%'");
    }
  });

  it('is given by nobody else, and to nobody who does not take work', async () => {
    expect((await (await site.signedIn('attorney')).get('/queue')).text).not.toContain('Assignments');
    expect((await given('attorney', { subject: ids[0] ?? '', to: await idOf('imperial') })).status).toBe(403);
    for (const to of ['', 'usr_nobody', await idOf('officer_la'), await idOf('administrator'), '<script>']) expect((await given('supervisor', { subject: ids[0] ?? '', to })).status).toBe(422);
    expect((await given('supervisor', { subject: 'ref_nothing', to: await idOf('attorney') })).status).toBe(404);
  });
});

describe('the list of referrals', () => {
  const cases = (html: string): string[] => [...html.matchAll(/<th scope="row" data-label="Case"><a href="\/referrals\/[^"]+">([^<]+)/g)].map(([, id]) => id ?? '');

  it('sorts, narrows and goes out as a file', async () => {
    const agent = await site.signedIn('translator');
    const [up, down] = [cases((await agent.get('/queue?show=all&sort=case')).text), cases((await agent.get('/queue?show=all&sort=-case')).text)];
    expect(up).toEqual([...up].sort());
    expect(down).toEqual(up.toReversed());
    expect(cases((await agent.get('/queue?show=all&partner=kr-kcsa')).text)).toEqual([]);
    const { text, headers } = await agent.get('/queue?show=all&sort=case&as=csv');
    expect(headers['content-disposition']).toContain('queue.csv');
    expect(text.split('\r\n').slice(1, -1).map((line) => line.split(',')[1])).toEqual(up);
  });
});
