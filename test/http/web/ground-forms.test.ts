import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { KEPT_PER_OWNER_MAX } from '../../../src/web/kept-forms/keep.ts';
import { createReferral, saveInterview } from '../../../src/modules/referrals/index.ts';
import { behindTheWall } from '../../support/database.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { hiddenField, openSite, PASSWORD, signIn } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
let statement: string;
const refer = `/cases/${SAMPLE_CASES.plain.caseId}/refer`;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
  const { referralId } = await createReferral(site.ctx, { caseId: SAMPLE_CASES.plain.caseId, partnerId: 'mx-consulate-los-angeles', services: ['locate'] });
  await saveInterview(site.ctx, referralId, { language: 'en', answers: { sections: { statement: { text: 'He left.' } } } });
  statement = `/referrals/${referralId}/interview/statement`;
});

const OWN = { 'Sec-Fetch-Site': 'same-origin' };
/** What a browser would send of the marks of the first form of a page into which something can be typed. */
function marksOf(html: string): Record<string, string> {
  const decoded = (text: string) => text.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  return Object.fromEntries(['form_token', 'form_id', 'form_page', 'form_at', 'form_owner', 'form_kept', 'based_on'].map((name) => [name, decoded(hiddenField(html, name))]).filter(([, value]) => value !== ''));
}
const browserOf = async (who: string): Promise<TestAgent> => {
  const agent = supertest.agent(site.app);
  await signIn(agent, who, PASSWORD);
  return agent;
};
/** The same browser when its session has ended. */
const without = (): TestAgent => supertest.agent(site.app);
const keptIn = (address: string): string => /kept=([\w-]{24})/.exec(decodeURIComponent(address))?.[1] ?? '';
const NASTY = '"><script>alert(1)</script></textarea><b>';

