import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { readClocksOf } from '../clocks/read-clocks.ts';
import { leadingClock } from '../clocks/referral-clock.rules.ts';
import { asSeen } from './get-referral.ts';
import type { ListedReferral } from './get-referral.ts';
import { currentRecalls } from '../packets/recall-packet.ts';
import { selectReferrals } from './referral.store.ts';
import type { ReferralFilter, ReferralRow } from './referral.store.ts';

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
  const seen: ListedReferral[] = [];
  for (const row of rows) {
    const clock = leadingClock(clocks.get(row.referralId) ?? []);
    seen.push({ ...(ctx.actor.partner === null ? await withRecalls(ctx, row) : asSeen(ctx, row)), clock });
  }
  return { rows: seen, total, page, pageSize };
}

/** Of what a partner holds it is decided anew whether it may still be told. */
async function withRecalls(ctx: Ctx, row: ReferralRow): Promise<ReferralRow> {
  return row.deliveredPacketId === null ? row : { ...row, findings: [...row.findings, ...await currentRecalls(ctx, row)] };
}
