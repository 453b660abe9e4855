import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

/**
 * When the process with this id began, as a text that differs between two processes that had the same id; null when none
 * runs (a zombie counts as ended: it holds nothing any more). A pid alone would name a stranger after it was reused.
 */
export function processStart(pid: number): string | null {
  return process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid);
}

function startOnLinux(pid: number): string | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The command's name stands in parentheses and may itself hold spaces and parentheses: count from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  return state === 'Z' || state === 'X' ? null : (startTicks ?? null);
}

function startByPs(pid: number): string | null {
  const result = spawnSync('/bin/ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8', env: { LC_ALL: 'C' } });
  const text = result.stdout?.trim() ?? '';
  if (text === '' || text.startsWith('Z')) return null;
  return text.replace(/^\S+\s+/, '').replace(/[^0-9A-Za-z]+/g, '');
}

/**
 * What a process is to a cluster: `server` (the server and its children work inside the cluster's directory), `stranger`,
 * or `gone`, which includes one that was killed and is still being cleared away by the system.
 */
export function processRole(pid: number, clusterDir: string): 'server' | 'stranger' | 'gone' {
  if (processStart(pid) === null) return 'gone';
  if (process.platform === 'linux') {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === clusterDir ? 'server' : 'stranger';
    } catch (error) {
      // Another user's process may not be looked at; one that is ending has no directory any more.
      return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'stranger' : 'gone';
    }
  }
  const result = spawnSync('/bin/ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return (result.stdout ?? '').includes(clusterDir) ? 'server' : 'stranger';
}
