import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { selectCasesWithOpenReferral, selectExchangedCases } from './referral.store.ts';

/** Case numbers of which papers went between us and a partner and whose referral is not ended, each once: what both should have on their lists. */
export async function exchangedCases(ctx: Ctx, partnerId: string): Promise<string[]> {
  authorise(ctx, 'caseload.compare');
  return inTransaction(ctx, (tx) => selectExchangedCases(tx, partnerId));
}

/** So many cases of open referrals are listed at most; a county has a few thousand. */
const OPEN_MAX = 20_000;

/** Case numbers with a referral that is not ended, each once: by which a list of cases is narrowed. */
export async function casesWithOpenReferral(ctx: Ctx): Promise<string[]> {
  authorise(ctx, 'referrals.view');
  return inTransaction(ctx, (tx) => selectCasesWithOpenReferral(tx, OPEN_MAX));
}
