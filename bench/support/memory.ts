import { readFileSync } from 'node:fs';

/** Resident memory of this process and of those that it started, in megabytes (Linux; elsewhere of this process alone). */
export function residentMegabytes(): number {
  try {
    const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').split(' ').filter((id) => id.trim() !== '');
    return Math.round([String(process.pid), ...children].reduce((sum, id) => sum + ofProcess(id), 0));
  } catch {
    return Math.round(process.memoryUsage.rss() / 1_048_576);
  }
}

function ofProcess(id: string): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/mu.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
  } catch {
    return 0; // ended since
  }
}
