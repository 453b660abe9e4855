import { Worker } from 'node:worker_threads';
import { AppError } from '../../../platform/errors.ts';
import { refusedLook } from './look.ts';
import type { ListKnown, Look } from './look.ts';

const HEAP_MB = 1024;
const TIME_MS = 120_000;
/** Threads of this process at once; one person has one. */
const THREADS_MAX = 2;
/** Beyond, somebody opens one page again and again. */
const WAITING_MAX = 20;

const running = new Map<string, Promise<unknown>>();
const waiting: (() => void)[] = [];
let threads = 0;

/**
 * Reads a list in a thread whose memory and time are bounded: one at a time for each person, two for all; the others wait.
 *
 * @throws AppError `payments.lists_being_read`: too many wait. What cannot be read is an answer.
 */
export async function lookAtList(person: string, before: () => Promise<Look | null>, bytes: () => Promise<Buffer>, known: ListKnown): Promise<Look> {
  if (waiting.length >= WAITING_MAX) throw new AppError('partner_unavailable', 'payments.lists_being_read');
  while (running.has(person)) await running.get(person)?.catch(() => undefined);
  const look = readOnce(before, bytes, known);
  running.set(person, look);
  try {
    return await look;
  } catch (error) {
    return refusedLook(error);
  } finally {
    running.delete(person);
  }
}

/** What another request of the same person has read meanwhile is not read again. */
const readOnce = async (before: () => Promise<Look | null>, bytes: () => Promise<Buffer>, known: ListKnown): Promise<Look> => await before() ?? inThread(bytes, known);

async function inThread(bytes: () => Promise<Buffer>, known: ListKnown): Promise<Look> {
  if (threads >= THREADS_MAX) await new Promise<void>((resolve) => waiting.push(resolve));
  threads++;
  try {
    return await askWorker(await bytes(), known);
  } finally {
    threads--;
    waiting.shift()?.();
  }
}

async function askWorker(bytes: Buffer, known: ListKnown): Promise<Look> {
  const copy = new Uint8Array(bytes);
  const worker = new Worker(new URL('./look-worker.ts', import.meta.url), {
    workerData: { bytes: copy, known }, transferList: [copy.buffer], resourceLimits: { maxOldGenerationSizeMb: HEAP_MB }, execArgv: ['--no-warnings'],
  });
  let late: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Look>((resolve, reject) => {
      late = setTimeout(() => reject(new AppError('invalid', 'payments.list_too_slow', { params: { seconds: TIME_MS / 1_000 } })), TIME_MS);
      worker.once('message', resolve);
      worker.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new AppError('invalid', 'payments.list_too_slow', { params: { seconds: TIME_MS / 1_000 }, cause: error }) : error));
      worker.once('exit', () => reject(new Error('fault: the thread that reads a list ended without an answer')));
    });
  } finally {
    clearTimeout(late);
    await worker.terminate();
  }
}
