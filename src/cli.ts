import { Command as Commander, CommanderError, Option as CommanderOption } from 'commander';
import type { Command, ExitCode, Input, Io } from './cli/command.ts';
import { EXIT } from './cli/command.ts';
import { COMMANDS } from './cli/commands.ts';
import { findingLine, outliveReaders, printable, terminalIo } from './cli/io.ts';
import { configFromEnvironment } from './platform/config.ts';
import type { Config, Language } from './platform/config.ts';
import { AppError } from './platform/errors.ts';
import { translator, wordsForCode } from './platform/i18n.ts';
import { createLogger } from './platform/log.ts';

/** The command `puente`: parses the words, opens what the command needs, translates refusals into exit codes. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  outliveReaders();
  sayNothingOfValues();
  let config: Config;
  try {
    config = configFromEnvironment();
  } catch (error) {
    return reportRefusal('en', error);
  }
  let exitCode: ExitCode = EXIT.done;
  const program = buildProgram(config.language, async (command, input) => {
    exitCode = await execute(command, input, config);
  });
  try {
    await program.parseAsync(argv as string[], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    throw error;
  }
  return exitCode;
}

/**
 * What nobody caught ends the process all the same, but is logged as the log may know it: Node's own report would print a
 * database driver's parameters, and they are names and numbers of people.
 */
function sayNothingOfValues(): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      createLogger('fatal').fatal({ err: error }, event);
      process.exit(EXIT.fault);
    });
  }
}

function buildProgram(language: Language, act: (command: Command, input: Input) => Promise<void>): Commander {
  const words = translator(language);
  const program = settle(new Commander('puente').description(words('cli:about')), words);
  const groups = new Map<string, Commander>();
  for (const command of COMMANDS) {
    const path = command.name.split(' ');
    let parent = program;
    for (const [at, word] of path.slice(0, -1).entries()) {
      const group = path.slice(0, at + 1).join('_');
      const known = groups.get(group) ?? settle(parent.command(word).description(words(`cli:group.${group}`)), words);
      groups.set(group, known);
      parent = known;
    }
    addCommand(parent, path.at(-1) ?? '', command, words, act);
  }
  return program;
}

/** Usage faults are thrown, not exits, so that the embedded database is never left running by a typing mistake. */
function settle(commander: Commander, words: (key: string) => string): Commander {
  return commander.configureOutput({ writeErr: (text) => void process.stderr.write(printable(text)) }).exitOverride().helpOption('-h, --help', words('cli:option.help')).helpCommand(false).showHelpAfterError(words('cli:see_help'));
}

function addCommand(parent: Commander, name: string, command: Command, words: (key: string) => string, act: (command: Command, input: Input) => Promise<void>): void {
  const added = settle(parent.command(`${name}${command.args ? ` ${command.args}` : ''}`).description(words(command.describe)), words);
  for (const option of command.options ?? []) {
    const made = new CommanderOption(option.flags, words(option.describe));
    if (option.required) made.makeOptionMandatory();
    if (option.choices) made.choices([...option.choices]);
    if (option.fallback !== undefined) made.default(option.fallback);
    added.addOption(made);
  }
  added.option('--json', words('cli:option.json'));
  added.action(async (...received: unknown[]) => {
    const given = received.slice(0, -2).flat().filter((value): value is string => typeof value === 'string');
    await act(command, { args: given, options: added.opts() });
  });
}

async function execute(command: Command, input: Input, config: Config): Promise<ExitCode> {
  const io = terminalIo(config.language, input.options.json === true);
  try {
    if (command.needs === 'nothing') return await command.run(io, input, config);
    const { openApp } = await import('./main.ts');
    const app = await openApp(config);
    try {
      return await command.run(io, input, app.ctx);
    } finally {
      await app.close();
    }
  } catch (error) {
    return reportRefusal(config.language, error, io);
  }
}

function reportRefusal(language: Language, error: unknown, io?: Io): ExitCode {
  if (!(error instanceof AppError)) {
    createLogger('error').error({ err: error }, 'fault');
    process.stderr.write(`${translator(language)('cli:fault')}\n`);
    return EXIT.fault;
  }
  process.stderr.write(`${printable(wordsForCode(language, 'errors', error.code, error.params))}\n`);
  for (const finding of error.findings) process.stderr.write(`  ${printable(findingLine(language, finding))}\n`);
  if (io?.wantsJson) void io.json({ error: error.code, params: error.params, findings: error.findings });
  return error.kind === 'partner_unavailable' ? EXIT.unavailable : EXIT.refused;
}
