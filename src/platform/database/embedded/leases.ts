import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processStart } from './process-identity.ts';

let sequence = 0;

/** Says that this process uses the server: an empty file whose name holds the process, so that no half-written lease exists. */
export function takeLease(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${process.pid}-${processStart(process.pid) ?? ''}-${++sequence}.lease`);
  writeFileSync(path, '', { mode: 0o600 });
  return path;
}

export function dropLease(path: string): void {
  rmSync(path, { force: true });
}

/** How many live users there are; leases of processes that ended without dropping theirs are removed. Only under the lock. */
export function countLeases(folder: string): number {
  if (!existsSync(folder)) return 0;
  let live = 0;
  for (const name of readdirSync(folder)) {
    const parts = /^(\d+)-([0-9A-Za-z]*)-\d+\.lease$/.exec(name);
    if (parts && processStart(Number(parts[1])) === parts[2]) live++;
    else rmSync(join(folder, name), { force: true });
  }
  return live;
}
