import { removeQueueItem } from '../../referrals/index.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { discardDraft } from '../conversations/compose-message.ts';
import { findMessage } from '../conversations/message.store.ts';
import { makeMove } from './decide-reminder.ts';
import { REMINDER_ITEM } from './reminder-item.ts';
import { selectOpenOfRule, selectReminder, updateReminder } from './reminder.store.ts';

/**
 * Ends what waits under a rule about something that is settled: the clock has stopped, or the answer has come. Its draft is dropped. A
 * draft that somebody sent or dropped from elsewhere is written down as that.
 */
export async function endSettled(ctx: Ctx, rule: string, stillOpen: ReadonlySet<string>): Promise<number> {
  const waiting = await inTransaction(ctx, (tx) => selectOpenOfRule(tx, rule));
  let ended = 0;
  for (const row of waiting) ended += await inTransaction(ctx, (tx) => settle(tx, row.reminderId, stillOpen.has(row.subjectId)));
  return ended;
}

async function settle(tx: TxCtx, reminderId: string, isOpen: boolean): Promise<number> {
  const row = await selectReminder(tx, reminderId);
  if (row === null || (row.state !== 'drafted' && row.state !== 'escalated')) return 0;
  const message = row.messageId === null ? null : await findMessage(tx, row.messageId, 'lock');
  const isDraft = message?.state === 'draft';
  if (isOpen && (message === null || isDraft)) return 0;
  await removeQueueItem(tx, REMINDER_ITEM, reminderId);
  if (message !== null && !isDraft) {
    const wasSent = message.state !== 'cancelled';
    await updateReminder(tx, reminderId, wasSent ? 'sent' : 'dropped');
    if (wasSent && isOpen) await makeMove(tx, row);
    return 0;
  }
  await updateReminder(tx, reminderId, 'ended');
  if (isDraft && row.messageId !== null) await discardDraft(tx, row.messageId);
  return 1;
}
