import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { selectExchangedCases } from './referral.store.ts';

/** Case numbers of which papers went between us and a partner and whose referral is not ended, each once: what both should have on their lists. */
export async function exchangedCases(ctx: Ctx, partnerId: string): Promise<string[]> {
  authorise(ctx, 'caseload.compare');
  return inTransaction(ctx, (tx) => selectExchangedCases(tx, partnerId));
}
