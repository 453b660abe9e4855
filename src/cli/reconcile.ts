import type { ReconciliationSummary } from '../modules/reconciliation/index.ts';
import type { Ctx } from '../platform/context.ts';
import { EXIT } from './command.ts';
import { tellStory } from './run-story.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

export const reconcileCommands: readonly Command[] = [
  {
    name: 'reconcile', describe: 'reconciliation:cli.reconcile', needs: 'app', run: reconcileOrShow,
    options: [{ flags: '--run <run>', describe: 'reconciliation:cli.run_again' }, { flags: '--runs', describe: 'reconciliation:cli.runs' }, { flags: '--story <run>', describe: 'story:story' },
      { flags: '--dry-run', describe: 'reconciliation:cli.dry_run' }],
  },
];

function reconcileOrShow(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  if (typeof input.options['story'] === 'string') return tellStory(io, ctx, input.options['story']);
  if (typeof input.options['run'] === 'string') return showRun(io, input.options['run'], ctx);
  if (input.options['dryRun'] === true) return tryOut(io, ctx);
  return input.options['runs'] === true ? showRuns(io, ctx) : run(io, ctx);
}

async function run(io: Io, ctx: Ctx): Promise<ExitCode> {
  const { reconcile } = await import('../modules/reconciliation/index.ts');
  const bar = io.progress(io.words('reconciliation:cli.progress'));
  let lines = 0;
  const summary = await reconcile(ctx, {
    onProgress: (done) => {
      lines += done;
      bar.advance(lines, lines);
    },
  }).finally(() => bar.end());
  const { recovered, takenBack, forPerson } = summary.bank;
  if (summary.files === 0 && recovered + takenBack + forPerson === 0) {
    io.say(io.words('reconciliation:cli.nothing'));
    return EXIT.done;
  }
  return tell(io, ctx, summary);
}

/** What a run would decide, line by line, and nothing kept of it. */
async function tryOut(io: Io, ctx: Ctx): Promise<ExitCode> {
  const { dryRun, OUTCOMES } = await import('../modules/reconciliation/index.ts');
  const summary = await dryRun(ctx, async (outcome) => {
    if (io.wantsJson) await io.json(outcome);
  });
  if (summary.files === 0) {
    io.say(io.words('reconciliation:cli.nothing'));
    return EXIT.done;
  }
  io.table(
    [io.words('reconciliation:cli.outcome'), io.words('reconciliation:cli.lines')],
    OUTCOMES.map((o) => [io.words(`reconciliation:outcome.${o}`), String(summary.outcomes[o] ?? 0)]),
  );
  io.say(io.words('reconciliation:cli.dry_run_over'));
  return summary.needsPerson ? EXIT.needsPerson : EXIT.done;
}

/** What a finished run told, once more: for whoever lost the output. Lines say what became of them until now. */
async function showRun(io: Io, runId: string, ctx: Ctx): Promise<ExitCode> {
  const { getFinishedRun } = await import('../modules/reconciliation/index.ts');
  return tell(io, ctx, await getFinishedRun(ctx, runId));
}

async function tell(io: Io, ctx: Ctx, summary: ReconciliationSummary): Promise<ExitCode> {
  const { OUTCOMES, streamOutcomes } = await import('../modules/reconciliation/index.ts');
  if (io.wantsJson) {
    // Before the lines: whoever is cut off while they are printed can ask for them again.
    io.say(io.words('reconciliation:cli.run', { run: summary.runId }));
    for await (const outcome of streamOutcomes(ctx, summary.runId)) await io.json(outcome);
  }
  io.table(
    [io.words('reconciliation:cli.outcome'), io.words('reconciliation:cli.lines')],
    OUTCOMES.map((o) => [io.words(`reconciliation:outcome.${o}`), String(summary.outcomes[o] ?? 0)]),
  );
  const { recovered, takenBack, forPerson } = summary.bank;
  if (recovered + takenBack + forPerson > 0) {
    io.table([io.words('reconciliation:cli.bank'), io.words('reconciliation:cli.entries')], [
      [io.words('reconciliation:cli.bank_recovered'), String(recovered)], [io.words('reconciliation:cli.bank_taken_back'), String(takenBack)],
      [io.words('reconciliation:cli.bank_for_person'), String(forPerson)],
    ]);
  }
  io.say(io.words(summary.needsPerson ? 'reconciliation:cli.person_needed' : 'reconciliation:cli.all_done', { run: summary.runId }));
  return summary.needsPerson ? EXIT.needsPerson : EXIT.done;
}

async function showRuns(io: Io, ctx: Ctx): Promise<ExitCode> {
  const { listRuns } = await import('../modules/reconciliation/index.ts');
  const { runs } = await listRuns(ctx);
  for (const { runId, state, startedAt, finishedAt, summary } of runs) await io.json({ runId, state, startedAt, finishedAt, files: summary.files ?? null, outcomes: summary.outcomes ?? null });
  if (!io.wantsJson) {
    io.table(
      [io.words('reconciliation:cli.run_id'), io.words('reconciliation:cli.started'), io.words('reconciliation:cli.files'), io.words('reconciliation:cli.lines')],
      runs.map((r) => [r.runId, r.startedAt.toISOString(), String(r.summary.files ?? '—'), String(Object.values(r.summary.outcomes ?? {}).reduce((sum, n) => sum + n, 0))]),
    );
  }
  return EXIT.done;
}
