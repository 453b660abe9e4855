import { recordAudit } from '../../audit/index.ts';
import { officeDay, putQueueItem, removeQueueItem } from '../../referrals/index.ts';
import { endAlarms, raiseAlarm } from '../../../platform/alarms.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import { toBeLookedAt, whyWithheld } from '../conversations/may-still-leave.ts';
import type { Withheld } from '../conversations/may-still-leave.ts';
import { findDelivery, hasAttempt, insertAttempt, lockOutgoing, setMessage } from './delivery.store.ts';
import { endDelivery, firstChannel } from './end-delivery.ts';

/** The kind of the queue's items for a message that is not handed out any more. */
export const WITHDRAWN_ITEM = 'exchange_withdrawn';
const RECALL_ALARM = 'exchange.recall_needed';
const WITHDRAWN = 'delivery.withdrawn';

/**
 * The last look before a message of ours is handed out, by whatever way. What may not be told any more is withdrawn, and a person hears of it; whoever asked for it is
 * refused by the caller, once this transaction has been committed.
 */
export async function mayHandOut(tx: TxCtx, messageId: string): Promise<boolean> {
  const why = await whyWithheld(tx, messageId);
  if (why !== null && why !== 'not_agreed') await withdrawMessage(tx, messageId, why);
  return why === null;
}

/** Of a page of messages, those that may be handed out. */
export async function handedOut<Row extends { readonly messageId: string }>(tx: TxCtx, rows: readonly Row[]): Promise<Row[]> {
  const doubtful = await toBeLookedAt(tx, rows.map(({ messageId }) => messageId));
  const kept: Row[] = [];
  for (const row of rows) if (!doubtful.has(row.messageId) || await mayHandOut(tx, row.messageId)) kept.push(row);
  return kept;
}

/**
 * A message that may not be told any more lies ready no longer. One that was fetched stays fetched, is handed out no more, and a person asks the partner to destroy it.
 * What was taken back by a person needs no other. Once is enough.
 */
export async function withdrawMessage(tx: TxCtx, messageId: string, why: Exclude<Withheld, 'not_agreed'>): Promise<void> {
  const message = await lockOutgoing(tx, messageId);
  if (!message || ['draft', 'cancelled'].includes(message.state) || await hasAttempt(tx, messageId, WITHDRAWN)) return;
  const wasFetched = message.state === 'retrieved';
  if (wasFetched && why === 'taken_back') return;
  const where = { partner: message.partnerId, county: message.county };
  const channel = (await findDelivery(tx, messageId))?.channel ?? firstChannel(message.partnerId);
  await endDelivery(tx, messageId);
  if (!wasFetched) await setMessage(tx, messageId, { state: 'cancelled' });
  await insertAttempt(tx, message, { channel, code: WITHDRAWN });
  const today = officeDay(tx);
  if (why === 'protected') {
    await putQueueItem(tx, {
      kind: WITHDRAWN_ITEM, subjectId: messageId, county: message.county, caseId: null, partnerId: message.partnerId, reason: wasFetched ? 'exchange.recall_needed' : 'exchange.withdrawn_protected', dueOn: today, availableOn: today,
    });
  }
  if (wasFetched) await raiseAlarm(tx, { code: RECALL_ALARM, subject: messageId, aboutOn: today, partnerId: message.partnerId, params: { partner: message.partnerId } });
  await recordAudit(tx, { action: 'message.withheld', subject: { type: 'message', id: messageId }, ...where, details: { kind: message.kind, was: message.state, why } });
  await emit(tx, 'message.withheld', { messageId, partnerId: message.partnerId });
}

/**
 * Somebody has seen to a message that was withdrawn: written another one, or asked the partner to destroy it.
 *
 * @throws AppError `message.not_found`, `access.forbidden`.
 */
export async function acknowledgeWithheld(ctx: Ctx, messageId: string): Promise<void> {
  authorise(ctx, 'exchange.manage');
  await inTransaction(ctx, async (tx) => {
    const message = await lockOutgoing(tx, messageId);
    if (!message || !(await hasAttempt(tx, messageId, WITHDRAWN))) throw new AppError('not_found', 'message.not_found');
    await removeQueueItem(tx, WITHDRAWN_ITEM, messageId);
    await endAlarms(tx, { code: RECALL_ALARM, subject: messageId, by: tx.actor.id });
    await recordAudit(tx, { action: 'message.withheld_seen', subject: { type: 'message', id: messageId }, partner: message.partnerId, county: message.county, details: { kind: message.kind } });
  });
}
