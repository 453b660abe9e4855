import { authorise } from '../../platform/authorise.ts';
import type { TxCtx } from '../../platform/context.ts';
import type { CalendarDate } from '../../platform/dates.ts';
import { AppError } from '../../platform/errors.ts';
import { assertBalanced, mirrored } from './posting.rules.ts';
import type { Transfer } from './posting.rules.ts';
import { legsOf, postOne } from './posting.store.ts';

/**
 * Posts one transfer in one call. For many, open a batch: it is ten times as fast.
 *
 * @returns whether it was posted now (false: the same transfer was there already).
 * @throws AppError as `commitPostingBatch`.
 */
export async function postTransfer(ctx: TxCtx, transfer: Transfer): Promise<{ isNew: boolean }> {
  authorise(ctx, 'ledger.post');
  assertBalanced(transfer);
  return { isNew: await postOne(ctx, transfer) };
}

/**
 * Undoes a transfer by posting its mirror image. A transfer is reversed once; a reversal is never itself reversed: what was right
 * after all is posted anew, under a new key.
 *
 * @throws AppError not_found `ledger.transfer_unknown`; conflict `ledger.already_reversed`; invalid `ledger.reversal_not_mirror`.
 */
export async function reverseTransfer(ctx: TxCtx, reversal: { transferKey: string; reversesKey: string; event: string; occurredOn: CalendarDate }): Promise<{ isNew: boolean }> {
  authorise(ctx, 'ledger.post');
  const legs = await legsOf(ctx, reversal.reversesKey);
  if (legs.length === 0) throw new AppError('not_found', 'ledger.transfer_unknown', { params: { transfer: reversal.reversesKey } });
  return postTransfer(ctx, { ...reversal, legs: mirrored(legs) });
}
