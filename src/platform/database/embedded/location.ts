import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeDataDir } from '../../data-dir.ts';
import { AppError } from '../../errors.ts';
import { canReach, isRoot, relocationBase, serverUserFor } from './server-user.ts';
import type { ServerUser } from './server-user.ts';

/** Where one embedded server lives. `home` holds the cluster, its log and its credentials; `control` the lock and the leases. */
export interface Location {
  readonly home: string;
  readonly control: string;
  readonly pointer: string;
  readonly user: ServerUser | null;
}

export const clusterOf = (home: string): string => join(home, 'cluster');
export const logOf = (home: string): string => join(home, 'server.log');
export const credentialsOf = (home: string): string => join(home, 'credentials.json');

/**
 * `<data directory>/postgres`, or, when the server's user cannot get there, the place that the file `postgres-location`
 * in the data directory names. Called under no lock: it only makes the data directory and looks.
 */
export function controlFolder(dataDir: string): string {
  makeDataDir(dataDir);
  const control = join(dataDir, 'postgres-control');
  mkdirSync(control, { recursive: true, mode: 0o700 });
  return control;
}

/** Finds or chooses the place. Only under the lock. */
export function locate(dataDir: string): Location {
  const folder = realpathSync(dataDir);
  const control = join(folder, 'postgres-control');
  const pointer = join(folder, 'postgres-location');
  if (existsSync(pointer)) {
    const home = readFileSync(pointer, 'utf8').trim();
    if (!existsSync(home)) throw new AppError('invalid', 'database.relocated_data_missing', { params: { home } });
    return { home, control, pointer, user: serverUserFor(ownerOf(home)) };
  }
  const home = join(folder, 'postgres');
  const owner = ownerOf(home);
  if (owner && !isRoot() && owner.uid !== process.getuid?.()) throw new AppError('invalid', 'database.other_user', { params: { home } });
  const user = serverUserFor(owner);
  if (canReach(user, folder)) return { home, control, pointer, user };
  if (owner) throw new AppError('invalid', 'database.data_unreachable', { params: { home } });
  const mark = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  return { home: join(relocationBase(), `data-${mark}-${randomBytes(4).toString('hex')}`), control, pointer, user };
}

function ownerOf(home: string): ServerUser | null {
  const found = statSync(home, { throwIfNoEntry: false });
  return found ? { uid: found.uid, gid: found.gid } : null;
}

const halfPrefix = (home: string): string => `${basename(home).replace(/-[0-9a-f]{8}$/, '')}.half-`;

/** Removes what killed first starts left: also beside a whole cluster, since an `initdb` outlives the command that began it for a moment. */
export function sweepHalfHomes(location: Location): void {
  const parent = dirname(location.home);
  for (const name of readdirSync(parent)) {
    if (name.startsWith(halfPrefix(location.home))) rmSync(join(parent, name), { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

/** Makes a cluster beside its place and puts it there whole, so that a command killed on the way leaves only a folder to sweep. */
export function createHome(location: Location, fill: (half: string) => void): void {
  const parent = dirname(location.home);
  const half = join(parent, `${halfPrefix(location.home)}${randomBytes(4).toString('hex')}`);
  mkdirSync(half, { mode: 0o700 });
  fill(half);
  renameSync(half, location.home);
  if (parent !== dirname(location.pointer)) {
    writeFileSync(`${location.pointer}.half`, `${location.home}\n`, { mode: 0o600 });
    renameSync(`${location.pointer}.half`, location.pointer);
  }
}
