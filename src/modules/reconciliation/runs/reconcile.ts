import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { emit } from '../../../platform/outbox.ts';
import { recordAudit } from '../../audit/index.ts';
import { commitPostingBatch, openPostingBatch } from '../../ledger/index.ts';
import { countCases, selectCaseShapes, selectDisbursementShapes, selectPartnersWithNumbers } from '../matching/candidate.store.ts';
import type { Shapes } from '../matching/shapes.rules.ts';
import { insertPlainOutcomes } from './copy.store.ts';
import { decideFile } from './decide-file.ts';
import { addRegisteredLegs, selectUnregistered } from './posting.store.ts';
import { carryOutDecisions, sendReturns } from '../suspense/carry-out.ts';
import { recoverDisbursements } from '../bank/recover-disbursements.ts';
import { adoptInterrupted, countFiles, finishRun, insertRun, selectFilesToReconcile, tallyBank, tallyRun, whileAlone } from './run.store.ts';
import { summaryOf } from './run-summary.rules.ts';
import type { ReconciliationSummary } from './run-summary.rules.ts';
import type { FileToReconcile, Tally } from './run.store.ts';
import { settleCredits } from '../bank/settle-credits.ts';
import { settleReturns } from '../bank/settle-returns.ts';
import { takeBackCredits } from '../bank/take-back-credits.ts';

const CHAINS_AT_ONCE = 3;

export type ReconcileOptions = { readonly onProgress?: (lines: number, file: number, files: number) => void };

/**
 * Explains every line that is not yet explained and posts what is certain. Repeats, refused lines and transfers first, for all
 * new files together; then one transaction a file; at last what came back from partners. Killed anywhere and run again, it ends in the same state; run again after
 * that, it does nothing. A second run that starts meanwhile waits for this one.
 *
 * @throws AppError forbidden `reconciliation.all_counties_needed`.
 */
export async function reconcile(ctx: Ctx, options: ReconcileOptions = {}): Promise<ReconciliationSummary> {
  authorise(ctx, 'reconciliation.run');
  // Whoever sees only some counties would take the namesake whom he sees for the only one.
  if (ctx.actor.counties !== 'all') throw new AppError('forbidden', 'reconciliation.all_counties_needed');
  return whileAlone(ctx, async () => {
    const runId = newId('run');
    await inTransaction(ctx, (tx) => insertRun(tx, runId));
    await registerDisbursements(ctx);
    await inTransaction(ctx, (tx) => insertPlainOutcomes(tx, runId));
    await inTransaction(ctx, (tx) => sendReturns(tx, runId));
    await settleBank(ctx, runId);
    await decideFiles(ctx, runId, options);
    await carryOutDecisions(ctx, runId);
    await inTransaction(ctx, (tx) => settleReturns(tx, runId));
    await inTransaction(ctx, (tx) => recoverDisbursements(tx, runId));
    return inTransaction(ctx, (tx) => close(tx, runId));
  });
}

/** Money that the State Disbursement Unit has handed over is in transit with the partner: one transaction a register. */
async function registerDisbursements(ctx: Ctx): Promise<void> {
  for (const fileId of await inTransaction(ctx, selectUnregistered)) {
    await inTransaction(ctx, async (tx) => {
      await openPostingBatch(tx);
      await addRegisteredLegs(tx, fileId);
      await commitPostingBatch(tx, { batchKey: `disbursements:${fileId}` });
    });
  }
}

/** Credits, then what the bank took back of them; a transfer that lost its credit may have another one, so until nothing more is taken back. */
async function settleBank(ctx: Ctx, runId: string): Promise<void> {
  do await inTransaction(ctx, (tx) => settleCredits(tx, runId));
  while (await inTransaction(ctx, (tx) => takeBackCredits(tx, runId)) > 0);
}

/** The files to decide, and what a decision on any of them needs to know. */
export async function selectWork(ctx: TxCtx): Promise<{ readonly files: readonly FileToReconcile[]; readonly shapes: Shapes; readonly caseCount: number }> {
  const files = await selectFilesToReconcile(ctx);
  const partners = await selectPartnersWithNumbers(ctx, [...new Set(files.map((f) => f.partnerId))]);
  const [cases, disbursements] = [await selectCaseShapes(ctx), await selectDisbursementShapes(ctx)];
  return { files, shapes: { cases: cases.shapes, disbursements: disbursements.shapes, isCut: cases.isCut || disbursements.isCut, partners }, caseCount: await countCases(ctx) };
}

async function decideFiles(ctx: Ctx, runId: string, options: ReconcileOptions): Promise<void> {
  const { files, shapes, caseCount } = await inTransaction(ctx, selectWork);
  let number = 0;
  const decide = (file: FileToReconcile): Promise<void> => {
    const at = ++number;
    return inTransaction(ctx, async (tx) => {
      const lines = await decideFile(tx, { runId, file, shapes, caseCount }, (done) => options.onProgress?.(done, at, files.length));
      await recordAudit(tx, { action: 'reconciliation.file_decided', subject: { type: 'received_file', id: file.fileId }, partner: file.partnerId, details: { run: runId, lines } });
    });
  };
  // The longest first: nothing else is left to do beside one that begins last.
  const length = (chain: readonly FileToReconcile[]): number => chain.reduce((lines, file) => lines + file.lines, 0);
  await sideBySide([...Map.groupBy(files, (f) => `${f.kind}:${f.partnerId}`).values()].sort((a, b) => length(b) - length(a)), decide);
}

/**
 * What one partner reports of one kind touches nothing that another one's does: such files go side by side, each partner's in
 * their order. All have ended before anybody hears of a fault.
 */
async function sideBySide(chains: readonly (readonly FileToReconcile[])[], decide: (file: FileToReconcile) => Promise<void>): Promise<void> {
  const waiting = [...chains];
  const work = async (): Promise<void> => {
    for (let chain = waiting.shift(); chain !== undefined; chain = waiting.shift()) for (const file of chain) await decide(file);
  };
  const ended = await Promise.allSettled(Array.from({ length: CHAINS_AT_ONCE }, work));
  for (const result of ended) if (result.status === 'rejected') throw result.reason;
}

/** Lines by outcome, of whatever kind. */
export function summarise(tallies: readonly Tally[]): Record<string, number> {
  const outcomes: Record<string, number> = {};
  for (const t of tallies) outcomes[t.outcome] = (outcomes[t.outcome] ?? 0) + t.lines;
  return outcomes;
}

async function close(ctx: TxCtx, runId: string): Promise<ReconciliationSummary> {
  await adoptInterrupted(ctx, runId);
  const tallies = await tallyRun(ctx, runId);
  const outcomes = summarise(tallies);
  const bank = await tallyBank(ctx, runId);
  const summary = { files: await countFiles(ctx, runId), outcomes, tallies, bank };
  await finishRun(ctx, runId, summary);
  await recordAudit(ctx, { action: 'reconciliation.finished', subject: { type: 'reconciliation_run', id: runId }, details: { files: summary.files, ...outcomes, ...bank } });
  await emit(ctx, 'reconciliation.finished', { runId });
  return summaryOf(runId, summary.files, outcomes, bank);
}
