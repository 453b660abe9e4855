import { AppError } from '../../../platform/errors.ts';

/** So many of a process's messages are taken in at once: each needs a connection to the database, and so does everybody else. */
const AT_ONCE_MAX = 3;
/** So many wait their turn; whoever comes then is asked to come again. */
const WAITING_MAX = 5_000;

let running = 0;
const waiting: (() => void)[] = [];

/** Runs `work` when it is its turn. @throws AppError `exchange.busy` (partner_unavailable), before anything was done. */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE_MAX) {
    if (waiting.length >= WAITING_MAX) throw new AppError('partner_unavailable', 'exchange.busy');
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else {
    running += 1;
  }
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
