import { buildPacket, createReferral, getReferral, sendReferral } from '../../src/modules/referrals/index.ts';
import { addWebhook, isSignedBy, listParked } from '../../src/modules/exchange/index.ts';
import { behindTheWall, testDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import type { Consulate, Listed, Parts } from '../support/exchange/consulate.ts';
import { bring, LOS_ANGELES, partnerOf } from '../support/exchange/journey.ts';
import { wholeApp } from '../support/exchange/whole-app.ts';
import type { WholeApp } from '../support/exchange/whole-app.ts';
import { aMexicanCase } from '../support/referrals/packets.ts';

let db: TestDatabase;
let app: WholeApp;
let consulate: Consulate;
let packet: Listed;
let referralId: string;
beforeAll(async () => {
  db = await testDatabase();
  app = await wholeApp(db);
  await bring(app, aMexicanCase({ caseId: 'LA-1', county: '06037', partnerCaseNumbers: [] }));
  consulate = await partnerOf(app, { partnerId: LOS_ANGELES, country: 'MX', name: 'Cónsul Núñez', fileNumber: 'CLA/2026/0117', county: '06037' });
  ({ referralId } = await createReferral(app.ctx, { caseId: 'LA-1', partnerId: LOS_ANGELES, services: ['enforce'] }));
  await buildPacket(app.ctx, referralId);
  await sendReferral(app.ctx, referralId);
  expect(await app.work()).toEqual([]);
  packet = (await consulate.all('/messages'))[0] as Listed;
}, 120_000);
afterAll(async () => {
  await consulate.leave();
  await app.close();
});

const about = (more: Parts = {}): Parts => ({ conversation: packet.conversation, to: { county: '06037', fileNumber: 'LA-1', name: [{ lang: 'en', value: 'County' }] }, ...more });
const question = (more: Parts = {}): Parts => consulate.message({ statusRequest: { question: ['progress'] } }, about(more));
const rows = async (messageId: unknown): Promise<number> => Number((await behindTheWall<{ n: string }>(db, 'select count(*) as n from exchange_messages where sender_message_id = $1', [messageId]))[0]?.n);
const asks = async (): Promise<number> => (await getReferral(app.ctx, referralId)).moves.filter(({ move }) => move === 'ask').length;

it('hangs up in the middle, comes slowly, repeats itself in every form and by every way: each has one effect', async () => {
  const messages = [question(), question(), question()];
  for (const message of messages) await consulate.reset(message, 'xml');
  for (const message of messages) expect(await rows(message['messageId'])).toBe(0);
  const answers: string[][] = messages.map(() => []);
  for (const [index, message] of messages.entries()) {
    const said = [await consulate.drip(message, 'windows-1252'), await consulate.say(message, 'xml'), await consulate.say(message, 'json'), await consulate.say(message, 'file'), await consulate.say(message, 'json', { 'idempotency-key': `k-${index}` })];
    expect(said.map(({ status }) => status)).toEqual([201, 200, 200, 200, 200]);
    answers[index]?.push(...said.map(({ body }) => body.receipt?.signed ?? ''));
    const sftp = await consulate.sftp();
    await sftp.put(`/inbox/again-${index}.xml`, consulate.written(message, 'windows-1252').bytes);
    answers[index]?.push((await sftp.get(`/receipts/again-${index}.xml.p7s`)).toString('base64'));
  }
  expect(answers.map((given) => new Set(given).size)).toEqual([1, 1, 1]);
  const before = await asks();
  expect(await app.work()).toEqual([]);
  expect(await asks() - before).toBe(3);
});

it('leaves before the answer: what came whole is kept once, and saying it again gives the receipt', async () => {
  const message = question();
  await consulate.sayAndLeave(message);
  const answer = await consulate.say(message, 'xml');
  expect([200, 201]).toContain(answer.status);
  expect((await consulate.say(message)).body.receipt).toEqual(answer.body.receipt);
  expect(await rows(message['messageId'])).toBe(1);
  expect(await app.work()).toEqual([]);
});

it('half a file by SFTP, and half a file of which the digest is told, are nothing', async () => {
  const message = question();
  const { bytes } = consulate.written(message, 'xml');
  const sftp = await consulate.sftp();
  await sftp.put('/inbox/half.xml.part', bytes.subarray(0, bytes.length / 2));
  expect(await rows(message['messageId'])).toBe(0);
  const digest = `sha-256=:${Buffer.alloc(32, 1).toString('base64')}:`;
  expect((await consulate.upload('half.xml', bytes.subarray(0, bytes.length / 2), { 'content-digest': digest })).status).toBe(400);
  expect((await consulate.say(message, 'file')).status).toBe(201);
  expect(await rows(message['messageId'])).toBe(1);
  expect(await app.work()).toEqual([]);
});

it('answers twice: other content under a serial or an id that was used is refused, proven, and changes nothing', async () => {
  const first = question();
  expect((await consulate.say(first)).status).toBe(201);
  for (const [twice, code] of [[{ ...question(), messageId: first['messageId'] }, 'message.id_reused'], [{ ...question(), serial: first['serial'] }, 'message.serial_reused']] as const) {
    const answer = await consulate.say(twice, 'xml');
    expect([answer.status, answer.body.errors?.map((one) => one.code)]).toEqual([422, [code]]);
    expect(answer.body.received?.receipt?.signed.length).toBeGreaterThan(500);
  }
  const before = await asks();
  expect(await app.work()).toEqual([]);
  expect(await asks() - before).toBe(1);
});

it('has its clock a day ahead, and takes an answer before the question: refused with the place, and parked until it fits', async () => {
  const ahead = await consulate.say(question({ sentAt: '2026-11-21T12:00:00Z' }));
  expect([ahead.status, ahead.body.errors?.[0]?.code, ahead.body.errors?.[0]?.pointer]).toEqual([422, 'message.sent_ahead', '/sentAt']);
  const early = consulate.message({ statusReport: { state: 'in_progress', asOf: '2026-11-20' } }, about());
  expect((await consulate.say(early)).status).toBe(201);
  expect(await app.work()).toEqual([]);
  expect((await listParked(app.ctx)).rows.map(({ reasons }) => reasons)).toEqual([['referral.move_refused']]);
  expect((await consulate.say(consulate.message({ acknowledgment: { status: 'complete', receivedOn: '2026-11-20' } }, about({ inReplyTo: packet.id })))).status).toBe(201);
  expect(await app.work()).toEqual([]);
  expect((await listParked(app.ctx)).rows).toEqual([]);
  expect((await getReferral(app.ctx, referralId)).moves.slice(-2).map(({ move }) => move)).toEqual(['accept', 'report_status']);
});

it('never reads the answer: others are answered meanwhile, and nobody is told that it fetched anything', async () => {
  const hanging = await Promise.all(Array.from({ length: 6 }, () => consulate.hang(`/messages/${packet.id}/file`)));
  expect((await consulate.say(question())).status).toBe(201);
  expect((await consulate.get('/messages')).status).toBe(200);
  for (const { leave } of hanging) leave();
  expect(await app.work()).toEqual([]);
});

it('what is nothing, too old, another’s or a bomb is refused and never a fault of ours', async () => {
  const sent: readonly [string | Buffer, string][] = [
    ['Good morning', 'application/xml'], ['{"version":"1.1"', 'application/json'], ['['.repeat(50_000), 'application/json'], ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'application/xml'],
    [JSON.stringify(question({ version: '9.0' })), 'application/json'], [JSON.stringify(question({ conversation: 'cnv_01K0000000000000000000000A' })), 'application/json'], [Buffer.alloc(1_000), 'application/xml'],
  ];
  for (const [bytes, type] of sent) {
    const { status } = await consulate.send('POST', '/messages', Buffer.from(bytes), { 'content-type': type });
    expect([400, 422]).toContain(status);
  }
  for (const path of ['/messages/..%2f..%2fetc', '/messages/%00', '/receipts/rct_01K0000000000000000000000A', '/conversations/CLX-OF-ANOTHER']) expect([400, 404]).toContain((await consulate.get(path)).status);
  expect(await app.work()).toEqual([]);
});

