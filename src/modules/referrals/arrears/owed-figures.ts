import { getCase } from '../../cases/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { getReferralRow } from '../lifecycle/get-referral-row.ts';

/** What the county's own record says is owed, by bucket; amounts are decimal strings in major units. */
export interface OwedFigure {
  readonly bucket: string;
  readonly amount: string;
  readonly currency: string;
  readonly asOf: CalendarDate;
}

/**
 * The balances of the case of a referral as the county last stated them: what a notice of interest tells (45 CFR 303.7(c)(7)). Sums tell
 * nobody's whereabouts; they stand in every packet that asks for money.
 *
 * @throws AppError `referral.not_found`, `cases.not_found`, `access.forbidden`.
 */
export async function owedFigures(ctx: Ctx, referralId: string): Promise<OwedFigure[]> {
  authorise(ctx, 'referrals.view');
  return inTransaction(ctx, async (tx) => {
    const { caseId } = await getReferralRow(tx, referralId);
    const { balances } = await getCase(tx, caseId);
    return balances.map(({ bucket, amount, currency, asOf }) => ({ bucket, amount, currency, asOf }));
  });
}
