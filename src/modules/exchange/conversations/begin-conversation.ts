import { recordAudit } from '../../audit/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { findByReferral } from './conversation.store.ts';
import { requireAgreed } from './may-leave.ts';
import { targetOf } from './target-of.ts';

export interface BegunConversation {
  readonly conversationId: string;
  readonly isNew: boolean;
}

/**
 * The conversation about a request of which the partner knows, opened where nothing has been said yet. Only where an agreement lets something be said.
 * @throws AppError `referral.not_found`, `message.referral_not_sent`, `agreement.none_allows`, `access.forbidden`.
 */
export async function beginConversation(ctx: Ctx, referralId: string): Promise<BegunConversation> {
  authorise(ctx, 'messages.send');
  return inTransaction(ctx, async (tx) => {
    const before = await findByReferral(tx, referralId);
    const target = await targetOf(tx, { referralId }, 'inquiry');
    await requireAgreed(tx, target);
    const { conversationId, partnerId, county } = target.conversation;
    if (before === null) await recordAudit(tx, { action: 'conversation.opened', subject: { type: 'conversation', id: conversationId }, partner: partnerId, county, details: { referralId } });
    return { conversationId, isNew: before === null };
  });
}
