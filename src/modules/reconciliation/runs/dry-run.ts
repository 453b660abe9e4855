import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { judgeCredits } from '../bank/settle-credits.ts';
import { insertPlainOutcomes } from './copy.store.ts';
import { decideFile } from './decide-file.ts';
import { selectOutcomePage } from './outcome-list.store.ts';
import type { LineOutcome, OutcomePlace } from './outcome-list.store.ts';
import { selectWork, summarise } from './reconcile.ts';
import { NO_BANK, summaryOf } from './run-summary.rules.ts';
import type { ReconciliationSummary } from './run-summary.rules.ts';
import { countFiles, dropTemporaries, insertRun, tallyRun, whileAlone } from './run.store.ts';

const PAGE_LINES = 5_000;

/** Carries the answer out of a transaction that must not be kept. */
class Undone extends Error {
  readonly summary: ReconciliationSummary;
  constructor(summary: ReconciliationSummary) {
    super('undone on purpose');
    this.summary = summary;
  }
}

/**
 * What a run would decide now, without deciding it: the same steps in one transaction that is undone. Nothing is written, no line counts as handled;
 * the audit record says that somebody asked. What the bank takes back or brings back is not looked at.
 *
 * @throws AppError forbidden `reconciliation.all_counties_needed`.
 */
export async function dryRun(ctx: Ctx, onOutcome: (outcome: LineOutcome) => Promise<void> = async () => undefined): Promise<ReconciliationSummary> {
  authorise(ctx, 'reconciliation.run');
  if (ctx.actor.counties !== 'all') throw new AppError('forbidden', 'reconciliation.all_counties_needed');
  const summary = await whileAlone(ctx, () => undone(ctx, onOutcome));
  await inTransaction(ctx, (tx) => recordAudit(tx, { action: 'reconciliation.dry_run', subject: { type: 'reconciliation_run', id: summary.runId }, details: { files: summary.files, ...summary.outcomes } }));
  return summary;
}

async function undone(ctx: Ctx, onOutcome: (outcome: LineOutcome) => Promise<void>): Promise<ReconciliationSummary> {
  try {
    return await inTransaction(ctx, async (tx): Promise<never> => { throw new Undone(await tryOut(tx, onOutcome)); });
  } catch (error) {
    if (error instanceof Undone) return error.summary;
    throw error;
  }
}

async function tryOut(ctx: TxCtx, onOutcome: (outcome: LineOutcome) => Promise<void>): Promise<ReconciliationSummary> {
  const runId = newId('run');
  await insertRun(ctx, runId);
  await insertPlainOutcomes(ctx, runId);
  await judgeCredits(ctx, runId);
  const { files, shapes, caseCount } = await selectWork(ctx);
  for (const file of files) {
    // What a transaction leaves behind for its end, every file makes anew.
    await dropTemporaries(ctx);
    await decideFile(ctx, { runId, file, shapes, caseCount, isDry: true }, () => undefined);
  }
  await tell(ctx, runId, onOutcome);
  return summaryOf(runId, await countFiles(ctx, runId), summarise(await tallyRun(ctx, runId)), NO_BANK);
}

async function tell(ctx: TxCtx, runId: string, onOutcome: (outcome: LineOutcome) => Promise<void>): Promise<void> {
  let after: OutcomePlace | null = null;
  for (;;) {
    const page = await selectOutcomePage(ctx, runId, after, PAGE_LINES);
    for (const { importedSeq: _, ...outcome } of page) await onOutcome(outcome);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_LINES) return;
    after = { importedSeq: last.importedSeq, line: last.line };
  }
}
