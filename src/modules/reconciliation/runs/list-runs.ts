import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { pageOf } from '../../../platform/list-page.ts';
import type { ListPage } from '../../../platform/list-page.ts';
import { keptFigures } from '../figures/keep-figures.ts';
import type { Freshness } from '../figures/keep-figures.ts';
import { countRunLines, findRun, selectRunLines, selectRuns } from './outcome-list.store.ts';
import type { LineOrder, LineToShow, RunOrder, RunRow } from './outcome-list.store.ts';
import { NO_BANK, summaryOf } from './run-summary.rules.ts';
import type { ReconciliationSummary } from './run-summary.rules.ts';
import { OUTCOMES } from '../matching/reason.rules.ts';
import type { Outcome } from '../matching/reason.rules.ts';

const PAGE_SIZE = 50;
const SIZES = { usual: PAGE_SIZE, most: PAGE_SIZE };

type Page = { readonly total: number; readonly page: number; readonly pageSize: number };

const numberOf = (wanted: number | undefined): number => Math.min(Math.max(1, Math.trunc(wanted ?? 1) || 1), 1_000_000);

export const RUN_STATES = ['running', 'finished', 'interrupted'] as const;

/** All runs, newest first unless told otherwise; of one state, if one is asked for. */
export async function listRuns(ctx: Ctx, wanted: { page?: number; after?: string; sort?: RunOrder; state?: (typeof RUN_STATES)[number] | undefined } = {}): Promise<Omit<ListPage<RunRow>, 'rows'> & { readonly runs: readonly RunRow[] }> {
  authorise(ctx, 'reconciliation.view');
  const order = wanted.sort ?? { by: 'started' as const, isDescending: true };
  const { rows, ...page } = await inTransaction(ctx, (tx) => pageOf({ page: wanted.page, after: wanted.after }, SIZES, (place) => selectRuns(tx, wanted.state ?? null, order, place), ({ runId }) => runId));
  return { runs: rows, ...page };
}

/** @throws AppError not_found `reconciliation.run_unknown`. */
export async function getRun(ctx: Ctx, runId: string): Promise<RunRow> {
  authorise(ctx, 'reconciliation.view');
  const run = await inTransaction(ctx, (tx) => findRun(tx, runId));
  if (run === null) throw new AppError('not_found', 'reconciliation.run_unknown');
  return run;
}

/**
 * What a finished run found, as it told it then.
 *
 * @throws AppError not_found `reconciliation.run_unknown`, conflict `reconciliation.run_unfinished`.
 */
export async function getFinishedRun(ctx: Ctx, runId: string): Promise<ReconciliationSummary> {
  const { state, summary } = await getRun(ctx, runId);
  if (state !== 'finished') throw new AppError('conflict', 'reconciliation.run_unfinished');
  return summaryOf(runId, summary.files ?? 0, summary.outcomes ?? {}, { ...NO_BANK, ...summary.bank });
}

/** The lines of the files that a run handled, with their outcomes and reasons. An outcome that there is none of is ignored. */
export async function listRunLines(ctx: Ctx, runId: string, wanted: { outcome?: string; page?: number; sort?: LineOrder; freshness?: Freshness } = {}): Promise<Page & { readonly lines: readonly LineToShow[] }> {
  await getRun(ctx, runId);
  const page = numberOf(wanted.page);
  const outcome = OUTCOMES.includes(wanted.outcome as Outcome) ? (wanted.outcome as string) : null;
  return inTransaction(ctx, async (tx) => {
    // Counted over all lines of a month, and so kept, for those who see all of them.
    const counted = await keptFigures(tx, { figure: 'run_counts', scope: runId, freshness: ctx.actor.counties === 'all' ? (wanted.freshness ?? 'kept') : 'fresh' }, async () => ({ counts: await countRunLines(tx, runId) }));
    const total = outcome === null ? Object.values(counted.counts).reduce((sum, lines) => sum + lines, 0) : (counted.counts[outcome] ?? 0);
    return { lines: await selectRunLines(tx, runId, { outcome, order: wanted.sort ?? { by: 'place', isDescending: false }, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE }), total, page, pageSize: PAGE_SIZE };
  });
}
