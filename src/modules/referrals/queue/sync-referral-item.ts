import type { TxCtx } from '../../../platform/context.ts';
import { getClock } from '../clocks/due-date.ts';
import { readClocks } from '../clocks/read-clocks.ts';
import { workOf } from './queue-item.rules.ts';
import { putQueueItem, removeQueueItem } from './queue.store.ts';

export const REFERRAL_ITEM = 'referral';

/** Brings a referral's place in the queue up to date with its clocks; a referral of which none runs is not in it. */
export async function syncReferralItem(ctx: TxCtx, referral: { referralId: string; county: string; partnerId: string; caseId: string }): Promise<void> {
  const clocks = await readClocks(ctx, referral);
  const work = workOf(clocks.map((clock) => ({ ...clock, repeats: getClock(clock.clock).repeats === true })));
  if (work === null) return removeQueueItem(ctx, REFERRAL_ITEM, referral.referralId);
  await putQueueItem(ctx, { kind: REFERRAL_ITEM, subjectId: referral.referralId, county: referral.county, caseId: referral.caseId, partnerId: referral.partnerId, ...work });
}
