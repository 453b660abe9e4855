import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { selectOutcomePage } from './outcome-list.store.ts';
import type { LineOutcome, OutcomePlace, PlacedOutcome } from './outcome-list.store.ts';

const PAGE_LINES = 5_000;

/** The outcomes of all lines of the files that a run handled, file by file in the order of import, line by line. */
export async function* streamOutcomes(ctx: Ctx, runId: string): AsyncGenerator<LineOutcome> {
  authorise(ctx, 'reconciliation.view');
  let after: OutcomePlace | null = null;
  for (;;) {
    const place: OutcomePlace | null = after;
    const page: readonly PlacedOutcome[] = await inTransaction(ctx, (tx) => selectOutcomePage(tx, runId, place, PAGE_LINES));
    for (const row of page) {
      const { importedSeq: _, ...outcome } = row;
      yield outcome;
    }
    const last: PlacedOutcome | undefined = page.at(-1);
    if (last === undefined || page.length < PAGE_LINES) return;
    after = { importedSeq: last.importedSeq, line: last.line };
  }
}
