import {
  canonicalJson, conversationOfReferral, listOutbox, listParked, listRefused, listSignedReceipts, messageToJson, readMessageContent, readReceipt, receiveMessage, verifyReceipt,
} from '../../../src/modules/exchange/index.ts';
import { acceptIncoming, listIncoming, refuseIncoming } from '../../../src/modules/referrals/index.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';
import { partnerMessage, sealed } from '../../support/referrals-incoming/messages.ts';
import { aFamily, packetId } from '../../support/referrals-incoming/scene.ts';
import { CALEXICO, exchangeScene, fromConsulate } from '../../support/exchange/scene.ts';
import type { ExchangeScene } from '../../support/exchange/scene.ts';

let scene: ExchangeScene;
beforeAll(async () => {
  scene = await exchangeScene();
});

const family = () => aFamily('IM-2', ['Teófilo Barragán Quijano', 'Yolanda Iturbide Salcido', 'Fabián Barragán Iturbide']);

it('files a packet once, and once it is tied to a case its conversation is about that request', async () => {
  const number = packetId();
  const bytes = sealed(partnerMessage(family(), { packetId: number, theirNumber: 'CLX/2026/0042' }), scene.theirs.signer);
  const [first, second] = [await receiveMessage(scene.client, { partnerId: CALEXICO, channel: 'sftp', source: bytes }), await receiveMessage(scene.client, { partnerId: CALEXICO, channel: 'api', source: bytes })];
  expect(first).toMatchObject({ kind: 'packet', state: 'stored', conversation: null });
  expect(second).toMatchObject({ messageId: first.messageId, receiptId: first.receiptId, alreadyReceived: true });
  expect(await scene.work()).toEqual([]);
  const { rows } = await listIncoming(scene.operator);
  expect(rows.map(({ senderPacketId }) => senderPacketId)).toEqual([number]);
  const { referralId } = await acceptIncoming(scene.attorney, rows[0]?.incomingId ?? '', { caseId: 'IM-2' });
  expect(await scene.work()).toEqual([]);
  const conversation = await conversationOfReferral(scene.operator, referralId);
  expect(conversation).toMatchObject({ wireId: number, openedByUs: false, ourFileNumber: 'IM-2', partnerFileNumber: 'CLX/2026/0042', county: '06025' });
  expect(conversation?.messages.map(({ kind, channel }) => [kind, channel])).toEqual([['packet', 'sftp']]);
  // The partner goes on in the conversation by the number of its own packet.
  const asked = await scene.say(fromConsulate({ statusRequest: {} }, { conversation: number }));
  expect(asked).toMatchObject({ state: 'stored', conversation: number });
  expect(await scene.work()).toEqual([]);
  expect((await conversationOfReferral(scene.operator, referralId))?.timeline.filter(({ what }) => what === 'move')).toHaveLength(2);
});

it('what was sent on the page has its message and receipt, too, and the sender hears of a refusal', async () => {
  const number = packetId();
  const received = await scene.receive(sealed(partnerMessage(aMexicanCase({ caseId: 'X-1' }), { packetId: number }), scene.theirs.signer));
  expect(await scene.work()).toEqual([]);
  expect(await scene.count("exchange_messages m join exchange_work w using (agency_id, message_id) join exchange_receipts r using (agency_id, message_id) where w.incoming_id = $1 and m.channel = 'portal' and r.stage = 'submitted'", [received.incomingId])).toBe(1);
  await refuseIncoming(scene.attorney, received.incomingId, { reason: 'not_our_case' });
  expect(await scene.work()).toEqual([]);
  const { items } = await listOutbox(scene.client, { partnerId: CALEXICO });
  expect(items.map(({ kind, inReplyTo }) => [kind, inReplyTo])).toEqual([['refusal', number]]);
});

const LIST = 'folio,expediente,deudor,acreedor,importe_origen,moneda_origen,tipo_cambio,comision,importe_usd,fecha_cobro,fecha_envio,transferencia,concepto\r\n'
  + 'RCX26-000001,IM-1,Pérez Mendoza José,Mendoza Rosa,1900.00,MXN,0.052632,0.00,100.00,2026-11-01,2026-11-10,TRCX0000001,pensión\r\n';

it('a list of payments is booked once, whether it comes as a file or as a message', async () => {
  const list = await receiveMessage(scene.client, { partnerId: CALEXICO, channel: 'sftp', source: Buffer.from(LIST, 'utf8') });
  expect(list).toMatchObject({ kind: 'list', state: 'stored' });
  expect(await receiveMessage(scene.client, { partnerId: CALEXICO, channel: 'api', source: Buffer.from(LIST, 'utf8') })).toMatchObject({ alreadyReceived: true, receiptId: list.receiptId });
  expect(await scene.work()).toEqual([]);
  expect((await listParked(scene.operator)).rows.map(({ reasons }) => reasons)).toEqual([]);
  expect(await scene.count("payment_lines where agency_id = 'us-ca'")).toBe(1);
  const advice = await scene.say(fromConsulate({
    remittanceAdvice: {
      transferNumber: 'TRCX0000002', sentOn: '2026-11-12', total: '50.00', currency: 'USD', lineCount: 1,
      line: [{ folio: 'RCX26-000002', toFileNumber: 'IM-1', gross: '950.00', grossCurrency: 'MXN', rate: '0.052632', fee: '0.00', net: '50.00', collectedOn: '2026-11-02', sentOn: '2026-11-12', debtor: { given: 'José', family: 'Pérez' }, creditor: { given: 'Rosa', family: 'Mendoza' } }],
    },
  }, { conversation: 'CLX-PAY-1' }));
  expect(advice).toMatchObject({ kind: 'remittanceAdvice', state: 'stored' });
  expect(await scene.work()).toEqual([]);
  expect((await listParked(scene.operator)).rows.map(({ reasons }) => reasons)).toEqual([]);
  expect(await scene.count("payment_lines where agency_id = 'us-ca'")).toBe(2);
});

