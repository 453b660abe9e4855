import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { feeLimitOf } from '../bank/fee-limit.ts';
import { findCredit, selectLinesOfTransfers, selectUnexplainedCredits, selectUnpaidTransfers } from './lump.store.ts';
import { proposalsForCredit } from './lumps.rules.ts';
import type { CreditProposal } from './lumps.rules.ts';
import { RULE_VERSION } from './reason.rules.ts';
import { WEIGHTS } from './weights/current-weights.ts';

const PROPOSALS_MAX = 10;

export type CreditProposals = { readonly ruleVersion: string; readonly weightsVersion: string; readonly isMatched: boolean; readonly proposals: readonly CreditProposal[] };

/**
 * What a credit that no transfer explains may pay for: another transfer of that sum, several at once, with other credits a larger one, or
 * part of one's lines. Nothing is posted on it. A matched credit has none. The same data give the same answer.
 *
 * @throws AppError not_found `reconciliation.credit_unknown`.
 */
export async function proposeForCredit(ctx: Ctx, creditId: string): Promise<CreditProposals> {
  authorise(ctx, 'reconciliation.view');
  return inTransaction(ctx, async (tx) => {
    const credit = await findCredit(tx, creditId);
    if (credit === null) throw new AppError('not_found', 'reconciliation.credit_unknown');
    const versions = { ruleVersion: RULE_VERSION, weightsVersion: WEIGHTS.version, isMatched: credit.isMatched };
    if (credit.isMatched) return { ...versions, proposals: [] };
    const transfers = await selectUnpaidTransfers(tx, credit.currency);
    const credits = await selectUnexplainedCredits(tx, credit);
    const lines = await selectLinesOfTransfers(tx, transfers.filter((t) => t.sumMinor > credit.amountMinor));
    const feeOf = (partnerId: string, currency: string): bigint => {
      const limit = feeLimitOf(partnerId);
      return limit?.currency === currency ? limit.amountMinor : 0n;
    };
    const proposals = proposalsForCredit(WEIGHTS, credit, { transfers, credits, feeOf, linesOf: (t) => lines.get(`${t.partnerId} ${t.transfer}`) ?? [] });
    return { ...versions, proposals: proposals.slice(0, PROPOSALS_MAX) };
  });
}
