import { chmodSync, closeSync, fchownSync, fsyncSync, lstatSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../errors.ts';

/** The user as whom the server runs. PostgreSQL refuses to run as root, so root lends it another, existing one. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

export const isRoot = (): boolean => process.getuid?.() === 0;

/** Null when the server simply runs as whoever runs this process. An existing cluster keeps the user that owns it. */
export function serverUserFor(clusterOwner: ServerUser | null): ServerUser | null {
  if (!isRoot()) return null;
  if (clusterOwner !== null && clusterOwner.uid !== 0) return clusterOwner;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'));
  for (const name of ['postgres', '_postgres', 'nobody']) {
    const entry = lines.find((fields) => fields[0] === name);
    // macOS writes nobody's id as -2, the kernel knows it as an unsigned number.
    if (entry) return { uid: Number(entry[2]) >>> 0, gid: Number(entry[3]) >>> 0 };
  }
  throw new AppError('invalid', 'database.no_server_user');
}

/** Whether that user may walk into every folder from the root down to this one. Access lists are not looked at: they cost a relocation, never data. */
export function canReach(user: ServerUser | null, path: string): boolean {
  if (user === null) return true;
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Writes a secret into a new file and gives it to the server's user by its descriptor, so that no link can turn either elsewhere. */
export function writeSecret(path: string, text: string, user: ServerUser | null): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, text);
    if (user) fchownSync(file, user.uid, user.gid);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Where things go that must be reachable for the server's user although the checkout or the data directory is not (such as
 * under /root): a folder of root's that others may pass through but not list.
 */
export function relocationBase(): string {
  for (const base of ['/var/lib/puente', '/var/tmp/puente-root']) {
    try {
      mkdirSync(base, { recursive: true, mode: 0o711 });
      const { uid, mode } = lstatSync(base);
      // In a folder where everyone may write, someone else may have made this name first: never use theirs.
      if (lstatSync(base).isDirectory() && uid === 0 && (mode & 0o022) === 0) {
        chmodSync(base, 0o711);
        return base;
      }
    } catch (error) {
      if (!['EACCES', 'EROFS', 'EPERM', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  throw new AppError('invalid', 'database.nowhere_to_relocate');
}
