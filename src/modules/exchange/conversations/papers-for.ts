import { papersToSend } from '../../referrals/index.ts';
import type { PaperToSend } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { targetOf } from './target-of.ts';

/** The attachments of a request as they could be sent today, each with what stops it. @throws AppError `referral.not_found`, `message.referral_not_sent`, `access.forbidden`. */
export async function papersFor(ctx: Ctx, referralId: string): Promise<readonly PaperToSend[]> {
  authorise(ctx, 'messages.send');
  authorise(ctx, 'attachments.view');
  return inTransaction(ctx, async (tx) => {
    const { referral } = await targetOf(tx, { referralId }, 'documentResponse');
    return referral === null ? [] : papersToSend(tx, referral);
  });
}
