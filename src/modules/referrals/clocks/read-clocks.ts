import type { TxCtx } from '../../../platform/context.ts';
import { asReferralClock } from './apply-clock-effects.ts';
import type { ReferralClock } from './referral-clock.rules.ts';
import { selectClocks, selectClocksOf } from './referral-clock.store.ts';

interface ClockedReferral {
  readonly referralId: string;
  readonly partnerId: string;
}

/** The clocks of a referral with their law, in the order in which they were started. */
export async function readClocks(ctx: TxCtx, referral: ClockedReferral): Promise<ReferralClock[]> {
  return (await selectClocks(ctx, referral.referralId)).map((row) => asReferralClock(row, referral.partnerId));
}

/** The same of many referrals at once, by referral. */
export async function readClocksOf(ctx: TxCtx, referrals: readonly ClockedReferral[]): Promise<Map<string, ReferralClock[]>> {
  const clocks = new Map<string, ReferralClock[]>(referrals.map(({ referralId }) => [referralId, []]));
  const partners = new Map(referrals.map(({ referralId, partnerId }) => [referralId, partnerId]));
  for (const row of await selectClocksOf(ctx, [...clocks.keys()])) clocks.get(row.referralId)?.push(asReferralClock(row, partners.get(row.referralId) ?? ''));
  return clocks;
}
