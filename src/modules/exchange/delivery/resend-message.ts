import { recordAudit } from '../../audit/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import { putNotices } from '../notices/put-notices.ts';
import { findDelivery, hasAttempt, insertAttempt, lockOutgoing, putDelivery, setMessage } from './delivery.store.ts';
import { endDelivery, firstChannel } from './end-delivery.ts';
import { mayHandOut } from './withdraw-message.ts';

/**
 * Tries a message again that reached nobody, from the first channel on; of one that lies ready the partner is told once more.
 *
 * @throws AppError `message.not_found`, `delivery.not_resendable` (it was fetched, withdrawn, or has not been tried yet), `message.withdrawn`, `access.forbidden`.
 */
export async function resendMessage(ctx: Ctx, messageId: string): Promise<{ readonly state: 'queued' | 'delivered' }> {
  authorise(ctx, 'exchange.manage');
  const resent = await inTransaction(ctx, async (tx) => {
    const message = await lockOutgoing(tx, messageId);
    if (!message) throw new AppError('not_found', 'message.not_found');
    const delivery = await findDelivery(tx, messageId);
    // A person was asked to send it on paper and has not yet: it may go by the first way after all.
    const isPaperAsked = message.state === 'queued' && delivery?.channel === 'courier' && delivery.waitUntil !== null && !(await hasAttempt(tx, messageId, 'delivery.dispatched'));
    if (!isPaperAsked && !['failed', 'expired', 'delivered'].includes(message.state)) throw new AppError('conflict', 'delivery.not_resendable', { params: { state: message.state } });
    if (!(await mayHandOut(tx, messageId))) return null;
    const channel = delivery?.channel ?? firstChannel(message.partnerId);
    const state = message.state === 'delivered' ? 'delivered' as const : 'queued' as const;
    if (state === 'delivered') {
      await putNotices(tx, message);
    } else {
      await endDelivery(tx, messageId);
      await setMessage(tx, messageId, { state });
      await putDelivery(tx, message, { step: 0, channel, waitUntil: null, failures: 0, encryptedFileId: null });
      await emit(tx, 'message.queued', { messageId });
    }
    await insertAttempt(tx, message, { channel, code: 'delivery.resent' });
    await recordAudit(tx, { action: 'message.resent', subject: { type: 'message', id: messageId }, partner: message.partnerId, county: message.county, details: { kind: message.kind, was: message.state } });
    return { state };
  });
  if (resent === null) throw new AppError('forbidden', 'message.withdrawn');
  return resent;
}
