/**
 * The three kinds of trouble (README, "Errors"): refusals are thrown as `AppError`, findings are returned as data,
 * faults are bugs and stop the program. Nothing here knows of HTTP, exit codes or sentences: each edge translates once.
 */

export type ErrorKind = 'invalid' | 'unauthenticated' | 'forbidden' | 'not_found' | 'conflict' | 'partner_unavailable';
export type Severity = 'block' | 'warn' | 'info';
export type Param = string | number | boolean | null;

/** Something seen in data. `path` is a JSON pointer or a column name, `line` a physical line (the first is 1); never a personal value. */
export interface Finding {
  code: string;
  severity: Severity;
  path?: string;
  line?: number;
  params?: Record<string, Param>;
}

export interface AppErrorDetails {
  findings?: readonly Finding[];
  params?: Record<string, Param>;
  cause?: unknown;
}

/** A refusal: what was asked did not happen. `code` is dotted (`packet.incomplete`) and becomes words in `locales/`. */
export class AppError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly findings: readonly Finding[];
  readonly params: Record<string, Param>;

  constructor(kind: ErrorKind, code: string, details: AppErrorDetails = {}) {
    super(code, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'AppError';
    this.kind = kind;
    this.code = code;
    this.findings = details.findings ?? [];
    this.params = details.params ?? {};
  }
}

/** States what must hold if the program is right. @throws Error (a fault, never an AppError). */
export function assert(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`fault: ${what}`);
}
