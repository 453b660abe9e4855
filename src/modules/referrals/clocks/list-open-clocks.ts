import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { asReferralClock } from './apply-clock-effects.ts';
import type { OpenClock, OpenClockQuery } from './open-clock.rules.ts';
import { selectOpenClocks } from './referral-clock.store.ts';

/** Clocks that run and are not paused, in a stable order, a page at a time: what reminders are made of. */
export async function listOpenClocks(ctx: Ctx, query: OpenClockQuery): Promise<OpenClock[]> {
  authorise(ctx, 'referrals.view');
  const rows = await inTransaction(ctx, (tx) => selectOpenClocks(tx, query));
  return rows.map((row) => ({
    ...asReferralClock(row, row.partnerId),
    referralId: row.referralId, partnerId: row.partnerId, county: row.county, caseId: row.caseId, status: row.status, direction: row.direction,
  }));
}
