import type { TxCtx } from '../../platform/context.ts';
import { parseMajor } from '../../platform/money.ts';
import { commitPostingBatch, openPostingBatch } from '../ledger/index.ts';
import { findPartner } from '../partners/index.ts';
import { addCreditLegs } from './posting.store.ts';
import { judgeTransfers } from './transfer.rules.ts';
import type { FeeLimit } from './transfer.rules.ts';
import { saveCreditOutcomes, saveTransferStates, selectOpenCredits, selectOpenSums } from './transfer.store.ts';

const limitOf: FeeLimit = (partnerId) => {
  const profile = findPartner(partnerId);
  if (profile === null) return null;
  const { amount, currency } = profile.fees.value.transferFeeMax;
  const amountMinor = parseMajor(amount, currency);
  return amountMinor === null ? null : { amountMinor, currency };
};

/** Holds every open transfer's sum against the credits, and books each credit that lines name into the partner's suspense. */
export async function settleCredits(ctx: TxCtx, runId: string): Promise<void> {
  const sums = await selectOpenSums(ctx);
  const judged = judgeTransfers(sums, await selectOpenCredits(ctx), limitOf);
  await saveTransferStates(ctx, judged.transfers);
  await saveCreditOutcomes(ctx, runId, judged.credits);
  await openPostingBatch(ctx);
  await addCreditLegs(ctx, runId);
  await commitPostingBatch(ctx, { batchKey: `credits:${runId}` });
}
