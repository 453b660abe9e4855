// A large packet by SFTP: up to our server and down from it with OpenSSH's `sftp`, and, by turns in the same run, through OpenSSH's own
// server where it is installed (Debian: apt-get install openssh-server). Wall time is what a partner waits; CPU seconds are those of the server.
// Usage: node bench/sftp.ts [megabytes] [rounds] [--json]
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOpenssh } from './support/openssh-server.ts';

const numbers = process.argv.slice(2).filter((word) => /^\d+$/u.test(word)).map(Number);
const [megabytes = 200, rounds = 5] = numbers;
const folder = mkdtempSync(join(tmpdir(), 'puente-sftp-bench-'));
const at = (name: string): string => join(folder, name);
const TICKS = 100;

interface Side { readonly name: string; readonly port: number; readonly user: string; readonly hostKey: string; readonly child: ChildProcess; upTo(round: number): string; readonly downFrom: string }
interface Times { up: number[]; upFlushed: number[]; down: number[]; cpu: number[] }

/** Starts like a container, so that it is taken for one; each is another. */
function writePacket(path: string): void {
  const mimetype = 'application/vnd.etsi.asic-e+zip';
  const header = Buffer.alloc(30);
  header.write('PK\u0003\u0004', 'latin1');
  header.writeUInt32LE(mimetype.length, 18);
  header.writeUInt32LE(mimetype.length, 22);
  header.writeUInt16LE(8, 26);
  const file = openSync(path, 'w');
  writeSync(file, Buffer.concat([header, Buffer.from(`mimetype${mimetype}`)]));
  for (let left = megabytes; left > 0; left--) writeSync(file, randomBytes(1_000_000));
  closeSync(file);
}

function sftp(side: Side, command: string, flush = false): number {
  writeFileSync(at('known_hosts'), `[127.0.0.1]:${side.port} ${side.hostKey}\n`);
  writeFileSync(at('batch'), `${command}\n`);
  const start = performance.now();
  const run = spawnSync('sftp', [...(flush ? ['-f'] : []), '-q', '-b', at('batch'), '-F', 'none', '-P', String(side.port), '-i', at('key'), '-o', `UserKnownHostsFile=${at('known_hosts')}`,
    '-o', 'IdentitiesOnly=yes', '-o', 'IdentityAgent=none', `${side.user}@127.0.0.1`], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`${side.name}: ${command}: ${run.stderr}`);
  return (performance.now() - start) / 1000;
}

/** CPU seconds of a process and of those children of it that have ended. */
function cpuOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /u, '').split(' ').map(Number);
  return [11, 12, 13, 14].reduce((sum, field) => sum + (fields[field] ?? 0), 0) / TICKS;
}

function peakMegabytes({ pid }: ChildProcess): number {
  return Math.round(Number(/^VmHWM:\s+(\d+) kB/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024);
}

async function startOurs(): Promise<Side> {
  const child = spawn(process.execPath, [new URL('support/sftp-server.ts', import.meta.url).pathname, at('data'), at('key.pub'), String(megabytes)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const told = await new Promise<{ port: number; hostKey: string; user: string; outboxFile: string }>((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.includes('\n')) resolve(JSON.parse(said));
    });
    child.once('exit', () => reject(new Error('our server did not start')));
  });
  return { name: 'ours', child, ...told, upTo: (round) => `/inbox/packet-${round}.asice`, downFrom: `/outbox/${told.outboxFile}` };
}

function measure(side: Side, times: Times, round: number): void {
  const before = cpuOf(side.child);
  writePacket(at('up'));
  times.up.push(sftp(side, `put ${at('up')} ${side.upTo(round * 2)}`));
  times.down.push(sftp(side, `get ${side.downFrom} ${at('down')}`));
  if (statSync(at('down')).size < megabytes * 1_000_000) throw new Error('the file that came down is too short');
  times.cpu.push(cpuOf(side.child) - before);
  writePacket(at('up'));
  times.upFlushed.push(sftp(side, `put ${at('up')} ${side.upTo(round * 2 + 1)}`, true));
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
const round2 = (value: number): number => Number(value.toFixed(2));
const empty = (): Times => ({ up: [], upFlushed: [], down: [], cpu: [] });
const children: ChildProcess[] = [];
try {
  mkdirSync(at('data'), { mode: 0o711 });
  spawnSync('chmod', ['711', folder]);
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at('key')]);
  const ours = await startOurs();
  children.push(ours.child);
  const openssh = await startOpenssh(folder, at('key.pub'));
  const sides = [ours];
  if (openssh) {
    children.push(openssh.process);
    writePacket(at('theirs-down'));
    sides.push({ name: 'openssh', child: openssh.process, port: openssh.port, user: openssh.user, hostKey: openssh.hostKey, upTo: () => at('theirs-up'), downFrom: at('theirs-down') });
  }
  const times = new Map(sides.map(({ name }) => [name, empty()]));
  for (let round = -1; round < rounds; round++) for (const side of sides) measure(side, round < 0 ? empty() : times.get(side.name) as Times, round + 1);
  const of = (name: string, what: keyof Times): number | null => { const all = times.get(name); return all ? round2(median(all[what])) : null; };
  const ratio = (what: keyof Times): number | null => (openssh ? round2(median(times.get('ours')?.[what] ?? []) / median(times.get('openssh')?.[what] ?? [])) : null);
  const result = {
    megabytes, rounds, openssh: openssh ? 'installed' : 'not installed',
    upSeconds: of('ours', 'up'), opensshUpSeconds: of('openssh', 'up'), upRatio: ratio('up'),
    upFlushedSeconds: of('ours', 'upFlushed'), opensshUpFlushedSeconds: of('openssh', 'upFlushed'), upFlushedRatio: ratio('upFlushed'),
    downSeconds: of('ours', 'down'), opensshDownSeconds: of('openssh', 'down'), downRatio: ratio('down'),
    serverCpuSeconds: of('ours', 'cpu'), opensshServerCpuSeconds: of('openssh', 'cpu'), peakMegabytes: peakMegabytes(ours.child),
  };
  if (process.argv.includes('--json')) console.log(JSON.stringify(result));
  else for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(26)} ${value ?? '–'}`);
} finally {
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(children.filter(({ exitCode }) => exitCode === null).map((child) => new Promise((resolve) => { child.once('exit', resolve); })));
  rmSync(folder, { recursive: true, force: true });
}