it('is told by a webhook of its own that there is something, signed, and nothing about it', async () => {
  const url = await consulate.listen();
  const allowed = { ...app.ctx, config: { ...app.ctx.config, webhookAllow: [new URL(url).host] } };
  const { secret } = await addWebhook(allowed, { partnerId: LOS_ANGELES, url });
  const { sendMessage, deliverMessage, sendNotice } = await import('../../src/modules/exchange/index.ts');
  const { messageId } = await sendMessage(allowed, { referralId, kind: 'statusRequest', body: { question: ['status'] } });
  await deliverMessage(allowed, messageId);
  const [notice] = await behindTheWall<{ id: string }>(db, 'select notice_id as id from exchange_notices order by notice_id desc limit 1');
  await sendNotice(allowed, notice?.id ?? '');
  const [hook] = consulate.hooks;
  expect(JSON.parse(hook?.body ?? '')).toMatchObject({ type: 'message.available', data: { messageId } });
  expect(isSignedBy(secret, { id: String(hook?.headers['webhook-id']), timestamp: String(hook?.headers['webhook-timestamp']), signature: String(hook?.headers['webhook-signature']), body: hook?.body ?? '', now: app.ctx.clock.now() })).toBe(true);
});

it('refuses what the county asks: a question of ours waits for a person with the refusal, the request itself ends refused', async () => {
  const asked = (await consulate.all('/messages')).findLast(({ kind }) => kind === 'statusRequest');
  const ofQuestion = consulate.message({ refusal: { of: asked?.id, reason: [{ code: 'not_competent' }] } }, about({ inReplyTo: asked?.id }));
  expect((await consulate.say(ofQuestion, 'windows-1252')).status).toBe(201);
  expect(await app.work()).toEqual([]);
  expect((await listParked(app.ctx)).rows.map(({ reasons }) => reasons)).toEqual([['exchange.task_read_refusal']]);
  expect((await consulate.say(consulate.message({ refusal: { of: packet.id, reason: [{ code: 'obligor_left_country' }] } }, about({ inReplyTo: packet.id })))).status).toBe(201);
  expect(await app.work()).toEqual([]);
  expect(await getReferral(app.ctx, referralId)).toMatchObject({ status: 'refused' });
});

it('a credential that has ended, or that is another’s, opens nothing and tells nothing', async () => {
  const before = consulate.secret;
  for (const secret of ['', 'pnt_x', `${before.slice(0, -2)}xx`]) {
    consulate.secret = secret;
    const answer = await consulate.get(`/messages/${packet.id}`);
    expect([answer.status, answer.bytes.toString('utf8').includes(LOS_ANGELES)]).toEqual([401, false]);
  }
  consulate.secret = before;
  app.turnTo('2027-06-01T12:00:00Z');
  expect((await consulate.get('/messages')).status).toBe(401);
});
