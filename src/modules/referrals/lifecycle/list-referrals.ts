import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { readClocksOf } from '../clocks/read-clocks.ts';
import { leadingClock } from '../clocks/referral-clock.rules.ts';
import { asSeen } from './get-referral.ts';
import type { ListedReferral } from './get-referral.ts';
import { recallsAtAGlance } from '../packets/recall-packet.ts';
import { selectReferrals } from './referral.store.ts';
import type { ReferralFilter } from './referral.store.ts';

const PAGE_SIZE_MAX = 200;

export interface ReferralPage {
  readonly rows: readonly ListedReferral[];
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
}

/** Referrals, the earliest compliance date first. `isDue` leaves out those of which no clock runs. */
export async function listReferrals(ctx: Ctx, query: ReferralFilter & { page?: number; pageSize?: number } = {}): Promise<ReferralPage> {
  authorise(ctx, 'referrals.view');
  const pageSize = Math.min(Math.max(Math.trunc(query.pageSize ?? 50), 1), PAGE_SIZE_MAX);
  const page = Math.max(Math.trunc(query.page ?? 1), 1);
  const { rows, total, clocks } = await inTransaction(ctx, async (tx) => {
    const found = await selectReferrals(tx, query, (page - 1) * pageSize, pageSize);
    return { ...found, clocks: await readClocksOf(tx, found.rows) };
  });
  const isAgency = ctx.actor.partner === null;
  // Of what a partner holds it is decided anew whether it may still be told.
  const recalls = isAgency ? await recallsAtAGlance(ctx, rows.filter((row) => row.deliveredPacketId !== null)) : new Map<string, never>();
  return {
    total, page, pageSize,
    rows: rows.map((row): ListedReferral => ({
      ...(isAgency ? { ...row, findings: [...row.findings, ...recalls.get(row.referralId) ?? []] } : asSeen(ctx, row)), clock: leadingClock(clocks.get(row.referralId) ?? []),
    })),
  };
}
