import type { TxCtx } from '../../../platform/context.ts';
import { recordAudit } from '../../audit/index.ts';
import { commitPostingBatch, openPostingBatch, reverseInBatch } from '../../ledger/index.ts';
import { openPostingProposals, proposePostings } from '../../payments/index.ts';
import { judgeTakeBacks } from './take-back.rules.ts';
import { addWithdrawals, gatherTaken, saveDebits, saveTakenLines, selectNamedCredits, selectReversals } from './take-back.store.ts';

/**
 * Undoes what rests on credits that the bank took back: mirror images of the credit, its fee and its collections, proposals
 * withdrawn, lines in suspense, the cases' next disbursements held. All in this transaction or nothing.
 *
 * @returns how many credits were taken back.
 */
export async function takeBackCredits(ctx: TxCtx, runId: string): Promise<number> {
  const judged = judgeTakeBacks(await selectNamedCredits(ctx));
  if (judged.length === 0) return 0;
  await saveDebits(ctx, runId, judged);
  const taken = judged.flatMap((j) => (j.creditId === null ? [] : [{ ...j, creditId: j.creditId }]));
  if (taken.length === 0) return 0;
  await gatherTaken(ctx, taken.map((t) => t.creditId));
  await openPostingBatch(ctx);
  await reverseInBatch(ctx, await selectReversals(ctx));
  await commitPostingBatch(ctx, { batchKey: `taken_back:${runId}:${taken[0]?.creditId ?? ''}` });
  await saveTakenLines(ctx, runId);
  await openPostingProposals(ctx);
  await addWithdrawals(ctx);
  await proposePostings(ctx);
  for (const t of taken) {
    await recordAudit(ctx, { action: 'reconciliation.credit_taken_back', subject: { type: 'bank_credit', id: t.creditId }, partner: t.partnerId, details: { run: runId, debit: t.debitId } });
  }
  return taken.length;
}
