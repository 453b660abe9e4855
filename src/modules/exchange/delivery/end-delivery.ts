import { recordAudit } from '../../audit/index.ts';
import { getPartner } from '../../partners/index.ts';
import { officeDay, putQueueItem, removeQueueItem } from '../../referrals/index.ts';
import { endAlarms, raiseAlarm } from '../../../platform/alarms.ts';
import type { TxCtx } from '../../../platform/context.ts';
import { emit } from '../../../platform/outbox.ts';
import { recordReceipt } from '../evidence/record-receipt.ts';
import { stepsOf } from './delivery.rules.ts';
import { findDelivery, insertAttempt, lockOutgoing, setMessage, stopWaiting } from './delivery.store.ts';

/** Kinds of items in the queue: papers to be sent by courier; a message that reached nobody. */
export const COURIER_ITEM = 'exchange_courier';
export const UNDELIVERED_ITEM = 'exchange_undelivered';
const ALARMS = { failed: 'exchange.delivery_failed', expired: 'exchange.message_expired', certificate: 'exchange.certificate_needed' } as const;
const CERTIFICATE = /^delivery\.(certificate_|too_large_to_encrypt)/;

/** The first way of a partner's profile. */
export const firstChannel = (partnerId: string): string => stepsOf(getPartner(partnerId).channels.value)[0]?.channel ?? 'portal';

/** A message reached nobody and will not by itself: somebody is told. `code` says why. */
export async function failDelivery(tx: TxCtx, messageId: string, code: string): Promise<void> {
  await endUndelivered(tx, messageId, 'failed', code);
}

/** A message was fetched by nobody in time, by none of the ways that the partner has; of paper, no proof of delivery came. */
export async function expireMessage(tx: TxCtx, messageId: string): Promise<void> {
  const isPaper = (await findDelivery(tx, messageId))?.channel === 'courier';
  await endUndelivered(tx, messageId, 'expired', isPaper ? 'delivery.no_proof' : 'delivery.expired');
}

async function endUndelivered(tx: TxCtx, messageId: string, state: 'failed' | 'expired', code: string): Promise<void> {
  const message = await lockOutgoing(tx, messageId);
  if (!message || !['queued', 'delivered'].includes(message.state)) return;
  const channel = (await findDelivery(tx, messageId))?.channel ?? firstChannel(message.partnerId);
  await setMessage(tx, messageId, { state });
  await stopWaiting(tx, messageId);
  await insertAttempt(tx, message, { channel, code });
  if (state === 'expired') await recordReceipt(tx, { messageId, stage: 'expired', channel });
  await removeQueueItem(tx, COURIER_ITEM, messageId);
  const today = officeDay(tx);
  await putQueueItem(tx, {
    kind: UNDELIVERED_ITEM, subjectId: messageId, county: message.county, caseId: null, partnerId: message.partnerId, reason: CERTIFICATE.test(code) || state === 'expired' ? code : 'delivery.failed', dueOn: today, availableOn: today,
  });
  await raiseAlarm(tx, { code: CERTIFICATE.test(code) ? ALARMS.certificate : ALARMS[state], subject: messageId, aboutOn: today, partnerId: message.partnerId, params: { partner: message.partnerId, reason: code } });
  const where = { partner: message.partnerId, county: message.county };
  if (state === 'failed') await recordAudit(tx, { action: 'message.failed', subject: { type: 'message', id: messageId }, ...where, details: { kind: message.kind, code } });
  else await recordAudit(tx, { action: 'message.expired', subject: { type: 'message', id: messageId }, ...where, details: { kind: message.kind, code } });
  await emit(tx, `message.${state}`, { messageId, partnerId: message.partnerId });
}

/** The message was fetched, is tried anew, or has been withdrawn: nothing is waited for, and nobody is asked any more. */
export async function endDelivery(tx: TxCtx, messageId: string): Promise<void> {
  await stopWaiting(tx, messageId);
  for (const kind of [COURIER_ITEM, UNDELIVERED_ITEM]) await removeQueueItem(tx, kind, messageId);
  for (const code of Object.values(ALARMS)) await endAlarms(tx, { code, subject: messageId, by: tx.actor.id });
}
