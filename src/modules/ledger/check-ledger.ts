import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import type { Finding } from '../../platform/errors.ts';
import { countLedger, findFaults } from './check.store.ts';

export interface LedgerCheck {
  readonly isClean: boolean;
  readonly accounts: number;
  readonly transfers: number;
  readonly entries: number;
  readonly findings: readonly Finding[];
}

/**
 * Recomputes the whole ledger of the agency: every transfer and every currency sums to zero, balances equal entries, nothing is
 * orphaned, bodies are what was posted, reversals mirror what they reverse. It changes nothing.
 *
 * @throws AppError forbidden `ledger.whole_agency_only` for an actor who does not see all of it, because part of a ledger proves nothing.
 */
export async function checkLedger(ctx: Ctx): Promise<LedgerCheck> {
  authorise(ctx, 'ledger.view');
  if (ctx.actor.counties !== 'all' || ctx.actor.partner !== null) throw new AppError('forbidden', 'ledger.whole_agency_only');
  return inTransaction(ctx, async (tx) => {
    const faults = await findFaults(tx);
    const counts = await countLedger(tx);
    return {
      isClean: faults.length === 0,
      accounts: Number(counts.accounts), transfers: Number(counts.transfers), entries: Number(counts.entries),
      findings: faults.map((fault) => ({ code: fault.code, severity: 'block', params: { id: fault.id } })),
    };
  });
}
