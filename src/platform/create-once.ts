import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeDataDir } from './data-dir.ts';

/** Writes a private file that is there once and for all. Two commands may come here at once: it appears whole, and the one that is second uses the first one's. */
export function createOnce(path: string, text: string): void {
  makeDataDir(dirname(path));
  const half = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(half, text, { mode: 0o600, flag: 'wx', flush: true });
    linkSync(half, path);
    const folder = openSync(dirname(path), 'r');
    fsyncSync(folder);
    closeSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(half, { force: true });
  }
}
