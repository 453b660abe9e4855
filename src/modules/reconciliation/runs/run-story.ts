import { authorise } from '../../../platform/authorise.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { keptFigures } from '../figures/keep-figures.ts';
import type { Freshness, Standing } from '../figures/keep-figures.ts';
import { findRun } from './outcome-list.store.ts';
import type { RunRow } from './outcome-list.store.ts';
import { selectStoryFiles, selectStoryMoments, selectStoryMovements, selectStoryReasons, selectStoryWaits } from './run-story.store.ts';
import type { StoryFile, StoryMovement, StoryReason } from './run-story.store.ts';

const FILES_MAX = 500;
const REASONS_MAX = 200;

/** Who has to do something about what waits. */
export type WaitsFor = 'reconciler' | 'partner' | 'bank' | 'state';

export interface StoryStep {
  readonly step: 'registers' | 'bank' | 'file' | 'recoveries' | 'finished';
  readonly fileName: string | null;
  readonly at: Date;
  /** Since the step before ended; files of several partners are worked on side by side. */
  readonly tookMs: number;
}

export interface RunStory {
  readonly run: RunRow;
  readonly files: readonly StoryFile[];
  readonly reasons: readonly StoryReason[];
  readonly movements: readonly StoryMovement[];
  readonly waits: readonly { readonly waitsFor: WaitsFor; readonly what: string; readonly partnerId: string | null; readonly count: number }[];
  readonly steps: readonly StoryStep[];
}

const waitsFor = (kind: string, outcome: string): WaitsFor => (outcome === 'suspense' ? 'reconciler' : outcome === 'rejected' || kind === 'forwarding' ? 'partner' : 'bank');

/**
 * A run as a story: what came, what was found, what moved, what waits for whom, how long each step took. What waits is told as it is now.
 *
 * @throws AppError not_found `reconciliation.run_unknown`; forbidden `reconciliation.all_counties_needed`.
 */
export async function runStory(ctx: Ctx, runId: string, freshness: Freshness = 'fresh'): Promise<RunStory & { readonly standing: Standing }> {
  authorise(ctx, 'reconciliation.view');
  if (ctx.actor.counties !== 'all') throw new AppError('forbidden', 'reconciliation.all_counties_needed');
  if (!/^\w{1,60}$/.test(runId)) throw new AppError('not_found', 'reconciliation.run_unknown');
  return keptFigures(ctx, { figure: 'run_story', scope: runId, freshness }, (tx) => tellStory(tx, runId));
}

async function tellStory(tx: TxCtx, runId: string): Promise<RunStory> {
  const run = await findRun(tx, runId);
  if (run === null) throw new AppError('not_found', 'reconciliation.run_unknown');
  const files = await selectStoryFiles(tx, runId, FILES_MAX);
  const waiting = await selectStoryWaits(tx, runId);
  return {
    run, files, reasons: await selectStoryReasons(tx, runId, REASONS_MAX), movements: await selectStoryMovements(tx, runId),
    waits: [
      ...waiting.lines.map((w) => ({ waitsFor: waitsFor(w.kind, w.outcome), what: `${w.kind}_${w.outcome}`, partnerId: w.partnerId, count: w.lines })),
      ...waiting.proposals.map((p) => ({ waitsFor: p.status === 'exported' ? 'state' as const : 'reconciler' as const, what: `posting_${p.status}`, partnerId: null, count: p.postings })),
    ],
    steps: stepsOf(run, files, await selectStoryMoments(tx, runId)),
  };
}

function stepsOf(run: RunRow, files: readonly StoryFile[], moments: { registers: Date | null; bank: Date | null; recoveries: Date | null }): StoryStep[] {
  const done: { step: StoryStep['step']; fileName: string | null; at: Date | null }[] = [
    { step: 'registers', fileName: null, at: moments.registers }, { step: 'bank', fileName: null, at: moments.bank },
    ...files.filter((f) => f.kind === 'forwarding' || f.kind === 'remittance').map((f) => ({ step: 'file' as const, fileName: f.fileName, at: f.handledAt })),
    { step: 'recoveries', fileName: null, at: moments.recoveries }, { step: 'finished', fileName: null, at: run.finishedAt },
  ];
  let before = run.startedAt.getTime();
  return done.filter((each): each is { step: StoryStep['step']; fileName: string | null; at: Date } => each.at !== null && each.at.getTime() >= run.startedAt.getTime())
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map((each) => {
      const tookMs = each.at.getTime() - before;
      before = each.at.getTime();
      return { ...each, tookMs };
    });
}
