import type { TxCtx } from '../../../platform/context.ts';
import { commitPostingBatch, openPostingBatch } from '../../ledger/index.ts';
import { feeLimitOf } from './fee-limit.ts';
import { addCreditLegs } from '../runs/posting.store.ts';
import { judgeTransfers } from './transfer.rules.ts';
import type { Credit, CreditJudgement } from './transfer.rules.ts';
import { saveCreditOutcomes, saveTransferStates, selectOpenCredits, selectOpenSums, selectSettledOwners } from './transfer.store.ts';

/** A second credit for a transfer that is settled: the partner's money all the same, in suspense until a person has asked what it is for. */
async function withSecondCredits(ctx: TxCtx, credits: readonly Credit[], judged: readonly CreditJudgement[]): Promise<CreditJudgement[]> {
  const ownerless = new Set(judged.filter((c) => c.partnerId === null && c.reasons.includes('transfer.unknown')).map((c) => c.creditId));
  const owners = await selectSettledOwners(ctx, credits.filter((c) => ownerless.has(c.creditId)));
  return judged.map((c) => {
    const owner = owners.get(c.creditId);
    return owner === undefined ? c : { ...c, ...owner, reasons: ['transfer.second_credit'] };
  });
}

/** Holds every open transfer's sum against the credits, and books each credit that lines name into the partner's suspense. */
export async function settleCredits(ctx: TxCtx, runId: string): Promise<void> {
  await judgeCredits(ctx, runId);
  await openPostingBatch(ctx);
  await addCreditLegs(ctx, runId);
  await commitPostingBatch(ctx, { batchKey: `credits:${runId}` });
}

/** The same without booking anything. */
export async function judgeCredits(ctx: TxCtx, runId: string): Promise<void> {
  const sums = await selectOpenSums(ctx);
  const credits = await selectOpenCredits(ctx);
  const judged = judgeTransfers(sums, credits, feeLimitOf);
  await saveTransferStates(ctx, judged.transfers);
  await saveCreditOutcomes(ctx, runId, await withSecondCredits(ctx, credits, judged.credits));
}
