import type { Config } from '../platform/config.ts';
import type { ClockLength, ClockRule } from '../modules/referrals/index.ts';
import { EXIT, textOption } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

export const clockCommands: readonly Command[] = [
  {
    name: 'clocks due',
    args: '<clock>',
    describe: 'clocks:cli.due',
    needs: 'nothing',
    options: [
      { flags: '--from <date>', describe: 'clocks:cli.from', required: true },
      { flags: '--with-service', describe: 'clocks:cli.with_service' },
    ],
    run: due,
  },
  { name: 'clocks list', describe: 'clocks:cli.list', needs: 'nothing', run: list },
];

async function due(io: Io, input: Input, config: Config): Promise<ExitCode> {
  const { dueDate, getClock, loadOfficeCalendars } = await import('../modules/referrals/index.ts');
  loadOfficeCalendars(config.dataDir);
  const withService = input.options.withService === true;
  const result = dueDate(input.args[0] ?? '', textOption(input, 'from'), { withService });
  const rule = getClock(result.clock);
  const length = lengthWords(io, (withService ? rule.withService : undefined) ?? rule.length, rule);
  io.say(io.words('clocks:cli.result', { clock: nameOf(io, rule), due: result.due, length, citation: result.citation }));
  if (!result.binding) io.say(io.words('clocks:cli.target'));
  await io.json(result);
  return EXIT.done;
}

async function list(io: Io): Promise<ExitCode> {
  const { listClocks } = await import('../modules/referrals/index.ts');
  const headings = ['clock', 'length', 'starts', 'stops', 'citation'].map((column) => io.words(`clocks:cli.column.${column}`));
  io.table(headings, listClocks().map((rule) => [
    rule.clock, lengthWords(io, rule.length, rule), io.words(`clocks:event.${rule.starts}`), io.words(`clocks:event.${rule.stops}`), rule.citation,
  ]));
  for (const rule of listClocks()) await io.json(rule);
  return EXIT.done;
}

function nameOf(io: Io, rule: ClockRule): string {
  return io.words(`clocks:name.${rule.clock.replaceAll('.', '_')}`);
}

function lengthWords(io: Io, length: ClockLength, rule: ClockRule): string {
  if ('weeks' in length) return io.words('clocks:length.weeks', { n: length.weeks });
  if ('months' in length) return io.words('clocks:length.months', { n: length.months });
  return io.words(`clocks:length.days_${rule.dayKind}`, { n: length.days });
}
