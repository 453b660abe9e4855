import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from './errors.ts';
import { keyRingOf, newKeyFile, rotated } from './keys.ts';
import type { KeyFile } from './keys.ts';

/**
 * Makes a new file of versioned keys, readable by its owner alone. It never touches a file that is there: losing keys means
 * losing every identifier and kept file encrypted with them.
 *
 * @throws AppError `keys.exists` (conflict).
 */
export async function createKeyFile(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const text = `${JSON.stringify(await newKeyFile(), null, 2)}\n`;
  await writeFile(path, text, { mode: 0o600, flag: 'wx', flush: true }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? new AppError('conflict', 'keys.exists', { params: { path } }) : error;
  });
}

/**
 * Adds a key version, which encrypts from now on; older versions go on decrypting. Returns the new version's number.
 *
 * @throws AppError `keys.missing`, `keys.invalid`.
 */
export async function rotateKeyFile(path: string, now: Date = new Date()): Promise<number> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new AppError('invalid', 'keys.missing', { params: { path } }) : error;
  });
  let file: KeyFile;
  try {
    file = JSON.parse(text) as KeyFile;
  } catch (cause) {
    throw new AppError('invalid', 'keys.invalid', { params: { path }, cause });
  }
  keyRingOf(file, dirname(path), path);
  const next = rotated(file, now);
  const half = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(half, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
    await chmod(half, 0o600);
    await rename(half, path);
  } finally {
    await rm(half, { force: true });
  }
  return keyRingOf(next, dirname(path), path).currentVersion;
}
