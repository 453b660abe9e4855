import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../support/programs/hold-database.mjs', import.meta.url));
const children: ChildProcessWithoutNullStreams[] = [];
const folders: string[] = [];

interface Holder {
  readonly child: ChildProcessWithoutNullStreams;
  /** The next line that it says; fails when it ends instead. */
  next(): Promise<unknown>;
  readonly ready: Promise<{ pid: number; port: number; role: string }>;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

function newDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'puente-embedded-'));
  chmodSync(folder, 0o711);
  folders.push(folder);
  return join(folder, 'data');
}

/** Another command on this data directory, as a process of its own. */
function command(dataDir: string, ...more: string[]): Holder {
  const child = spawn(process.execPath, [PROGRAM, dataDir, ...more]);
  children.push(child);
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => { complaint += text.toString(); });
  const ended = once(child, 'exit').then(([code, signal]) => ({ code: code as number | null, signal: signal as NodeJS.Signals | null }));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`ended without a word: ${(await ended, complaint)}`);
    return JSON.parse(value);
  };
  const ready = next() as Promise<{ pid: number; port: number; role: string }>;
  ready.catch(() => undefined);
  return { child, ready, next, ended };
}

async function finish(holder: Holder): Promise<void> {
  holder.child.stdin.end();
  expect(await holder.ended).toEqual({ code: 0, signal: null });
}

const cluster = (dataDir: string) => join(existsSync(join(dataDir, 'postgres-location')) ? readFileSync(join(dataDir, 'postgres-location'), 'utf8').trim() : join(dataDir, 'postgres'), 'cluster');
const serverPid = (dataDir: string) => Number(readFileSync(join(cluster(dataDir), 'postmaster.pid'), 'utf8').split('\n')[0]);
const isRunning = (dataDir: string) => existsSync(join(cluster(dataDir), 'postmaster.pid'));
const leases = (dataDir: string) => readdirSync(join(dataDir, 'postgres-control', 'leases'));

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}

function stopIfRunning(dataDir: string): void {
  if (!isRunning(dataDir)) return;
  try {
    process.kill(serverPid(dataDir), 'SIGQUIT');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it was killed, and its file stayed
  }
}

afterAll(() => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  for (const folder of folders) {
    stopIfRunning(join(folder, 'data'));
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('the embedded server', () => {
  // Most tests leave the data directory as a next command must find it: usable. Only a few need one that nobody used before.
  const dataDir = newDataDir();

  it('is shared by three commands that begin at once, one of them killed, and stopped by the last', async () => {
    const dataDir = newDataDir();
    const [first, second, third] = [command(dataDir), command(dataDir), command(dataDir)];
    const told = await Promise.all([first.ready, second.ready, third.ready]);
    expect(new Set(told.map((one) => one.port)).size).toBe(1);
    expect(told.map((one) => one.role)).toEqual(['puente_app', 'puente_app', 'puente_app']);
    first.child.kill('SIGKILL');
    await first.ended;
    await finish(second);
    expect(await answers(told[0].port)).toBe(true);
    await finish(third);
    expect(isRunning(dataDir)).toBe(false);
    expect(await answers(told[0].port)).toBe(false);
    expect(leases(dataDir)).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('is stopped by a last command that ends on %s', async (signal) => {
    const only = command(dataDir);
    const { port } = await only.ready;
    only.child.kill(signal);
    expect(await only.ended).toEqual({ code: null, signal });
    expect(isRunning(dataDir)).toBe(false);
    expect(await answers(port)).toBe(false);
  });

  it('is stopped by a last command that ends without closing anything', async () => {
    expect(await command(dataDir, 'exit').ended).toEqual({ code: 0, signal: null });
    expect(isRunning(dataDir)).toBe(false);
  });

  it('is picked up by the next command after all commands were killed', async () => {
    const lost = command(dataDir);
    const { port } = await lost.ready;
    lost.child.kill('SIGKILL');
    await lost.ended;
    expect(await answers(port)).toBe(true);
    const next = command(dataDir);
    expect((await next.ready).port).toBe(port);
    await finish(next);
    expect(isRunning(dataDir)).toBe(false);
  });

  it('recovers, on its former port, after the server itself was killed', async () => {
    const before = command(dataDir);
    const { port } = await before.ready;
    process.kill(serverPid(dataDir), 'SIGKILL');
    const after = command(dataDir);
    expect((await after.ready).port).toBe(port);
    await finish(before);
    expect(await answers(port)).toBe(true);
    await finish(after);
    expect(isRunning(dataDir)).toBe(false);
  });

  it('is started again by a running command that finds it killed', async () => {
    const only = await readied(command(dataDir));
    const { port } = await only.ready;
    process.kill(serverPid(dataDir), 'SIGKILL');
    only.child.stdin.write('once more\n');
    expect(await only.next()).toEqual({ agency: 'us-ca' });
    expect(await answers(port)).toBe(true);
    await finish(only);
    expect(isRunning(dataDir)).toBe(false);
  });

  it('is not fooled by a pid that was given to another process meanwhile', async () => {
    await finish(await readied(command(dataDir)));
    const stranger = process.pid;
    writeFileSync(join(cluster(dataDir), 'postmaster.pid'), `${stranger}\n${cluster(dataDir)}\n1\n1\n\n127.0.0.1\n1 1\nready   \n`);
    mkdirSync(join(dataDir, 'postgres-control', 'leases'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres-control', 'leases', `${stranger}-1-1.lease`), '');
    await finish(await readied(command(dataDir)));
    expect(isRunning(dataDir)).toBe(false);
  });

  it('begins anew where a first start was killed half-way', async () => {
    const dataDir = newDataDir();
    const killed = command(dataDir);
    const half = () => existsSync(dataDir) && readdirSync(dataDir).some((name) => name.startsWith('postgres.half-'));
    while (!half()) await new Promise((resume) => setImmediate(resume));
    killed.child.kill('SIGKILL');
    await killed.ended;
    const next = command(dataDir);
    await next.ready;
    expect(half()).toBe(false);
    await finish(next);
  });

  it('keeps its credentials and data to itself', async () => {
    await finish(await readied(command(dataDir)));
    const home = join(cluster(dataDir), '..');
    expect(statSync(home).mode & 0o077).toBe(0);
    expect(statSync(join(home, 'credentials.json')).mode & 0o077).toBe(0);
    expect(readFileSync(join(cluster(dataDir), 'pg_hba.conf'), 'utf8')).not.toMatch(/^(host|local).*\btrust\b/m);
  });
});

/** As root the server is another user; a data directory that this user cannot reach is served from a place that it can. */
describe('the user of the server', () => {
  it('is never root, and reaches its data also when the data directory is in a folder that is closed to others', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'puente-closed-'));
    folders.push(folder);
    const dataDir = join(folder, 'data');
    const holder = await readied(command(dataDir));
    const home = join(cluster(dataDir), '..');
    expect(statSync(home).uid).not.toBe(0);
    expect(statSync(home).mode & 0o077).toBe(0);
    await finish(holder);
    await finish(await readied(command(dataDir)));
    if (home !== join(dataDir, 'postgres')) rmSync(home, { recursive: true });
  });
});

async function readied(holder: Holder): Promise<Holder> {
  await holder.ready;
  return holder;
}
