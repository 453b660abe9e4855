import { PassThrough } from 'node:stream';
import { conversationOfReferral, listConversations, listParked, receiveMessage, sendMessage, settleParked } from '../../../src/modules/exchange/index.ts';
import { messageToXml } from '../../../src/modules/exchange/index.ts';
import type { Message, ReceivedMessage } from '../../../src/modules/exchange/index.ts';
import { createReferral, getReferral } from '../../../src/modules/referrals/index.ts';
import { keepFile } from '../../../src/platform/files.ts';
import { codeOf, codesOf } from '../../support/referrals-incoming/scene.ts';
import { accepted, CALEXICO, exchangeScene, fromConsulate, nextId } from '../../support/exchange/scene.ts';
import type { ExchangeScene } from '../../support/exchange/scene.ts';

let scene: ExchangeScene;
let referralId: string;
let packetId: string;
beforeAll(async () => {
  scene = await exchangeScene();
  ({ referralId, packetId } = await scene.sent());
  await scene.work();
});
const status = async (): Promise<string> => (await getReferral(scene.operator, referralId)).status;
const rowsOf = (messageId: string): Promise<number> => scene.count('exchange_messages where message_id = $1', [messageId]);

it('50 messages, each 20 times at once, in both forms: one row, one receipt, one effect each', async () => {
  const before = await scene.count('exchange_messages');
  const messages = Array.from({ length: 50 }, () => fromConsulate({ statusRequest: {} }, { conversation: 'CLX-MANY', referralId }));
  const forms = messages.map((message) => [Buffer.from(JSON.stringify(message), 'utf8'), messageToXml(message as unknown as Message)]);
  const all = await Promise.all(Array.from({ length: 20 }, (_, round) => forms.map(([json, xml]) =>
    receiveMessage(scene.client, { partnerId: CALEXICO, channel: 'api', source: (round % 4 === 3 ? xml : json) ?? Buffer.alloc(0) }))).flat());
  const byMessage = new Map<string, ReceivedMessage[]>();
  for (const one of all) byMessage.set(one.messageId, [...byMessage.get(one.messageId) ?? [], one]);
  expect(byMessage.size).toBe(50);
  for (const given of byMessage.values()) {
    expect(given.filter(({ alreadyReceived }) => !alreadyReceived)).toHaveLength(1);
    expect(new Set(given.map(({ receipt }) => Buffer.from(receipt).toString('hex'))).size).toBe(1);
    expect(given.map(({ state }) => state)).toEqual(given.map(() => 'stored'));
  }
  expect(await scene.count('exchange_messages') - before).toBe(50);
  expect(await scene.work()).toEqual([]);
  expect((await getReferral(scene.operator, referralId)).moves.filter(({ move }) => move === 'ask')).toHaveLength(50);
}, 240_000);

it('an answer to a message that has not come waits for it, and is acted on when it comes', async () => {
  const question = nextId();
  const answer = await scene.say(accepted({ conversation: 'CLX-LATE', referralId, inReplyTo: question }));
  expect(answer.state).toBe('stored');
  await scene.work();
  expect((await listParked(scene.operator)).rows.map(({ messageId, reasons }) => [messageId, reasons])).toEqual([[answer.messageId, ['exchange.answers_unknown']]]);
  expect(await status()).toBe('sent');
  await scene.say(fromConsulate({ statusRequest: {} }, { messageId: question, conversation: 'CLX-LATE', referralId }));
  expect(await scene.work()).toEqual([]);
  expect((await listParked(scene.operator)).rows).toEqual([]);
});

it('a step that comes too early waits, and is made once the step before it has come', async () => {
  const begun = await scene.say(fromConsulate({ statusReport: { state: 'in_progress', asOf: '2026-11-20' } }, { conversation: 'CLX-EARLY', referralId }));
  await scene.work();
  expect((await listParked(scene.operator)).rows.map(({ messageId, reasons }) => [messageId, reasons])).toEqual([[begun.messageId, ['referral.move_refused']]]);
  await scene.say(accepted({ conversation: 'CLX-EARLY', referralId, inReplyTo: packetId }));
  expect(await scene.work()).toEqual([]);
  expect((await listParked(scene.operator)).rows).toEqual([]);
  expect((await getReferral(scene.operator, referralId)).moves.slice(-2).map(({ move }) => move)).toEqual(['accept', 'report_status']);
});

it('the same id, or the same serial, with other content is refused and kept; the refusal is repeated as it was', async () => {
  const first = fromConsulate({ statusRequest: {} }, { conversation: 'CLX-IDS', referralId });
  expect((await scene.say(first)).state).toBe('stored');
  const other = { ...fromConsulate({ statusRequest: { since: '2026-11-01' } }, { conversation: 'CLX-IDS', referralId }), messageId: first['messageId'] };
  const refused = await scene.say(other);
  expect([refused.state, codesOf(refused.findings)]).toEqual(['refused', ['message.id_reused']]);
  expect(await scene.say(other)).toMatchObject({ alreadyReceived: true, state: 'refused', receiptId: refused.receiptId });
  expect(await rowsOf(refused.messageId)).toBe(1);
  const serial = await scene.say({ ...other, messageId: nextId(), serial: first['serial'] });
  expect(codesOf(serial.findings)).toEqual(['message.serial_reused']);
});

