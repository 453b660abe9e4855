import { acknowledgeWithheld, deliverMessage, deliveryOf, findReadyFile, listOutbox, listReadyFiles, markRetrieved, openOutboxItem, openReadyFile, readMessageContent, resendMessage, sendMessage } from '../../../src/modules/exchange/index.ts';
import { buildPacket, createReferral, moveReferral, sendReferral } from '../../../src/modules/referrals/index.ts';
import { endAgreement } from '../../../src/modules/partners/index.ts';
import { selectAlarms } from '../../../src/platform/alarms.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import { behindTheWall } from '../../support/database.ts';
import { CALEXICO, exchangeScene } from '../../support/exchange/scene.ts';
import type { ExchangeScene } from '../../support/exchange/scene.ts';
import { aFamily, codeOf } from '../../support/referrals-incoming/scene.ts';

let scene: ExchangeScene;
beforeAll(async () => {
  scene = await exchangeScene();
});

const HOME = { country: 'US', lines: ['77 Hidden Creek Lane'], locality: 'Brawley', region: 'CA', postalCode: '92227', source: 'party' };
const family = (caseId: string, isProtected: boolean) => {
  const base = aFamily(caseId, ['Ramiro Cota Beltrán', 'Silvia Madrid Lugo', 'Iván Cota Madrid']);
  return { ...base, participants: base.participants.map((one) => (one.role === 'obligee' ? { ...one, residence: HOME, ...(isProtected ? { nondisclosure: { basis: 'family_violence_indicator', on: '2026-01-05' } } : {}) } : one)) } as never;
};
const update = (source: string, target: string) => ({ asOf: '2026-11-20', change: [{ kind: 'worker', on: '2026-11-20' }], remark: [{ sourceLanguage: 'en', targetLanguage: 'es-MX', segment: [{ source, target }] }] });
const TELLING = update('She moved to Hidden Creek Lane in Brawley.', 'Se mudó a Hidden Creek Lane, en Brawley.');
const stateOf = async (messageId: string) => (await behindTheWall<{ state: string }>(scene.db, 'select state from exchange_messages where message_id = $1', [messageId]))[0]?.state;
const items = (messageId: string) => behindTheWall<{ kind: string; reason: string }>(scene.db, 'select kind, reason from queue_items where subject_id = $1', [messageId]);
const alarms = async (messageId: string): Promise<string[]> => (await inTransaction(scene.operator, (tx) => selectAlarms(tx, true))).filter(({ subject }) => subject === messageId).map(({ code }) => code);
const listed = async () => (await listOutbox(scene.client, { partnerId: CALEXICO, limit: 200 })).items.map(({ messageId }) => messageId);
const files = async () => (await listReadyFiles(scene.client, { partnerId: CALEXICO, isPickedUp: false, after: null, limit: 200 })).items;

/** A request of ours about a family of which nobody is protected yet, with a message that tells where somebody lives. */
async function told(caseId: string): Promise<{ referralId: string; packetMessage: string; messageId: string }> {
  await scene.bring(family(caseId, false));
  const { referralId } = await createReferral(scene.operator, { caseId, partnerId: CALEXICO, services: ['enforce'] });
  await buildPacket(scene.operator, referralId);
  await sendReferral(scene.operator, referralId);
  await scene.work();
  const { messageId } = await sendMessage(scene.attorney, { referralId, kind: 'informationUpdate', body: TELLING });
  const [row] = await behindTheWall<{ messageId: string }>(scene.db, `select m.message_id as "messageId" from exchange_messages m join exchange_conversations c using (agency_id, conversation_id) where c.referral_id = $1 and m.kind = 'referral'`, [referralId]);
  return { referralId, packetMessage: row?.messageId ?? '', messageId };
}

