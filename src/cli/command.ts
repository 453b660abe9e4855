import type { Config, Language } from '../platform/config.ts';
import type { Ctx } from '../platform/context.ts';
import type { Finding, Param } from '../platform/errors.ts';
import type { Translate } from '../platform/i18n.ts';

/** Exit codes of the command (contract 8). */
export const EXIT = Object.freeze({ done: 0, fault: 1, usage: 2, refused: 3, unavailable: 4, needsPerson: 10 });
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A bar on standard error while work is long; draws nothing where standard error is no terminal. */
export interface Progress {
  advance(done: number, total?: number): void;
  end(): void;
}

/** How a command speaks: machine-readable things to standard output, everything else to standard error when `--json` is given. */
export interface Io {
  readonly wantsJson: boolean;
  readonly language: Language;
  readonly words: Translate;
  /** Text for a person: standard output, or standard error under `--json`. */
  say(text: string): void;
  /** One JSON value on a line of standard output; does nothing without `--json`. Waits while the reader is slow. */
  json(value: unknown): Promise<void>;
  /** A finding in words, with its place, for a person. */
  finding(finding: Finding, file?: string): void;
  table(headings: readonly string[], rows: readonly (readonly string[])[]): void;
  progress(label: string): Progress;
}

export interface Input {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | string[] | undefined>>;
}

export interface Option {
  /** As commander writes it: `--out <dir>`. */
  readonly flags: string;
  /** Key of its description in `locales/*\/cli.json`. */
  readonly describe: string;
  readonly required?: boolean;
  readonly choices?: readonly string[];
  readonly fallback?: string;
}

interface CommandBase {
  /** Words of the command: `cases import`. */
  readonly name: string;
  /** As commander writes them: `<file...>`. */
  readonly args?: string;
  /** Key of its description in `locales/*\/cli.json`. */
  readonly describe: string;
  readonly options?: readonly Option[];
}

/** A command that works without a database. */
export interface OfflineCommand extends CommandBase {
  readonly needs: 'nothing';
  run(io: Io, input: Input, config: Config): Promise<ExitCode>;
}

/** A command that works on the database, as the operator. The database is open while it runs. */
export interface AppCommand extends CommandBase {
  readonly needs: 'app';
  run(io: Io, input: Input, ctx: Ctx): Promise<ExitCode>;
}

/**
 * One command, as data. `--json` and `--help` are added to each. Modules are imported inside `run`, so that `--help`
 * and unrelated commands stay quick.
 */
export type Command = OfflineCommand | AppCommand;

/** Whether findings call for a person: anything that blocks or warns. */
export function needsPerson(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity !== 'info');
}

/** The value of an option that must be there; commander has already refused its absence. */
export function textOption(input: Input, name: string): string {
  const value = input.options[name];
  if (typeof value !== 'string') throw new Error(`fault: option ${name} is no text`);
  return value;
}

/** The value of an option that need not be there. */
export function optionalText(input: Input, name: string): string | undefined {
  const value = input.options[name];
  return typeof value === 'string' ? value : undefined;
}

/** The same for use cases that want it said that there is none. */
export const textOrNull = (input: Input, name: string): string | null => optionalText(input, name) ?? null;

export type { Finding, Param };
