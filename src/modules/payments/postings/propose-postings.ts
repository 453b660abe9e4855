import { authorise } from '../../../platform/authorise.ts';
import type { TxCtx } from '../../../platform/context.ts';
import { insertCandidates, openCandidates } from './posting.store.ts';

export interface ProposedPostings {
  readonly proposed: number;
  /** Taken back before they were exported: the State never hears of them. */
  readonly withdrawn: number;
  /** Taken back after they were exported: a reversal goes to the State. */
  readonly reversed: number;
  /** Proposals that were there already, with the same content. */
  readonly known: number;
}

/**
 * Opens a set of proposals: until `proposePostings` the transaction has an empty temporary table
 *
 * `posting_candidates (proposal_key, case_id, county, file_id, line_number, collected_on, received_on, amount_minor, currency, bucket, obligation_id, reverses_key)`
 *
 * which the caller's store fills by `INSERT … SELECT`. `proposal_key` names the proposal for ever: use the ledger's transfer key.
 * `received_on` is the bank's date of the credit. `bucket` and `obligation_id` stay null where the State is to distribute.
 * A row with `reverses_key` (the key of an earlier proposal) takes that one back; it needs nothing else but its own key and, if known, `received_on`.
 */
export async function openPostingProposals(ctx: TxCtx): Promise<void> {
  authorise(ctx, 'ledger.post');
  await openCandidates(ctx);
}

/**
 * Proposes the open set, in the transaction that posts it to the ledger. The same set again proposes nothing new.
 *
 * @throws AppError conflict `postings.key_reused` (same key, other content); not_found `postings.posting_unknown` (what is taken back).
 */
export async function proposePostings(ctx: TxCtx): Promise<ProposedPostings> {
  authorise(ctx, 'ledger.post');
  const counts = await insertCandidates(ctx);
  return { proposed: Number(counts.proposed), withdrawn: Number(counts.withdrawn), reversed: Number(counts.reversed), known: Number(counts.known) };
}
