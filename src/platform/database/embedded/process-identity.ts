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

/** Whether this process is a PostgreSQL process of that cluster: the server and its children work inside the cluster's directory. */
export function isServerProcess(pid: number, clusterDir: string): boolean {
  if (processStart(pid) === null) return false;
  if (process.platform === 'linux') {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === clusterDir;
    } catch {
      return false;
    }
  }
  const result = spawnSync('/bin/ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return (result.stdout ?? '').includes(clusterDir);
}
