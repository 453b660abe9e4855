import { authorise } from '../../platform/authorise.ts';
import type { TxCtx } from '../../platform/context.ts';
import { commitBatch, openBatch } from './posting.store.ts';

export interface PostedBatch {
  readonly transfersPosted: number;
  /** Transfers whose key and body were there already: nothing moved for them. */
  readonly transfersKnown: number;
  readonly entriesPosted: number;
  readonly accountsOpened: number;
}

/**
 * Opens a batch: from here to `commitPostingBatch` the transaction has an empty temporary table
 *
 * `posting_legs (transfer_key, event, occurred_on, account_kind, partner_id, case_id, county, currency, amount_minor, reverses_key)`
 *
 * which the caller's store fills by `INSERT … SELECT`, one row for each leg (debit positive, credit negative; `reverses_key` null
 * but for a reversal, and the same in all legs of a transfer, as are event and date). Legs of zero are left out by themselves.
 * The table takes rows and shows them; it cannot be changed otherwise. One batch a transaction keeps concurrent batches free of deadlocks.
 *
 * @throws AppError `ledger.batch_open` when legs of an earlier batch of this transaction still wait.
 */
export async function openPostingBatch(ctx: TxCtx): Promise<void> {
  authorise(ctx, 'ledger.post');
  await openBatch(ctx);
}

/**
 * Posts every transfer of the open batch in a few statements: all of them or, with a refusal, none. A transfer whose key is
 * known with the same body is left alone, so that the same batch may come again, in any order and any number of times.
 * Nothing is told to the audit record here: the caller knows what it means.
 *
 * @throws AppError conflict `ledger.key_reused` (same key, other body), `ledger.already_reversed`; invalid `ledger.unbalanced`,
 *   `ledger.leg_invalid`, `ledger.transfer_invalid`, `ledger.reversal_not_mirror`, `ledger.amount_out_of_range`;
 *   not_found `ledger.transfer_unknown` (what it reverses); forbidden `ledger.out_of_scope`.
 */
export async function commitPostingBatch(ctx: TxCtx, batch: { readonly batchKey: string }): Promise<PostedBatch> {
  authorise(ctx, 'ledger.post');
  const row = await commitBatch(ctx, batch.batchKey);
  return {
    transfersPosted: Number(row.transfers_posted), transfersKnown: Number(row.transfers_known),
    entriesPosted: Number(row.entries_posted), accountsOpened: Number(row.accounts_opened),
  };
}