it('what is no list waits for a person with the reason', async () => {
  const said = await receiveMessage(scene.client, { partnerId: CALEXICO, channel: 'api', source: Buffer.from('one;two\r\nthree;four\r\n', 'utf8') });
  expect(said).toMatchObject({ kind: 'list', state: 'stored' });
  expect(await scene.work()).toEqual([]);
  expect((await listParked(scene.operator)).rows.map(({ messageId, reasons }) => [messageId, reasons])).toEqual([[said.messageId, [expect.stringMatching(/^payments\./)]]]);
});

it('a request that came as a message is one, in whichever form it came', async () => {
  const number = packetId();
  const xml = partnerMessage(family(), { packetId: number, theirNumber: 'CLX/2026/0043' });
  const json = Buffer.from(canonicalJson(messageToJson(xml)), 'utf8');
  const before = await scene.count('incoming_packets');
  const first = await receiveMessage(scene.client, { partnerId: CALEXICO, channel: 'api', source: json });
  expect(first).toMatchObject({ kind: 'referral', state: 'stored' });
  expect(await receiveMessage(scene.client, { partnerId: CALEXICO, channel: 'sftp', source: xml })).toMatchObject({ messageId: first.messageId, alreadyReceived: true });
  expect(await scene.work()).toEqual([]);
  expect(await scene.count('incoming_packets') - before).toBe(1);
  const found = (await listIncoming(scene.operator)).rows.find(({ senderPacketId }) => senderPacketId === number);
  expect(found).toMatchObject({ kind: 'message', state: 'proposed' });
  expect(await scene.count('exchange_work where incoming_id = $1', [found?.incomingId])).toBe(1);
});

it('a packet in which nothing can be read is refused once it was looked into, and its sender has it in writing', async () => {
  const whole = sealed(partnerMessage(family(), { packetId: packetId() }), scene.theirs.signer);
  const said = await receiveMessage(scene.client, { partnerId: CALEXICO, channel: 'sftp', source: whole.subarray(0, whole.length - 200) });
  expect(said).toMatchObject({ kind: 'packet', state: 'stored' });
  expect(await scene.work()).toEqual([]);
  const receipts = await listSignedReceipts(scene.client, { messageId: said.messageId });
  expect(receipts.map(({ stage }) => stage)).toEqual(['submitted', 'refused']);
  const { statement } = verifyReceipt((await readReceipt(scene.client, receipts[1]?.receiptId ?? '')).signed, { now: scene.operator.clock.now() });
  expect(statement?.reasons).toEqual([expect.stringMatching(/^container\./)]);
  const { filed } = await readMessageContent(scene.operator, said.messageId);
  expect(filed).toMatchObject({ incomingId: expect.stringMatching(/^inc_/), state: 'refused' });
  expect((await readMessageContent(scene.officer, said.messageId)).filed).toBeNull();
  expect(await scene.count(`exchange_work where message_id = $1 and state = 'acted' and reasons = '["exchange.filed_refused"]' and incoming_id = $2`, [said.messageId, filed?.incomingId])).toBe(1);
  expect((await listRefused(scene.operator, { partnerId: CALEXICO })).rows.map(({ messageId }) => messageId)).toContain(said.messageId);
  await expect(listRefused(scene.officer)).rejects.toMatchObject({ code: 'access.forbidden' });
  // The same again is answered as before, and nothing is refused twice.
  expect(await receiveMessage(scene.client, { partnerId: CALEXICO, channel: 'api', source: whole.subarray(0, whole.length - 200) })).toMatchObject({ receiptId: said.receiptId });
  expect(await scene.work()).toEqual([]);
  expect(await listSignedReceipts(scene.client, { messageId: said.messageId })).toHaveLength(2);
});

it('another packet under a number that was used is refused in the conversation of the first, with the codes', async () => {
  const number = packetId();
  const people = () => aFamily('IM-9', ['Rogelio Salcido Ibarra', 'Brenda Ortega Luna', 'Iker Salcido Ortega']);
  await receiveMessage(scene.client, { partnerId: CALEXICO, channel: 'api', source: sealed(partnerMessage(people(), { packetId: number, theirNumber: 'CLX/2026/0050' }), scene.theirs.signer) });
  expect(await scene.work()).toEqual([]);
  const first = (await listIncoming(scene.operator)).rows.find(({ senderPacketId }) => senderPacketId === number);
  await acceptIncoming(scene.attorney, first?.incomingId ?? '', { caseId: 'IM-2' });
  expect(await scene.work()).toEqual([]);
  await receiveMessage(scene.client, { partnerId: CALEXICO, channel: 'api', source: sealed(partnerMessage(people(), { packetId: number, theirNumber: 'CLX/2026/0051' }), scene.theirs.signer) });
  expect(await scene.work()).toEqual([]);
  const refusal = (await listOutbox(scene.client, { partnerId: CALEXICO, limit: 200 })).items.filter(({ kind, inReplyTo }) => kind === 'refusal' && inReplyTo === number);
  expect(refusal).toHaveLength(1);
  const { content } = await readMessageContent(scene.operator, refusal[0]?.messageId ?? '');
  expect(content?.['refusal']).toMatchObject({ of: number, reason: [{ code: 'other' }, { code: 'incoming_packet_number_reused' }] });
});
