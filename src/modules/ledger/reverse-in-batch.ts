import { authorise } from '../../platform/authorise.ts';
import type { TxCtx } from '../../platform/context.ts';
import type { Reversal } from './posting.rules.ts';
import { addMirroredLegs } from './reversal.store.ts';

/**
 * Adds the mirror images of posted transfers to the open batch, for all of them in one statement. A key that no transfer has is
 * passed over; what was reversed under another key is refused when the batch is committed (`ledger.already_reversed`).
 *
 * @returns how many of the transfers there are.
 */
export async function reverseInBatch(ctx: TxCtx, reversals: readonly Reversal[]): Promise<number> {
  authorise(ctx, 'ledger.post');
  return addMirroredLegs(ctx, reversals);
}
