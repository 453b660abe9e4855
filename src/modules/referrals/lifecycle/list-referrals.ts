import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { asSeen } from './get-referral.ts';
import { currentRecalls } from '../packets/recall-packet.ts';
import { selectReferrals } from './referral.store.ts';
import type { ReferralFilter, ReferralRow } from './referral.store.ts';

const PAGE_SIZE_MAX = 200;

export interface ReferralPage {
  readonly rows: readonly ReferralRow[];
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
}

/** Referrals, the earliest compliance date first. `isDue` leaves out those whose clock has stopped. */
export async function listReferrals(ctx: Ctx, query: ReferralFilter & { page?: number; pageSize?: number } = {}): Promise<ReferralPage> {
  authorise(ctx, 'referrals.view');
  const pageSize = Math.min(Math.max(Math.trunc(query.pageSize ?? 50), 1), PAGE_SIZE_MAX);
  const page = Math.max(Math.trunc(query.page ?? 1), 1);
  const { rows, total } = await inTransaction(ctx, (tx) => selectReferrals(tx, query, (page - 1) * pageSize, pageSize));
  const seen: ReferralRow[] = [];
  for (const row of rows) seen.push(ctx.actor.partner === null ? await withRecalls(ctx, row) : asSeen(ctx, row));
  return { rows: seen, total, page, pageSize };
}

/** Of what a partner holds it is decided anew whether it may still be told. */
async function withRecalls(ctx: Ctx, row: ReferralRow): Promise<ReferralRow> {
  return row.deliveredPacketId === null ? row : { ...row, findings: [...row.findings, ...await currentRecalls(ctx, row)] };
}