it('what is wrong is refused with a located finding, and kept', async () => {
  const cases: readonly [unknown, string][] = [
    [fromConsulate({ statusRequest: {} }, { sentAt: '2026-11-21T12:00:00Z', conversation: 'CLX-X', referralId }), 'message.sent_ahead'],
    [fromConsulate({ statusRequest: {} }, { version: '2.0', conversation: 'CLX-X', referralId }), 'message.version'],
    [fromConsulate({ greeting: {} }, { conversation: 'CLX-X', referralId }), 'message.kind_unknown'],
    [fromConsulate({ statusRequest: {} }, { conversation: 'CLX-X', referralId: 'ref_01K0000000000000000000000A' }), 'message.referral_unknown'],
    [{ ...fromConsulate({ statusRequest: {} }, { conversation: 'CLX-X', referralId }), from: { partnerId: 'kr-kcsa', country: 'KR', name: [{ lang: 'en', value: 'KCSA' }] } }, 'message.other_sender'],
  ];
  for (const [message, code] of cases) {
    const said = await scene.say(message);
    expect([said.state, codesOf(said.findings)]).toEqual(['refused', expect.arrayContaining([code])]);
    expect(await rowsOf(said.messageId)).toBe(1);
  }
  for (const bytes of ['<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', '{"a":', 'just words', `${'['.repeat(100_000)}`, '<', '\0\0\0']) {
    expect(await receiveMessage(scene.client, { partnerId: CALEXICO, channel: 'api', source: Buffer.from(bytes) })).toMatchObject({ state: 'refused' });
  }
  expect(await codeOf(receiveMessage(scene.client, { partnerId: CALEXICO, channel: 'api', source: Buffer.alloc(0) }))).toEqual(['exchange.empty']);
  expect(await codeOf(receiveMessage(scene.client, { partnerId: 'kr-kcsa', channel: 'api', source: Buffer.from('{}') }))).toEqual(['exchange.not_your_partner']);
  expect(await codeOf(receiveMessage(scene.operator, { partnerId: 'xx-nobody', channel: 'api', source: Buffer.from('{}') }))).toEqual(['partner.unknown']);
});

it('what belongs to no known case waits for a person, who ties it, and then it is acted on', async () => {
  const { referralId: other } = await scene.sent('IM-2', ['locate']);
  const unknown = await scene.say({ ...fromConsulate({ statusRequest: {} }, { conversation: 'CLX-WHOSE' }), to: { county: '06025', fileNumber: 'NO-SUCH', name: [{ lang: 'en', value: 'Imperial' }] } });
  await scene.work();
  expect((await listParked(scene.operator)).rows.map(({ messageId, reasons }) => [messageId, reasons])).toEqual([[unknown.messageId, ['exchange.case_not_recognised']]]);
  await settleParked(scene.attorney, unknown.messageId, { outcome: 'tie', referralId: other });
  expect(await scene.work()).toEqual([]);
  expect((await getReferral(scene.operator, other)).moves.at(-1)?.move).toBe('ask');
  expect((await conversationOfReferral(scene.operator, other))?.messages.map(({ messageId }) => messageId)).toContain(unknown.messageId);
});

it('what was kept before the process ended is taken up as if it came now', async () => {
  const message = Buffer.from(JSON.stringify(fromConsulate({ statusRequest: {} }, { conversation: 'CLX-CUT', referralId })), 'utf8');
  const kept = await keepFile(scene.operator, { fileName: 'message', source: message, bytesMax: 1_000_000, partner: CALEXICO });
  expect(kept.alreadyKept).toBe(false);
  const given = await Promise.all([1, 2, 3].map(() => receiveMessage(scene.client, { partnerId: CALEXICO, channel: 'sftp', source: message })));
  expect(given.map(({ state }) => state)).toEqual(['stored', 'stored', 'stored']);
  expect(new Set(given.map(({ receiptId }) => receiptId)).size).toBe(1);
});

it('somebody who sends slowly, or breaks off, holds nobody up and leaves nothing', async () => {
  const before = await scene.count('exchange_messages');
  const hanging = [1, 2, 3, 4].map(() => new PassThrough());
  const waiting = hanging.map((source) => receiveMessage(scene.client, { partnerId: CALEXICO, channel: 'api', source }).then(() => 'taken', (error: Error) => error.message));
  for (const source of hanging) source.write(Buffer.alloc(2 * 1024 * 1024, 65));
  expect((await scene.say(fromConsulate({ statusRequest: {} }, { conversation: 'CLX-CUT', referralId }))).state).toBe('stored');
  for (const source of hanging) source.destroy(new Error('broken off'));
  expect(await Promise.all(waiting)).toEqual(Array(4).fill('broken off'));
  expect(await scene.count('exchange_messages') - before).toBe(1);
});

it('a partner sees no conversation in which nothing was said yet', async () => {
  const { referralId: quiet } = await scene.sent('IM-2', ['status']);
  await sendMessage(scene.operator, { referralId: quiet, kind: 'statusRequest', body: {}, asDraft: true });
  expect((await listConversations(scene.operator, { referralId: quiet })).total).toBe(1);
  expect((await listConversations(scene.client, { referralId: quiet })).total).toBe(0);
  const { referralId: unsent } = await createReferral(scene.operator, { caseId: 'IM-2', partnerId: CALEXICO, services: ['modify'] });
  expect(await codeOf(sendMessage(scene.operator, { referralId: unsent, kind: 'statusRequest', body: {} }))).toEqual(['message.referral_not_sent']);
});
