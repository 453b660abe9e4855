import { recordAudit } from '../../audit/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { officeDay } from '../clocks/office-day.ts';
import { getReferralRow } from './get-referral-row.ts';
import { selectAwaited, updateAwaitedDone } from './move.store.ts';
import type { AwaitedRow } from './move.store.ts';

/**
 * Says that something awaited from outside has come: a signature, the notary, certified copies, an apostille.
 * @returns what is or was awaited, with what is still open.
 * @throws AppError `referral.not_found`, `referral.item_not_awaited`.
 */
export async function recordAwaitedItem(ctx: Ctx, referralId: string, item: string): Promise<readonly AwaitedRow[]> {
  authorise(ctx, 'referrals.create');
  return inTransaction(ctx, async (tx) => {
    const referral = await getReferralRow(tx, referralId, 'lock');
    if (!await updateAwaitedDone(tx, referralId, item, officeDay(tx))) throw new AppError('conflict', 'referral.item_not_awaited', { params: { item: item.slice(0, 40) } });
    await recordAudit(tx, {
      action: 'referral.item_arrived', subject: { type: 'referral', id: referralId }, partner: referral.partnerId, county: referral.county, details: { item },
    });
    return selectAwaited(tx, referralId);
  });
}
