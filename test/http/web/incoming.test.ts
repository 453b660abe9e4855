import { SENDS_PER_USER_MAX } from '../../../src/http/limits.ts';
import { behindTheWall } from '../../support/database.ts';
import { aLockedPaper, aPaper, aPng } from '../../support/referrals/paper-files.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { openSite, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
});

const filesKept = async () => Number((await behindTheWall<{ n: string }>(site.db, 'select count(*) as n from kept_files'))[0]?.n);

async function send(who: string, bytes: Buffer, fileName: string, fields: Record<string, string> = {}, path = '/send') {
  const agent = await site.signedIn(who);
  const form = agent.post(path).field('form_token', await tokenOf(agent, path));
  for (const [name, value] of Object.entries(fields)) void form.field(name, value);
  return form.attach('file', bytes, fileName);
}

async function press(who: string, path: string, fields: Record<string, string | string[]> = {}) {
  const agent = await site.signedIn(who);
  return agent.post(path).type('form').send({ form_token: await tokenOf(agent, '/incoming'), ...fields });
}

const COVER = {
  file_number: 'CLA-77/26', service_enforce: '1', obligor: 'José Ángel Peña Muñoz', obligor_born: '1988-12-24', obligee: 'María Guadalupe Núñez', child_1: 'Lucía Peña Núñez', child_1_born: '2016-05-04',
  note: 'Primera línea\r\nSegunda',
};
const receiptOf = (location: string | undefined): string => /receipt=(inc_[0-9A-Z]{26})/.exec(location ?? '')?.[1] ?? '';

it('gives the officer a receipt, lets an attorney look, accept and download, and tells the officer the outcome', async () => {
  const paper = await aPaper('Oficio');
  const sent = await send('officer_la', paper, 'oficio <b>77.pdf', COVER);
  expect(sent.status).toBe(303);
  const receipt = receiptOf(sent.headers['location']);
  const officer = await site.signedIn('officer_la');
  const own = (await officer.get(`/send?done=received&receipt=${receipt}`)).text;
  for (const words of [`Receipt number: ${receipt}`, 'oficio &lt;b&gt;77.pdf', 'received']) expect(own).toContain(words);
  // Nothing of what was found about cases.
  for (const { caseId } of Object.values(SAMPLE_CASES)) expect(own).not.toContain(caseId);

  const attorney = await site.signedIn('attorney');
  expect((await attorney.get('/incoming')).text).toContain(`/incoming/${receipt}`);
  const page = (await attorney.get(`/incoming/${receipt}`)).text;
  for (const words of ['CLA-77/26', SAMPLE_CASES.plain.caseId, SAMPLE_CASES.imperial.caseId, 'Possible matches, none certain', 'Segunda', 'name of the obligor', 'the case is closed']) expect(page).toContain(words);
  const file = await attorney.get(`/incoming/${receipt}/file`).buffer(true).parse((res, done) => {
    const chunks: Buffer[] = [];
    res.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
  });
  expect(file.headers).toMatchObject({ 'content-type': 'application/pdf', 'content-disposition': `attachment; filename="${receipt}.pdf"`, 'x-content-type-options': 'nosniff' });
  expect(file.body).toEqual(paper);

  const nothing = await press('attorney', `/incoming/${receipt}/accept`, { case: 'other', case_number: '999', services: 'enforce' });
  expect([nothing.status, nothing.text.includes('value="999"')]).toEqual([422, true]);
  const accepted = await press('attorney', `/incoming/${receipt}/accept`, { case: SAMPLE_CASES.plain.caseId, services: ['enforce', 'locate'] });
  expect(accepted.headers['location']).toBe(`/incoming/${receipt}?done=accepted`);
  const referral = /\/referrals\/ref_[0-9A-Z]{26}/.exec((await attorney.get(`/incoming/${receipt}?done=accepted`)).text)?.[0] ?? '';
  expect((await attorney.get(referral)).text).toContain(`/incoming/${receipt}`);
  expect((await officer.get('/send')).text).toContain(`${referral}/steps`);
  expect((await officer.get(`${referral}/steps`)).status).toBe(200);
  expect((await press('attorney', `/incoming/${receipt}/refuse`, { reason: 'other' })).status).toBe(409);
  expect((await officer.get('/send')).text).toContain('accepted');
  expect((await send('officer_la', paper, 'again.pdf', COVER)).headers['location']).toBe(`/send?done=same&receipt=${receipt}`);
});

it('answers the same whether there is such a case or not', async () => {
  const known = await send('officer_la', aPng(3, 3), 'a.png', COVER);
  const unknown = await send('officer_la', aPng(3, 4), 'a.png', { ...COVER, obligor: 'Nadie Conocido Ninguno', obligee: 'Otra Persona Ajena', child_1: 'Ninguna Otra Cosa' });
  const officer = await site.signedIn('officer_la');
  const seen = await Promise.all([known, unknown].map(async ({ headers }) => {
    const receipt = receiptOf(headers['location']);
    const card = new RegExp(`<li class="pu-card">(?:(?!</li>\\s*<li class)[\\s\\S])*?${receipt}[\\s\\S]*?</details>`).exec((await officer.get('/send')).text)?.[0] ?? '';
    return /<span class="pu-tag[^<]*<\/span>/.exec(card.slice(card.lastIndexOf('pu-facts')))?.[0];
  }));
  expect(seen[0]).toBe(seen[1]);
  expect(seen[0]).toContain('received');
  const attorney = await site.signedIn('attorney');
  expect((await attorney.get(`/incoming/${receiptOf(unknown.headers['location'])}`)).text).toContain('Worksheet for a new case');
  const refused = `/incoming/${receiptOf(unknown.headers['location'])}`;
  expect((await press('attorney', `${refused}/again`)).headers['location']).toBe(`${refused}?done=sought`);
  expect((await press('attorney', `${refused}/refuse`, { reason: '' })).status).toBe(422);
  expect((await press('attorney', `${refused}/refuse`, { reason: 'not_our_case' })).headers['location']).toBe(`${refused}?done=refused`);
  expect((await officer.get('/send')).text).toContain('it is for another office');
  expect((await attorney.get('/incoming?show=decided')).text).toContain(refused);
});

