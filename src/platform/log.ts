import { pino } from 'pino';
import type { Logger } from 'pino';

export type { Logger } from 'pino';

/**
 * Names under which personal data could slip in by mistake. The rule is that logs carry codes and ids only;
 * this list is the second wall, not the first.
 */
const REDACTED = ['name', 'given', 'family', 'secondFamily', 'native', 'address', 'lines', 'phone', 'email', 'value', 'ssn', 'password', 'note', 'body', 'authorization', 'cookie'];

/** Structured log on standard error (standard output belongs to `--json`). */
export function createLogger(level: string, destination: NodeJS.WritableStream = process.stderr): Logger {
  const paths = REDACTED.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);
  return pino({
    level,
    base: { service: 'puente' },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths, censor: '[redacted]' },
    serializers: { err: describeError },
  }, destination);
}

/** An error as the log may know it: its class, code and stack. A database driver's message quotes values, so messages stay out. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, kind } = error as Error & { code?: unknown; kind?: unknown };
  // The stack begins with the message, whose own lines may look like frames.
  const stack = error.stack ?? '';
  const messageAt = stack.indexOf(error.message);
  const frames = (messageAt < 0 ? '' : stack.slice(messageAt + error.message.length)).split('\n').filter((line) => line.trimStart().startsWith('at ')).slice(0, 12);
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof kind === 'string' ? { kind } : {}),
    stack: frames.map((line) => line.trim()),
    ...(error.cause instanceof Error ? { cause: describeError(error.cause) } : {}),
  };
}