it('what lay ready is handed out by no way once it tells of somebody protected; a person hears of it, the partner not why', async () => {
  const { messageId, packetMessage } = await told('IM-21');
  await scene.work();
  expect(await listed()).toEqual(expect.arrayContaining([messageId, packetMessage]));
  const xml = (await files()).find((one) => one.messageId === messageId)?.name ?? '';
  const packet = (await files()).find((one) => one.messageId === packetMessage)?.name ?? '';
  await scene.bring(family('IM-21', true));
  expect(await codeOf(openReadyFile(scene.client, { partnerId: CALEXICO, name: xml }))).toEqual(['message.withdrawn']);
  for (const form of ['xml', 'json'] as const) expect(await codeOf(openOutboxItem(scene.client, messageId, form))).toEqual(['message.withdrawn']);
  expect(await codeOf(markRetrieved(scene.client, messageId, 'api'))).toEqual(['message.withdrawn']);
  expect(await codeOf(markRetrieved(scene.client, packetMessage, 'api'))).toEqual(['message.withdrawn']);
  expect(await codeOf(openReadyFile(scene.client, { partnerId: CALEXICO, name: packet }))).not.toEqual(['done']);
  expect(await findReadyFile(scene.client, { partnerId: CALEXICO, isPickedUp: false, name: xml })).toBeNull();
  expect([await listed(), (await files()).map((one) => one.messageId)].flat().filter((one) => [messageId, packetMessage].includes(one))).toEqual([]);
  expect([await stateOf(messageId), await items(messageId)]).toEqual(['cancelled', [{ kind: 'exchange_withdrawn', reason: 'exchange.withdrawn_protected' }]]);
  expect((await deliveryOf(scene.operator, messageId)).attempts[0]?.code).toBe('delivery.withdrawn');
  expect(await codeOf(resendMessage(scene.operator, messageId))).toEqual(['delivery.not_resendable']);
  await acknowledgeWithheld(scene.operator, messageId);
  expect(await items(messageId)).toEqual([]);
});

it('a list alone withdraws it, and the page on which officers read it does not show it', async () => {
  const one = await told('IM-22');
  await scene.work();
  await scene.bring(family('IM-22', true));
  expect(await codeOf(readMessageContent(scene.client, one.messageId))).toEqual(['message.withdrawn']);
  expect(await listed()).not.toContain(one.packetMessage);
  expect([await stateOf(one.messageId), await stateOf(one.packetMessage)]).toEqual(['cancelled', 'cancelled']);
});

it('what has not left yet does not leave, and is not sent again', async () => {
  const waiting = await told('IM-23');
  await scene.bring(family('IM-23', true));
  await deliverMessage(scene.operator, waiting.messageId);
  expect([await stateOf(waiting.messageId), await scene.count(`exchange_receipts where message_id = $1`, [waiting.messageId])]).toEqual(['cancelled', 0]);
  const ready = await told('IM-24');
  await scene.work();
  await scene.bring(family('IM-24', true));
  expect(await codeOf(resendMessage(scene.operator, ready.messageId))).toEqual(['message.withdrawn']);
  expect(await stateOf(ready.messageId)).toBe('cancelled');
});

it('of what was fetched before, a recall is asked for, once; it stays fetched and is handed out no more', async () => {
  const { messageId } = await told('IM-25');
  await scene.work();
  await markRetrieved(scene.client, messageId, 'api');
  await scene.bring(family('IM-25', true));
  expect(await codeOf(openOutboxItem(scene.client, messageId, 'xml'))).toEqual(['message.withdrawn']);
  expect([await stateOf(messageId), await items(messageId), await alarms(messageId)]).toEqual(['retrieved', [{ kind: 'exchange_withdrawn', reason: 'exchange.recall_needed' }], ['exchange.recall_needed']]);
  await acknowledgeWithheld(scene.attorney, messageId);
  expect(await listed()).not.toContain(messageId);
  expect([await items(messageId), await alarms(messageId)]).toEqual([[], []]);
});

it('of a request that was taken back only that is told', async () => {
  const { referralId, messageId, packetMessage } = await told('IM-26');
  await scene.work();
  await moveReferral(scene.attorney, referralId, 'withdraw', { reason: 'case_closed' });
  expect(await scene.work()).toEqual([]);
  const now = (await listOutbox(scene.client, { partnerId: CALEXICO, limit: 200 })).items;
  expect(now.map((one) => one.messageId).filter((one) => [messageId, packetMessage].includes(one))).toEqual([]);
  expect(now.map(({ kind }) => kind)).toContain('withdrawal');
  expect([await stateOf(messageId), await items(messageId)]).toEqual(['cancelled', []]);
});

it('without an agreement in force nothing is handed out, and what waits to leave does not', async () => {
  const { messageId } = await told('IM-27');
  await scene.work();
  const later = await sendMessage(scene.attorney, { referralId: (await behindTheWall<{ r: string }>(scene.db, `select referral_id as r from referrals where case_id = 'IM-27'`))[0]?.r ?? '', kind: 'informationUpdate', body: update('A new caseworker is in charge.', 'Hay una nueva persona encargada del asunto.') });
  await endAgreement(scene.operator, { agreementId: 'mx-consulate-calexico-mou', from: null, reason: 'ended_by_partner' });
  expect(await codeOf(openOutboxItem(scene.client, messageId, 'xml'))).toEqual(['message.withdrawn']);
  expect((await listOutbox(scene.client, { partnerId: CALEXICO })).items).toEqual([]);
  await deliverMessage(scene.operator, later.messageId);
  expect([await stateOf(messageId), await stateOf(later.messageId)]).toEqual(['delivered', 'failed']);
});