it('says what is wrong with a form, beside what was typed, in three languages', async () => {
  const kept = await filesKept();
  const officer = await site.signedIn('officer_la');
  for (const [language, words] of [['es-MX', 'la fecha de nacimiento requiere un nombre'], ['ko-KR', '생년월일에는 이름이 함께 있어야 합니다'], ['en', 'a date of birth needs a name']] as const) {
    await officer.get(`/send?language=${language}`);
    const { status, text } = await send('officer_la', aPng(4, 4), 'a.png', { file_number: 'KEEP-1', child_2_born: '2016-05-04' });
    expect([status, text.includes(words), text.includes('value="KEEP-1"'), text.includes('href="#child_2"')]).toEqual([422, true, true, true]);
  }
  expect((await officer.post('/send').field('form_token', await tokenOf(officer, '/send'))).text).toContain('No file was chosen');
  expect((await send('officer_la', Buffer.alloc(0), 'a.pdf')).text).toContain('The file is empty');
  expect(await filesKept()).toBe(kept);
});

it('keeps what it must refuse, and tells the officer why', async () => {
  const { status, text: page } = await send('officer_la', await aLockedPaper(), 'locked.pdf', COVER);
  expect(status).toBe(422);
  expect(page).toContain('locked with a password');
  expect(page).toContain('not accepted');
});

it('refuses 200 MB without keeping or holding them, and takes no form without its token', async () => {
  const [kept, before] = [await filesKept(), process.memoryUsage().rss];
  const { status, text } = await send('officer_la', Buffer.alloc(200 * 1024 * 1024, 0x25), 'large.pdf');
  expect([status, text.includes('150 MB')]).toEqual([422, true]);
  expect(process.memoryUsage().rss - before).toBeLessThan(700 * 1024 * 1024);
  const officer = await site.signedIn('officer_la');
  expect((await officer.post('/send').field('note', 'x').attach('file', aPng(5, 5), 'a.png')).status).toBe(403);
  expect(await filesKept()).toBe(kept);
});

it('files papers that came by mail for whom the attorney names, and only for a partner that there is', async () => {
  const filed = await send('attorney', aPng(6, 6), 'mail.png', { ...COVER, partner: 'mx-sre' }, '/incoming');
  expect(filed.headers['location']).toMatch(/^\/incoming\/inc_[0-9A-Z]{26}\?done=received$/);
  const attorney = await site.signedIn('attorney');
  expect((await attorney.get(filed.headers['location'] ?? '')).text).toContain('Filed: inc_');
  // Somebody of one county files, too, and does not see what belongs to no county yet.
  const byCounty = await send('imperial', aPng(6, 8), 'mail.png', { ...COVER, partner: 'mx-sre' }, '/incoming');
  expect(byCounty.headers['location']).toMatch(/^\/incoming\?receipt=inc_[0-9A-Z]{26}$/);
  expect((await (await site.signedIn('imperial')).get(byCounty.headers['location'] ?? '')).text).toContain('Filed: inc_');
  const nobody = await send('attorney', aPng(6, 7), 'mail.png', { partner: '', file_number: 'KEEP-2' }, '/incoming');
  expect([nobody.status, nobody.text.includes('href="#partner"'), nobody.text.includes('value="KEEP-2"')]).toEqual([422, true, true]);
});

it('is closed to whom it is not for', async () => {
  const receipt = receiptOf((await send('officer_la', aPng(7, 7), 'x.png', COVER)).headers['location']);
  const korea = await site.signedIn('officer_kr');
  expect((await korea.get('/send')).text).not.toContain(receipt);
  for (const [who, status] of [['officer_la', 403], ['officer_kr', 403], ['translator', 403], ['reconciler', 403], ['imperial', 404]] as const) {
    const agent = await site.signedIn(who);
    expect([who, (await agent.get(`/incoming/${receipt}`)).status, (await agent.get(`/incoming/${receipt}/file`)).status]).toEqual([who, status, status]);
  }
  const imperial = await site.signedIn('imperial');
  const page = (await imperial.get('/incoming')).text;
  expect([page.includes(receipt), page.includes('belong to no county')]).toEqual([false, true]);
  expect((await (await site.signedIn('translator')).get('/send')).status).toBe(403);
  expect((await (await site.signedIn('attorney')).get('/send')).headers['location']).toBe('/incoming');
});

it('takes only so many sendings of one user in a while, and others are not slowed by it', async () => {
  const agent = await site.signedIn('officer_kr');
  const statuses: number[] = [];
  const formToken = await tokenOf(agent, '/send');
  for (let count = 0; count <= SENDS_PER_USER_MAX; count += 1) statuses.push((await agent.post('/send').type('form').send({ form_token: formToken })).status);
  expect([statuses[0], statuses.at(-1)]).toEqual([422, 429]);
  expect((await send('officer_la', aPng(9, 9), 'a.png', COVER)).status).toBe(303);
});
