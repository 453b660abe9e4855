import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { AppError } from '../../../platform/errors.ts';
import { isId, newId, timeOfId } from '../../../platform/ids.ts';
import { KEPT_BYTES_MAX } from '../read-file.ts';
import { fitsPattern, isTemporary, safeFileName } from './pickup.rules.ts';

/** A file that lies in a folder, by the very bytes of its name: senders' systems write names that are no text of ours. */
export interface FoundFile {
  readonly raw: Buffer;
  readonly fileName: string;
  readonly byteCount: number;
  readonly changedMs: number;
}

export interface Skipped {
  readonly fileName: string;
  readonly code: 'pickup.symbolic_link' | 'pickup.hard_link' | 'pickup.not_a_file' | 'pickup.still_written';
}

const ENTRIES_MAX = 10_000;
const FILES_AT_ONCE = 200;
type OwnFolder = 'processing' | 'done' | 'refused';

const pathOf = (place: string, raw: Buffer): Buffer => Buffer.concat([Buffer.from(`${place}${sep}`), raw]);

/** What may be taken now, in the order of names; what is still being written, is no plain file or has a second name stays. */
export async function findFiles(place: string, wanted: { now: Date; quietSeconds: number; pattern: string | null }): Promise<{ ready: FoundFile[]; skipped: Skipped[] }> {
  const names = (await readdir(place, { encoding: 'buffer' })).slice(0, ENTRIES_MAX).sort(Buffer.compare);
  const ready: FoundFile[] = [];
  const skipped: Skipped[] = [];
  for (const raw of names) {
    const fileName = safeFileName(raw.toString('utf8'));
    if (isTemporary(raw.toString('utf8'))) continue;
    const about = await lstat(pathOf(place, raw)).catch(() => null);
    if (about === null || about.isDirectory() || !fitsPattern(fileName, wanted.pattern)) continue;
    const code = faultOf(about, wanted.now, wanted.quietSeconds);
    if (code === null) ready.push({ raw, fileName, byteCount: about.size, changedMs: about.mtimeMs });
    else skipped.push({ fileName, code });
    if (ready.length >= FILES_AT_ONCE) break;
  }
  return { ready, skipped };
}

// The change time, which no sender can set: a copy that keeps the time of its original may still be growing.
function faultOf(about: Stats, now: Date, quietSeconds: number): Skipped['code'] | null {
  if (about.isSymbolicLink()) return 'pickup.symbolic_link';
  if (!about.isFile()) return 'pickup.not_a_file';
  if (about.nlink > 1) return 'pickup.hard_link';
  return now.getTime() - Math.max(about.mtimeMs, about.ctimeMs) < quietSeconds * 1_000 ? 'pickup.still_written' : null;
}

