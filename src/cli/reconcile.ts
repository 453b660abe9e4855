import type { Ctx } from '../platform/context.ts';
import { EXIT } from './command.ts';
import type { Command, ExitCode, Io } from './command.ts';

export const reconcileCommands: readonly Command[] = [
  { name: 'reconcile', describe: 'reconciliation:cli.reconcile', needs: 'app', run: (io, _input, ctx) => run(io, ctx) },
];

async function run(io: Io, ctx: Ctx): Promise<ExitCode> {
  const { OUTCOMES, reconcile, streamOutcomes } = await import('../modules/reconciliation/index.ts');
  const bar = io.progress(io.words('reconciliation:cli.progress'));
  let lines = 0;
  const summary = await reconcile(ctx, {
    onProgress: (done) => {
      lines += done;
      bar.advance(lines, lines);
    },
  }).finally(() => bar.end());
  if (io.wantsJson) for await (const outcome of streamOutcomes(ctx, summary.runId)) await io.json(outcome);
  if (summary.files === 0) {
    io.say(io.words('reconciliation:cli.nothing'));
    return EXIT.done;
  }
  io.table(
    [io.words('reconciliation:cli.outcome'), io.words('reconciliation:cli.lines')],
    OUTCOMES.map((o) => [io.words(`reconciliation:outcome.${o}`), String(summary.outcomes[o] ?? 0)]),
  );
  io.say(io.words(summary.needsPerson ? 'reconciliation:cli.person_needed' : 'reconciliation:cli.all_done', { run: summary.runId }));
  return summary.needsPerson ? EXIT.needsPerson : EXIT.done;
}
