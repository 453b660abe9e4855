import type { TxCtx } from '../../../platform/context.ts';
import { commitPostingBatch, openPostingBatch } from '../../ledger/index.ts';
import { officeDay } from '../../cases/index.ts';
import { getPartner } from '../../partners/index.ts';
import { openPostingProposals, proposePostings } from '../../payments/index.ts';
import { decideForwardings as decideBatch, decideRemittanceLine } from '../matching/decide-line.ts';
import { gatherForwarding } from '../matching/gather-forwarding.ts';
import type { Shapes } from '../matching/shapes.rules.ts';
import { gatherRemittance, SeenCases } from '../matching/gather-remittance.ts';
import { decidePlainKinds, saysNothing } from '../matching/plain-line.ts';
import { selectRefusals } from '../suspense/refusal.store.ts';
import { beginUndecided, openLines, readUndecided } from './line.store.ts';
import type { OpenLine } from './line.store.ts';
import { addStaged, holdReturned, saveOutcomes, stageOutcomes } from './outcome.store.ts';
import { addForwardingLegs, addPostingCandidates, addRemittanceLegs } from './posting.store.ts';
import { selectRepeatedNotes, stagePlainLines } from './plain-line.store.ts';
import { markFileHandled } from './run.store.ts';
import type { FileToReconcile } from './run.store.ts';
import { releaseCollections } from '../bank/take-back.store.ts';

const BATCH_LINES = 1_500;

export type FileRun = { readonly runId: string; readonly file: FileToReconcile; readonly shapes: Shapes; readonly caseCount: number; /** Decides only: nothing moves. */ readonly isDry?: boolean };

/** Decides and posts one file: every open line gets its outcome, and what is certain moves, all in this transaction or nothing. */
export async function decideFile(ctx: TxCtx, run: FileRun, onProgress: (lines: number) => void): Promise<number> {
  const { fileId, kind } = run.file;
  const count = await openLines(ctx, fileId);
  if (count > 0) {
    await stageOutcomes(ctx);
    if (kind === 'forwarding') await decideForwardings(ctx, run, onProgress);
    else await decideRemittances(ctx, run, onProgress);
    await saveOutcomes(ctx, run.runId, fileId);
    if (run.isDry !== true) await postFile(ctx, run);
  }
  await markFileHandled(ctx, run.runId, fileId);
  return count;
}

async function postFile(ctx: TxCtx, { runId, file: { fileId, kind } }: FileRun): Promise<void> {
  await openPostingBatch(ctx);
  if (kind === 'forwarding') {
    await addForwardingLegs(ctx);
    await holdReturned(ctx);
  } else {
    await addRemittanceLegs(ctx);
    await releaseCollections(ctx, fileId);
  }
  await commitPostingBatch(ctx, { batchKey: `reconcile:${runId}:${fileId}` });
  if (kind === 'remittance') {
    // Last, because proposing waits for everybody else who proposes.
    await openPostingProposals(ctx);
    await addPostingCandidates(ctx, fileId);
    await proposePostings(ctx);
  }
}

async function decideForwardings(ctx: TxCtx, run: FileRun, onProgress: (lines: number) => void): Promise<void> {
  const settled = new Map<string, string>();
  const refusals = await selectRefusals(ctx, run.file.partnerId, 'forwarding');
  const today = officeDay(ctx.clock);
  await beginUndecided(ctx);
  for (let lines = await readUndecided(ctx, BATCH_LINES); lines.length > 0; lines = await readUndecided(ctx, BATCH_LINES)) {
    const facts = await gatherForwarding(ctx, lines, run.shapes, settled, run.caseCount);
    await addStaged(ctx, decideBatch(lines, (line) => facts.evidenceFor(line), settled, (line) => ({ refused: refusals.for(line), today })));
    onProgress(lines.length);
  }
}

/** The database gathers for the next lines while these are decided here: no remittance line depends on the one before. */
async function decideRemittances(ctx: TxCtx, run: FileRun, onProgress: (lines: number) => void): Promise<void> {
  const caseload = { counties: new Set(getPartner(run.file.partnerId).counties.value), caseCount: run.caseCount };
  const refusals = await selectRefusals(ctx, run.file.partnerId, 'remittance');
  const today = officeDay(ctx.clock);
  const harmless = (await selectRepeatedNotes(ctx)).filter((note) => saysNothing(note, run.shapes));
  onProgress(await stagePlainLines(ctx, run.file.partnerId, run.shapes, harmless, decidePlainKinds(caseload), today));
  await beginUndecided(ctx);
  const seen = new SeenCases();
  const gather = async (): Promise<{ lines: readonly OpenLine[]; facts: Awaited<ReturnType<typeof gatherRemittance>> } | null> => {
    const lines = await readUndecided(ctx, BATCH_LINES);
    return lines.length === 0 ? null : { lines, facts: await gatherRemittance(ctx, lines, run.shapes, caseload, seen) };
  };
  for (let current = await gather(); current !== null;) {
    const { lines, facts } = current;
    const next = gather();
    const decided = lines.map((line) => {
      const evidence = facts.evidenceFor(line);
      return { line, decision: decideRemittanceLine(line, evidence, { refused: refusals.for(line), today }) };
    });
    const [, gathered] = await Promise.all([addStaged(ctx, decided), next]);
    onProgress(lines.length);
    current = gathered;
  }
}
