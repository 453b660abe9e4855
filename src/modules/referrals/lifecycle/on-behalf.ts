import { inTransaction, withActor, writingFor } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { getReferralRow } from './get-referral-row.ts';
import type { ReferralRow } from './referral.store.ts';

/**
 * Runs a move in one transaction. A partner's officer writes no row of the agency's (row-level security): the gateway writes for
 * the officer, under the officer's name, and only after the officer's own sight has found the referral and it is the officer's
 * partner's. Both looks are the same referral, which is locked in the second.
 *
 * @throws AppError `referral.not_found`.
 */
export async function withReferralToMove<T>(ctx: Ctx, referralId: string, work: (tx: TxCtx, referral: ReferralRow) => Promise<T>): Promise<T> {
  const { actor } = ctx;
  if (actor.partner === null) return inTransaction(ctx, async (tx) => work(tx, await getReferralRow(tx, referralId, 'lock')));
  await inTransaction(ctx, (tx) => getReferralRow(tx, referralId));
  const gateway = withActor(ctx, writingFor(actor));
  return inTransaction(gateway, async (tx) => {
    const referral = await getReferralRow(tx, referralId, 'lock');
    if (referral.partnerId !== actor.partner) throw new AppError('not_found', 'referral.not_found');
    return work(tx, referral);
  });
}
