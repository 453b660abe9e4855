import { createReferral } from '../../../src/modules/referrals/index.ts';
import { behindTheWall } from '../../support/database.ts';
import { aLockedPaper, aPaper, aPng, CANARY } from '../../support/referrals/paper-files.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { hiddenField, openSite, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
let address: string;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
  const { referralId } = await createReferral(site.ctx, { caseId: SAMPLE_CASES.protected.caseId, partnerId: 'mx-consulate-los-angeles', services: ['enforce'] });
  address = `/referrals/${referralId}/attachments`;
});

const rowsOf = async (what: string) => Number((await behindTheWall<{ n: string }>(site.db, `select count(*) as n from ${what}`))[0]?.n);

async function upload(who: string, bytes: Buffer, fileName: string, fields: Record<string, string> = {}) {
  const agent = await site.signedIn(who);
  const form_token = await tokenOf(agent, address);
  const form = agent.post(address);
  for (const [name, value] of Object.entries({ form_token, kind: 'birth_certificate', about: 'p3', language: 'es-MX', title: '', form: '', ...fields })) void form.field(name, value);
  return form.attach('file', bytes, fileName);
}

async function press(who: string, path: string, fields: Record<string, string> = {}) {
  const agent = await site.signedIn(who);
  return agent.post(path).type('form').send({ form_token: await tokenOf(agent, address), ...fields });
}

it('takes a paper, asks for its translation and an attorney’s word, and hands out a copy that tells nothing', async () => {
  const sent = await upload('attorney', await aPaper('Acta'), 'acta de Lucía.pdf');
  expect([sent.status, sent.headers['location']]).toEqual([303, `${address}?done=attached`]);
  const agent = await site.signedIn('attorney');
  const { text } = await agent.get(`${address}?done=attached`);
  for (const expected of ['The document has been attached.', 'birth certificate', 'Lucía', 'acta de Lucía.pdf', 'it has no translation', 'no attorney has confirmed']) expect(text).toContain(expected);
  const one = /\/attachments\/(att_[0-9A-Z]+)\/review/.exec(text)?.[1] ?? '';
  expect((await press('attorney', `${address}/${one}/translation`, { reason: 'already_bilingual' })).headers['location']).toBe(`${address}?done=translated`);
  expect((await press('attorney', `${address}/${one}/review`)).headers['location']).toBe(`${address}?done=reviewed`);
  const after = (await agent.get(address)).text;
  expect(after).toContain('not needed: it is in both languages already');
  expect(after).not.toMatch(/pu-finding--block/);
  const copy = await agent.get(`${address}/${one}/file`).buffer(true).parse((res, done) => {
    const chunks: Buffer[] = [];
    res.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
  });
  expect(copy.headers).toMatchObject({ 'content-type': 'application/pdf', 'content-disposition': 'attachment; filename="birth-certificate-1.pdf"', 'x-content-type-options': 'nosniff' });
  expect((copy.body as Buffer).toString('latin1')).not.toContain(CANARY);
  expect((await press('attorney', `${address}/${one}/remove`)).headers['location']).toBe(`${address}?done=removed`);
  expect((await press('attorney', `${address}/${one}/restore`)).headers['location']).toBe(`${address}?done=restored`);
});

it('takes a picture of which nobody says anything else', async () => {
  expect((await upload('attorney', aPng(), 'father.png', { kind: 'photograph_obligor', about: 'p1' })).headers['location']).toBe(`${address}?done=attached`);
});

it.each([
  ['a locked PDF', aLockedPaper, 'a.pdf', 'locked with a password'],
  ['a file that lies', async () => aPng(), 'a.pdf', 'the file type does not match its name'],
  ['an empty file', async () => Buffer.alloc(0), 'a.pdf', 'the file is empty'],
])('says in words what is wrong with %s', async (_what, make, fileName, words) => {
  const { status, text } = await upload('attorney', await make(), fileName);
  expect([status, text.includes('This file was not accepted.'), text.includes(words)]).toEqual([422, true, true]);
  expect(text).toContain('<option value="birth_certificate" selected>');
});

it('says so in Spanish and Korean too', async () => {
  const agent = await site.signedIn('attorney');
  for (const [language, words] of [['es-MX', 'está protegido con contraseña'], ['ko-KR', '암호가 걸려 있음'], ['en', 'locked with a password']] as const) {
    await agent.get(`${address}?language=${language}`);
    expect((await upload('attorney', await aLockedPaper(), 'a.pdf')).text).toContain(words);
  }
});

it('refuses 200 MB without keeping or holding them', async () => {
  const [files, before] = [await rowsOf('kept_files'), process.memoryUsage().rss];
  const { status, text } = await upload('attorney', Buffer.alloc(200 * 1024 * 1024, 0x25), 'large.pdf');
  expect([status, text.includes('25 MB')]).toEqual([422, true]);
  expect(await rowsOf('kept_files')).toBe(files);
  // The sender's own copies are in this process, too: two of them; a server that held the file would have made it three or more.
  expect(process.memoryUsage().rss - before).toBeLessThan(700 * 1024 * 1024);
});

it('keeps nothing of a form without its token, with a foreign one, or from elsewhere', async () => {
  const files = await rowsOf('kept_files');
  const agent = await site.signedIn('attorney');
  const bytes = await aPaper('Forged');
  const form_token = await tokenOf(agent, address);
  const statuses = [
    (await agent.post(address).field('kind', 'other').attach('file', bytes, 'a.pdf')).status,
    (await agent.post(address).field('form_token', 'x'.repeat(32)).field('kind', 'other').attach('file', bytes, 'a.pdf')).status,
    // Behind the file, the token comes too late.
    (await agent.post(address).attach('file', bytes, 'a.pdf').field('form_token', form_token).field('kind', 'other')).status,
    (await agent.post(address).set('Origin', 'https://elsewhere.example').field('form_token', form_token).field('kind', 'other').attach('file', bytes, 'a.pdf')).status,
  ];
  expect(statuses).toEqual([403, 403, 403, 403]);
  expect(await rowsOf('kept_files')).toBe(files);
});

it('answers a form that breaks off, has no boundary or no file', async () => {
  const agent = await site.signedIn('attorney');
  const form_token = await tokenOf(agent, address);
  const broken = `--b\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n${form_token}\r\n--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\nother\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7`;
  expect((await agent.post(address).set('Content-Type', 'multipart/form-data').send(broken)).status).toBe(422);
  expect((await agent.post(address).set('Content-Type', 'multipart/form-data; boundary=b').send(broken)).status).toBeGreaterThanOrEqual(422);
  expect((await agent.post(address).field('form_token', form_token).field('kind', 'other')).text).toContain('Choose a file.');
  expect((await agent.get(address)).status).toBe(200);
});

it('is closed to partners, translators and other counties, also by its addresses', async () => {
  const { text } = await (await site.signedIn('attorney')).get(address);
  const one = /\/attachments\/(att_[0-9A-Z]+)\/file/.exec(text)?.[1] ?? '';
  for (const [who, status] of [['officer_la', 403], ['translator', 403], ['reconciler', 403], ['imperial', 404]] as const) {
    const agent = await site.signedIn(who);
    expect([who, (await agent.get(`${address}/${one}/file`)).status, (await agent.get(address)).status]).toEqual([who, status, status]);
  }
  const supervisor = await site.signedIn('supervisor');
  const page = (await supervisor.get(address)).text;
  expect(page).not.toContain('/review"');
  expect((await supervisor.post(`${address}/${one}/review`).type('form').send({ form_token: hiddenField(page, 'form_token') })).status).toBe(403);
});
