import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { asSeen } from './get-referral.ts';
import { findReferral, selectReferralIdsAfter } from './referral.store.ts';

const LIMIT_MAX = 200;

/** A referral as it is shared: where it stood when the partner last learned of it. */
export type SharedReferral = ReturnType<typeof asSeen>;

export interface SharedQuery {
  readonly partnerId: string;
  /** The last one seen. */
  readonly after?: string | null | undefined;
  readonly limit?: number | undefined;
}

/** The referrals with a partner in the order in which they were made, as they are shared with it: for programs that go through them all. */
export async function listSharedReferrals(ctx: Ctx, query: SharedQuery): Promise<{ readonly items: readonly SharedReferral[]; readonly next: string | null }> {
  authorise(ctx, 'referrals.view');
  const limit = Math.min(Math.max(Math.trunc(query.limit ?? 50), 1), LIMIT_MAX);
  return inTransaction(ctx, async (tx) => {
    const ids = await selectReferralIdsAfter(tx, query.partnerId, query.after ?? null, limit + 1);
    const items: SharedReferral[] = [];
    for (const id of ids.slice(0, limit)) {
      const row = await findReferral(tx, id);
      if (row) items.push(asSeen(ctx, row));
    }
    return { items, next: ids.length > limit ? ids[limit - 1] ?? null : null };
  });
}
