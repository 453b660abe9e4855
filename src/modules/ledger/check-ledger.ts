import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx, TxCtx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import type { Finding } from '../../platform/errors.ts';
import { anchorOf, readAnchor } from './anchor.ts';
import { chainHeads, countLedger, findFaults } from './check.store.ts';
import type { ChainHead } from './check.store.ts';

export interface LedgerCheck {
  readonly isClean: boolean;
  readonly accounts: number;
  readonly batches: number;
  readonly transfers: number;
  readonly entries: number;
  readonly findings: readonly Finding[];
  /** Stands for all batches so far; null without any. Kept elsewhere, it later proves that none of them went. */
  readonly anchor: string | null;
}

/**
 * Recomputes the whole ledger of the agency: every transfer and every currency sums to zero, balances equal entries and what is reserved,
 * nothing is orphaned, bodies are what was posted, reversals mirror what they reverse, and every chain of batches is whole. It changes nothing.
 *
 * Whoever owns the database can make a chain anew. Only an anchor of an earlier check, kept where they cannot reach it, shows that.
 *
 * @throws AppError forbidden `ledger.whole_agency_only` for an actor who does not see all of it, because part of a ledger proves nothing;
 *   invalid `ledger.anchor_invalid`.
 */
export async function checkLedger(ctx: Ctx, options: { readonly anchor?: string } = {}): Promise<LedgerCheck> {
  authorise(ctx, 'ledger.view');
  if (ctx.actor.counties !== 'all' || ctx.actor.partner !== null) throw new AppError('forbidden', 'ledger.whole_agency_only');
  if (options.anchor !== undefined && readAnchor(options.anchor) === null) throw new AppError('invalid', 'ledger.anchor_invalid');
  return inTransaction(ctx, async (tx) => {
    const faults = await findFaults(tx);
    if (options.anchor !== undefined && !(await isAnchored(tx, options.anchor))) faults.push({ code: 'ledger.anchor_differs', id: options.anchor });
    const counts = await countLedger(tx);
    return {
      isClean: faults.length === 0,
      accounts: Number(counts.accounts), batches: Number(counts.batches), transfers: Number(counts.transfers), entries: Number(counts.entries),
      findings: faults.map((fault) => ({ code: fault.code, severity: 'block', params: { id: fault.id } })),
      anchor: anchorOf((await chainHeads(tx, null)).map(endOf)),
    };
  });
}

async function isAnchored(ctx: TxCtx, anchor: string): Promise<boolean> {
  return anchorOf((await chainHeads(ctx, readAnchor(anchor))).map(endOf)) === anchor;
}

const endOf = (head: ChainHead) => ({ chain: head.chain_id, number: BigInt(head.chain_number), digest: head.chain_digest });
