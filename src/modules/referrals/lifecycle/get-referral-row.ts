import type { TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import { findReferral } from './referral.store.ts';
import type { ReferralRow } from './referral.store.ts';

/** @throws AppError `referral.not_found`, also where row-level security hides it. */
export async function getReferralRow(ctx: TxCtx, referralId: string, lock: 'lock' | 'read' = 'read'): Promise<ReferralRow> {
  const referral = isId('ref', referralId) ? await findReferral(ctx, referralId, lock) : null;
  if (!referral) throw new AppError('not_found', 'referral.not_found');
  return referral;
}