describe('a language chosen in mid-form', () => {
  it('shows the page in that language with everything as it was typed, and says that it is not saved', async () => {
    const agent = await browserOf('attorney');
    const { text } = await agent.get(`${refer}?done=created`);
    expect(text).toMatch(/<button type="submit" form="form-1" formmethod="post" formaction="\/language" formenctype="application\/x-www-form-urlencoded" formnovalidate name="form_language" value="ko-KR"/);
    const sent = await agent.post('/language').type('form').send({ ...marksOf(text), form_language: 'ko-KR', partner: 'kr-kcsa', services: ['locate', 'status'] });
    expect([sent.status, sent.headers['location']?.replace(/kept=.*/, 'kept=')]).toEqual([303, `${refer}?kept=`]);
    const again = await agent.get(sent.headers['location'] as string);
    expect(again.text).toContain('<html lang="ko-KR">');
    expect(again.text).toContain('아직 저장되지 않았으니');
    expect([...again.text.matchAll(/<input[^>]*value="([^"]*)"[^>]*checked/g)].map((match) => match[1])).toEqual(['kr-kcsa', 'locate', 'status']);
    expect((await agent.get(sent.headers['location'] as string)).text).toContain('아직 저장되지 않았으니');
    const done = await agent.post(refer).type('form').send({ ...marksOf(again.text), partner: 'kr-kcsa', services: ['locate'] });
    expect(done.headers['location']).toContain('done=created');
    expect((await agent.get(sent.headers['location'] as string)).text).toContain('더 이상 없습니다');
    await agent.get('/partners?language=en');
  });

  it('says nothing where nothing had been typed', async () => {
    const agent = await browserOf('attorney');
    const { text } = await agent.get(refer);
    const sent = await agent.post('/language').type('form').send({ ...marksOf(text), form_language: 'en' });
    const again = await agent.get(sent.headers['location'] as string);
    expect(again.text).not.toContain('It has not been saved yet');
    expect(again.text).not.toContain('no longer there');
  });

  it('leads from a page that came back with faults to the page itself, with what was typed', async () => {
    const agent = await browserOf('attorney');
    const { text } = await agent.get(refer);
    const faulty = await agent.post(refer).type('form').send({ ...marksOf(text), services: 'status' });
    expect(faulty.status).toBe(422);
    const sent = await agent.post('/language').type('form').send({ ...marksOf(faulty.text), form_language: 'en', services: 'status' });
    const again = await agent.get(sent.headers['location'] as string);
    expect([again.status, /value="status"[^>]*checked/.test(again.text), again.text.includes('What you typed is still here')]).toEqual([200, true, true]);
  });

  it('keeps ten thousand characters of Hangul, emoji, right-to-left text, formulas and markup, letter by letter', async () => {
    const agent = await browserOf('attorney');
    for (const typed of ['가나다'.repeat(3_333), '😀'.repeat(2_000), '\u202Eabc\nline', '=HYPERLINK("x")', NASTY, '\n\n first lines']) {
      const { text } = await agent.get(statement);
      const sent = await agent.post('/language').type('form').send({ ...marksOf(text), form_language: 'en', text: typed });
      const again = (await agent.get(sent.headers['location'] as string)).text;
      const shown = /<textarea[^>]*name="text"[^>]*>([^]*?)<\/textarea>/.exec(again)?.[1]?.replace(/^\n/, '') ?? '';
      expect(shown).toBe(typed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
      expect(again).not.toContain('<script>alert');
    }
  });

  it('keeps a date as it was typed, in its three fields, which stand in the order of the other language', async () => {
    const agent = await browserOf('attorney');
    const steps = `${statement.replace(/\/interview.*/, '')}/steps?move=await_items`;
    const { text } = await agent.get(steps);
    const typed = { 'on.month': '2', 'on.day': '31', 'on.year': '２０２６' };
    const sent = await agent.post('/language').type('form').send({ ...marksOf(text), form_language: 'es-MX', move: 'await_items', ...typed });
    const again = (await agent.get(sent.headers['location'] as string)).text;
    expect([...again.matchAll(/name="on\.(\w+)"[^>]* value="([^"]*)"/g)].map(([, part, value]) => [part, value])).toEqual([['day', '31'], ['month', '2'], ['year', '２０２６']]);
    expect(again).not.toContain('pu-kept pu-lines');
    const refused = await agent.post(steps.split('?')[0] as string).type('form').send({ ...marksOf(again), move: 'await_items', item: 'certified_order', ...typed });
    expect([refused.status, refused.text.includes('href="#on-year"'), refused.text.includes('Año “２０２６”: escríbalo con cuatro cifras')]).toEqual([422, true, true]);
    await agent.get('/partners?language=en');
  });

  it('is a plain link where nothing can be typed, and goes with the query of a search', async () => {
    const agent = await browserOf('attorney');
    expect((await agent.get('/help?page=2')).text).toContain('href="/help?page=2&amp;language=ko-KR"');
    expect((await agent.get('/conversations')).text).toMatch(/<button type="submit" form="form-1" formnovalidate name="language" value="es-MX"/);
    expect((await agent.get('/conversations?search=Kim&language=en')).headers['location']).toBe('/conversations?search=Kim');
  });

  it('keeps a user name at the sign-in, and no password', async () => {
    const agent = supertest.agent(site.app);
    const { text } = await agent.get('/sign-in?next=%2Fcases');
    const sent = await agent.post('/language').type('form').send({ ...marksOf(text), form_secrets: '', form_language: 'es-MX', user_name: 'ana', password: 'hunter2 hunter2' });
    const again = (await agent.get(sent.headers['location'] as string)).text;
    expect([/id="user_name"[^>]*value="ana"/.test(again), again.includes('hunter2'), again.includes('name="next" value="/cases"')]).toEqual([true, false, true]);
    const another = supertest.agent(site.app);
    await another.get('/sign-in');
    expect((await another.get(sent.headers['location'] as string)).text).not.toContain('value="ana"');
  });
});

describe('a session that ended in mid-form', () => {
  it('keeps what was typed until the same person has signed in, and sends nothing', async () => {
    const agent = await browserOf('attorney');
    const marks = marksOf((await agent.get(statement)).text);
    const late = without();
    const typed = '한글'.repeat(5_000);
    const refused = await late.post(statement).set(OWN).type('form').send({ ...marks, text: typed });
    expect([refused.status, refused.headers['location']?.startsWith('/sign-in?done=kept&next=')]).toEqual([303, true]);
    const page = await late.get(refused.headers['location'] as string);
    expect(page.text).toContain('Your session has ended. What you typed is kept');
    const next = hiddenField(page.text, 'next');
    const signedIn = await late.post('/sign-in').type('form').send({ form_token: hiddenField(page.text, 'form_token'), user_name: 'attorney', password: PASSWORD, next });
    expect(signedIn.headers['location']).toBe(next);
    const again = (await late.get(next)).text;
    expect(again).toContain(typed);
    expect(again).toContain('What you typed is still here');
    const saved = await behindTheWall<{ n: string }>(site.db, 'select count(*) as n from referral_interviews');
    expect(saved[0]?.n).toBe('1');
    await late.post(statement).type('form').send({ ...marksOf(again), language: 'en', text: 'He left. Since then nothing.' });
    expect((await late.get(next)).text).toContain('no longer there');
  });

  it('gives it to nobody else, and not after an hour', async () => {
    const agent = await browserOf('attorney');
    const marks = marksOf((await agent.get(statement)).text);
    const late = without();
    const refused = await late.post(statement).set(OWN).type('form').send({ ...marks, text: 'what only Ana typed' });
    const address = `${statement}?kept=${keptIn(refused.headers['location'] as string)}`;
    const other = (await (await site.signedIn('supervisor')).get(address)).text;
    expect([other.includes('what only Ana typed'), other.includes('no longer there')]).toEqual([false, true]);
    const ana = await browserOf('attorney');
    expect((await ana.get(address)).text).toContain('what only Ana typed');
    await behindTheWall(site.db, "update kept_forms set expires_at = now() - interval '1 second'");
    expect((await ana.get(address)).text).not.toContain('what only Ana typed');
  });

  it('does the same where the session began anew in another tab', async () => {
    const agent = await browserOf('attorney');
    const marks = marksOf((await agent.get(statement)).text);
    const again = await browserOf('attorney');
    const refused = await again.post(statement).set(OWN).type('form').send({ ...marks, text: 'typed in the first tab' });
    expect(refused.headers['location']).toMatch(new RegExp(`^${statement}\\?kept=`));
    expect((await again.get(refused.headers['location'] as string)).text).toContain('typed in the first tab');
  });

  it('keeps the fields of a form with a file, and says that the file is to be chosen again', async () => {
    const agent = await browserOf('attorney');
    const page = statement.replace('interview/statement', 'attachments');
    const { text } = await agent.get(page);
    const form = text.slice(text.indexOf(`action="${page}"`));
    const late = without();
    const request = late.post(page).set(OWN);
    for (const [name, value] of Object.entries({ ...marksOf(form), title: 'the title that was typed' })) void request.field(name, value);
    const refused = await request.attach('file', Buffer.alloc(300_000), 'a.pdf');
    expect(refused.status).toBe(303);
    const again = await (await browserOf('attorney')).get(`${page}?kept=${keptIn(refused.headers['location'] as string)}`);
    expect([again.text.includes('value="the title that was typed"'), again.text.includes('Please choose the file again.')]).toEqual([true, true]);
    expect(await behindTheWall(site.db, 'select 1 from referral_attachments')).toHaveLength(0);
  });

  it('leads to the sign-in where there was nothing to type', async () => {
    const late = without();
    const refused = await late.post('/queue/take').set(OWN).set('Host', 'here.test').set('Referer', 'http://here.test/queue?show=all').type('form').send({ form_token: 'x' });
    expect(refused.headers['location']).toBe('/sign-in?done=ended&next=%2Fqueue%3Fshow%3Dall');
    expect((await late.post('/sign-out').set(OWN).type('form').send({})).headers['location']).toBe('/sign-in?done=signed-out');
    const open = await late.post('/sign-in').set(OWN).set('Host', 'here.test').set('Referer', 'http://here.test/sign-in?next=%2Fcases').type('form').send({ user_name: 'x' });
    expect(open.headers['location']).toBe('/sign-in?done=again&next=%2Fcases');
  });
});

describe('a form that is refused', () => {
  it('offers the way back to what was typed', async () => {
    const agent = await browserOf('attorney');
    const { text } = await agent.get(refer);
    const refused = await agent.post(refer).type('form').send({ ...marksOf(text), partner: 'kr-kcsa', services: ['locate', 'nonsense'] });
    const back = /class="usa-button" href="([^"]*kept=[^"]*)"/.exec(refused.text)?.[1] ?? '';
    expect(refused.status).toBeGreaterThanOrEqual(400);
    const again = await agent.get(back);
    expect([/value="kr-kcsa"[^>]*checked/.test(again.text), again.text.includes('nonsense')]).toEqual([true, true]);
  });
});

describe('whoever means ill', () => {
  const planted = (text: string) => behindTheWall(site.db, 'select 1 from kept_forms').then((rows) => [text, rows.length]);

  it('plants no text from another site, without a browser’s word, or with a mark that is not ours', async () => {
    await behindTheWall(site.db, 'delete from kept_forms');
    const agent = await browserOf('attorney');
    const marks = marksOf((await agent.get(statement)).text);
    const late = without();
    const send = (headers: Record<string, string>, changes: Record<string, string> = {}) => late.post(statement).set(headers).type('form').send({ ...marks, text: 'planted', ...changes });
    for (const headers of [{}, { 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'same-site' }, { 'Sec-Fetch-Site': 'none' }, { Origin: 'https://evil.example' }, { Origin: 'null' }]) {
      expect([headers, (await send(headers as Record<string, string>)).status]).toEqual([headers, 403]);
    }
    for (const form_owner of ['', 'A'.repeat(43), `${marks['form_owner']}x`, 'x'.repeat(10_000)]) await send(OWN, { form_owner });
    expect(await planted('')).toEqual(['', 0]);
  });

  it('keeps nothing for somebody else: the next person at the same computer neither reads nor writes the form of the one before', async () => {
    await behindTheWall(site.db, 'delete from kept_forms');
    const marks = marksOf((await (await browserOf('attorney')).get(statement)).text);
    const next = await browserOf('supervisor');
    const own = marksOf((await next.get('/account')).text);
    const sent = await next.post('/language').type('form').send({ ...own, form_owner: marks['form_owner'], form_page: statement, form_language: 'en', text: 'planted' });
    expect(sent.headers['location']).toBe(statement);
    expect((await next.post(statement).set(OWN).type('form').send({ ...marks, text: 'planted' })).status).toBe(403);
    const stranger = marksOf((await supertest.agent(site.app).get('/sign-in')).text);
    const another = supertest.agent(site.app);
    await another.post('/language').type('form').send({ ...marksOf((await another.get('/sign-in')).text), form_owner: stranger['form_owner'], form_language: 'en', user_name: 'planted' });
    expect(await planted('')).toEqual(['', 0]);
  });

  it('is led to no other host, and takes no mark of a visit for one that lasts', async () => {
    const agent = await browserOf('attorney');
    const marks = marksOf((await agent.get(refer)).text);
    for (const form_page of ['https://evil.example/', '//evil.example', '/\\evil.example', '/..//evil.example', 'javascript:alert(1)']) {
      const { headers } = await agent.post('/language').type('form').send({ ...marks, form_page, form_language: 'en', partner: 'x' });
      expect(headers['location']).toMatch(/^\/(?![/\\])/);
    }
    const stranger = marksOf((await supertest.agent(site.app).get('/sign-in')).text);
    const sent = await supertest(site.app).post('/sign-in').set(OWN).type('form').send({ ...stranger, form_token: 'x', user_name: 'planted' });
    expect(sent.headers['location']).not.toContain('kept');
  });

  it('fills nothing up: of one person only so many are kept, and only so much', async () => {
    const agent = await browserOf('imperial');
    const marks = marksOf((await agent.get(statement)).text || (await agent.get('/cases')).text);
    const page = marksOf((await agent.get('/account')).text);
    const own = Object.keys(marks).includes('form_owner') ? marks : page;
    for (let i = 0; i < KEPT_PER_OWNER_MAX + 3; i++) await agent.post('/language').type('form').send({ ...own, form_language: 'en', text: `number ${i}` });
    const rows = await behindTheWall<{ n: string }>(site.db, 'select max(n) as n from (select count(*) as n from kept_forms group by owner) as counted');
    expect(Number(rows[0]?.n)).toBeLessThanOrEqual(KEPT_PER_OWNER_MAX);
    expect((await agent.post('/language').type('form').send({ ...own, form_language: 'en', text: 'x'.repeat(300_000) })).status).toBe(413);
  });

  it('finds nothing readable in the table', async () => {
    const agent = await browserOf('attorney');
    const { text } = await agent.get(statement);
    await agent.post('/language').type('form').send({ ...marksOf(text), form_language: 'en', text: 'a secret narrative' });
    const rows = await behindTheWall<{ content: Buffer; owner: Buffer }>(site.db, 'select content, owner from kept_forms');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.some((row) => row.content.toString('latin1').includes('narrative'))).toBe(false);
  });
});
