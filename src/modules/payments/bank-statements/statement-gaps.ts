import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { selectOpenFindings } from './statement.store.ts';
import type { StatementGap } from './statement.store.ts';

const GAPS_MAX = 1_000;

/** What keeps the bank's statements from following each other now: missing, replayed, opening with another sum, overlapping. The words are those of findings. */
export async function statementGaps(ctx: Ctx): Promise<StatementGap[]> {
  authorise(ctx, 'payments.view');
  return inTransaction(ctx, (tx) => selectOpenFindings(tx, GAPS_MAX));
}
