import { AppError } from '../../../platform/errors.ts';
import { feeLimitOf } from '../bank/fee-limit.ts';
import { feeTaken } from '../bank/transfer.rules.ts';
import { findBankFacts, findOpenTransfer, findReturn, insertAssignment } from './bank-item.store.ts';
import { textParam } from './plan.ts';
import type { Planner } from './plan.ts';
import { seenEntry } from './plan-return.ts';

/**
 * Says which transfer a credit pays that names none. The next run judges and books it as if the bank had named it. Params: partnerId, transfer.
 */
export const planAssign: Planner = async (ctx, ref, params) => {
  const credit = ref.kind === 'credit' ? await findBankFacts(ctx, 'credit', ref.entryId, { lock: true }) : null;
  if (credit === null) throw new AppError('not_found', 'suspense.item_unknown');
  if (credit.outcome !== 'unmatched' || credit.isPosted || credit.isTakenBack || (await findReturn(ctx, `credit-${credit.entryId}`)) !== null) {
    throw new AppError('conflict', 'suspense.no_longer', { params: { outcome: credit.outcome } });
  }
  const [partnerId, transfer] = [textParam(params, 'partnerId'), textParam(params, 'transfer')];
  const sum = await findOpenTransfer(ctx, partnerId, transfer);
  if (sum === null) throw new AppError('invalid', 'suspense.transfer_unknown', { params: { field: 'transfer' } });
  if (credit.bookedOn === null || feeTaken(sum, { creditId: credit.entryId, amountMinor: credit.amountMinor, currency: credit.currency, tokens: [] }, feeLimitOf(partnerId)) === null) {
    throw new AppError('conflict', 'suspense.assign_sum_differs', { params: { field: 'transfer' } });
  }
  return {
    partnerId, amountMinor: credit.amountMinor, currency: credit.currency, seen: seenEntry(credit), isUnusual: true,
    execute: (decisionId) => insertAssignment(ctx, { creditId: credit.entryId, partnerId, transfer: sum.transfer, decisionId }),
  };
};
