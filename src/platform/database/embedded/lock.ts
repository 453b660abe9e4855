import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../../errors.ts';

const RETRY_MS = 40;
const PATIENCE_MS = 120_000;

/**
 * One command at a time decides whether the embedded server starts or stops. The lock is SQLite's lock on a file, that is,
 * the operating system's: it ends with its holder, also after `kill -9`, so there is no stale lock to judge and break.
 */
export async function withLock<T>(path: string, decide: () => T): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const lock = tryLock(path, 0);
    if (lock !== null) {
      try {
        return decide();
      } finally {
        lock.close();
      }
    }
    if (Date.now() > deadline) throw new AppError('partner_unavailable', 'database.lock_timeout');
    await new Promise((resume) => setTimeout(resume, RETRY_MS));
  }
}

/** The same for a process that is about to exit and can wait no other way. Returns false when the lock was not to be had. */
export function withLockSync(path: string, decide: () => void): boolean {
  const lock = tryLock(path, 20_000);
  if (lock === null) return false;
  try {
    decide();
    return true;
  } finally {
    lock.close();
  }
}

function tryLock(path: string, timeoutMs: number): DatabaseSync | null {
  const lock = new DatabaseSync(path, { timeout: timeoutMs });
  try {
    lock.exec('begin exclusive');
    return lock;
  } catch (error) {
    lock.close();
    if (/locked|busy/i.test((error as Error).message)) return null;
    throw error;
  }
}