/** Moves a file out of the sender's reach under a name of its own; null when somebody else took it first. */
export async function takeFile(place: string, found: FoundFile): Promise<{ pickedUpId: string; taken: string } | null> {
  await ownFolder(place, 'processing');
  const pickedUpId = newId('pck');
  const taken = `${pickedUpId}.${found.fileName}`;
  try {
    await rename(pathOf(place, found.raw), join(place, 'processing', taken));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return { pickedUpId, taken };
}

/** What a worker that was killed has left, by our own names. */
export async function leftovers(place: string): Promise<{ pickedUpId: string; taken: string }[]> {
  await ownFolder(place, 'processing');
  const names = (await readdir(join(place, 'processing'))).slice(0, ENTRIES_MAX).sort();
  return names.flatMap((taken) => {
    const pickedUpId = taken.split('.')[0] ?? '';
    return isId('pck', pickedUpId) && taken.length > pickedUpId.length + 1 ? [{ pickedUpId, taken }] : [];
  });
}

export interface OpenedFile {
  readonly handle: FileHandle;
  readonly byteCount: number;
  readonly changedMs: number;
}

/** Whether a file is what it was when it was found, and stays so while it is read to its end: a sender may go on writing into what was taken. */
export async function isAtRest(opened: OpenedFile, found: Pick<FoundFile, 'byteCount' | 'changedMs'> | null): Promise<boolean> {
  if (found !== null && (found.byteCount !== opened.byteCount || found.changedMs !== opened.changedMs)) return false;
  let read = 0;
  for await (const chunk of opened.handle.createReadStream({ autoClose: false, start: 0 })) read += (chunk as Buffer).length;
  return read === opened.byteCount && !(await hasChanged(opened));
}

export async function hasChanged({ handle, byteCount, changedMs }: OpenedFile): Promise<boolean> {
  const about = await handle.stat();
  return about.size !== byteCount || about.mtimeMs !== changedMs;
}

/**
 * Opens a file that was taken, without following a link and without waiting for a pipe.
 *
 * @throws AppError invalid `pickup.not_a_file`, `pickup.hard_link`, `file.too_large` (nothing of it is read).
 */
export async function openTaken(place: string, taken: string): Promise<OpenedFile> {
  const handle = await open(join(place, 'processing', taken), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error: NodeJS.ErrnoException) => {
    if (['ELOOP', 'ENXIO', 'EISDIR'].includes(error.code ?? '')) throw new AppError('invalid', 'pickup.not_a_file');
    throw error;
  });
  const about = await handle.stat();
  const fault = !about.isFile() ? 'pickup.not_a_file' : about.nlink > 1 ? 'pickup.hard_link' : null;
  if (fault === null && about.size <= KEPT_BYTES_MAX) return { handle, byteCount: about.size, changedMs: about.mtimeMs };
  await handle.close();
  throw fault !== null ? new AppError('invalid', fault) : new AppError('invalid', 'file.too_large', { params: { bytesMax: KEPT_BYTES_MAX } });
}

/** Puts a taken file where it belongs in the end, with a text beside it where it was refused. Done twice it is done. */
export async function settleFile(place: string, taken: string, where: 'done' | 'refused', text: string | null): Promise<void> {
  await ownFolder(place, where);
  if (text !== null) {
    await writeFile(join(place, where, `${taken}.txt`), text, { flag: 'wx', mode: 0o644 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  await rename(join(place, 'processing', taken), join(place, where, taken));
}

const OUR_MARK = /\.pck_[0-9A-HJKMNP-TV-Z]{26}(?=\.[^.]*$|$)/;

/** Back to where it lay, because it was still growing while it was read; under a name that nobody else has, as the sender may have put a new file there under the old one. */
export async function putBack(place: string, taken: string): Promise<string> {
  const pickedUpId = taken.slice(0, taken.indexOf('.'));
  const name = taken.slice(pickedUpId.length + 1).replace(OUR_MARK, '');
  const end = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length;
  const unique = `${name.slice(0, end)}.${pickedUpId}${name.slice(end)}`;
  await rename(join(place, 'processing', taken), join(place, unique));
  return unique;
}

/** Takes away what lay long enough in `done` and `refused`: files under names that we gave them, and no others. */
export async function sweepSettled(place: string, before: Date): Promise<number> {
  let swept = 0;
  for (const where of ['done', 'refused'] as const) {
    await ownFolder(place, where);
    for (const name of await readdir(join(place, where))) {
      const pickedUpId = name.split('.')[0] ?? '';
      if (!isId('pck', pickedUpId) || timeOfId(pickedUpId) >= before.getTime()) continue;
      await rm(join(place, where, name), { force: true });
      swept++;
    }
  }
  return swept;
}

/** Our own folders must be folders: a link in their place would lead what we move somewhere else. @throws AppError conflict `pickup.folder_unsafe`. */
async function ownFolder(place: string, name: OwnFolder): Promise<void> {
  const path = join(place, name);
  await mkdir(path, { mode: 0o750 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  if (!(await lstat(path)).isDirectory()) throw new AppError('conflict', 'pickup.folder_unsafe', { params: { folder: name } });
}
