import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../errors.ts';
import { clusterOf, credentialsOf, createHome, logOf, sweepHalfHomes } from './location.ts';
import type { Location } from './location.ts';
import { processRole } from './process-identity.ts';
import { writeSecret } from './server-user.ts';

export const DATABASE = 'puente';
export const OWNER_ROLE = 'puente_owner';
export const APP_ROLE = 'puente_app';
const ADMIN_ROLE = 'puente_admin';
const START_ATTEMPTS_MAX = 8;
const FORMER_PORT_ATTEMPTS = 3;
const SETTLE_MS = 100_000;
const LOG_BYTES_MAX = 8 * 1024 * 1024;

export interface Credentials {
  readonly admin: string;
  readonly owner: string;
  readonly app: string;
}

/**
 * For one county on 2 cores. Memory stays modest; durability is never traded. Statements and the DETAIL of errors quote
 * rows, so neither reaches the server's log.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '100', password_encryption: 'scram-sha-256',
  shared_buffers: '160MB', work_mem: '24MB', maintenance_work_mem: '96MB', effective_cache_size: '2GB', temp_buffers: '16MB',
  wal_level: 'minimal', max_wal_senders: '0', max_wal_size: '2GB', checkpoint_timeout: '15min', wal_compression: 'off',
  random_page_cost: '1.1', jit: 'off', max_parallel_workers_per_gather: '1', timezone: 'UTC', log_timezone: 'UTC',
  log_min_messages: 'warning', log_min_error_statement: 'panic', log_error_verbosity: 'terse', log_statement: 'none',
  log_parameter_max_length_on_error: '0', idle_in_transaction_session_timeout: '10min',
};

function run(location: Location, program: string, parameters: string[], cwd: string, input?: string): { ok: boolean; text: string } {
  const result = spawnSync(program, parameters, {
    cwd, input, encoding: 'utf8', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(location.user ? { uid: location.user.uid, gid: location.user.gid } : {}),
  });
  return { ok: result.status === 0, text: `${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}` };
}

/** Makes the cluster with its roles and its database, if there is none. Only under the lock. */
export function ensureCluster(location: Location, programs: string): Credentials {
  sweepHalfHomes(location);
  if (!existsSync(location.home)) createHome(location, (half) => initialise(location, programs, half));
  return JSON.parse(readFileSync(credentialsOf(location.home), 'utf8')) as Credentials;
}

function initialise(location: Location, programs: string, half: string): void {
  const secret = () => randomBytes(24).toString('base64url');
  const credentials: Credentials = { admin: secret(), owner: secret(), app: secret() };
  const passwordFile = join(half, 'first-password');
  writeSecret(credentialsOf(half), JSON.stringify(credentials), null);
  writeSecret(passwordFile, `${credentials.admin}\n`, location.user);
  // Only now the folder becomes the server's user's: root writes nothing more where somebody else may put links.
  if (location.user) chownSync(half, location.user.uid, location.user.gid);
  const cluster = clusterOf(half);
  const made = run(location, join(programs, 'initdb'), [
    '-D', cluster, '-U', ADMIN_ROLE, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8',
    '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8',
  ], half);
  if (!made.ok) throw failed('database.init_failed', half, made.text);
  rmSync(passwordFile);
  // Single-user mode: one statement a line. The roles exist before the server first listens.
  const statements = [
    `create role ${OWNER_ROLE} login nosuperuser nocreatedb nocreaterole password '${credentials.owner}'`,
    `create role ${APP_ROLE} login nosuperuser nocreatedb nocreaterole nobypassrls password '${credentials.app}'`,
    `create database ${DATABASE} owner ${OWNER_ROLE}`,
    `revoke all on database ${DATABASE} from public`,
    `grant connect, temporary on database ${DATABASE} to ${APP_ROLE}`,
  ];
  const roles = run(location, join(programs, 'postgres'), ['--single', '-D', cluster, 'postgres'], half, `${statements.join('\n')}\n`);
  if (!roles.ok || /ERROR|FATAL/.test(roles.text)) throw failed('database.init_failed', half, roles.text);
}

function failed(code: string, home: string, text: string): AppError {
  return new AppError('partner_unavailable', code, { params: { home }, cause: new Error(text.slice(-2000)) });
}

/** What `postmaster.pid` says, or null when there is none that can be read. */
function serverFile(cluster: string): { pid: number; port: number; isReady: boolean } | null {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3] ?? 0), isReady: (lines[7] ?? '').trim() === 'ready' };
  } catch {
    return null;
  }
}

const pause = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** A server may still be recovering after a crash, or be on its way out. Returns it once it is ready, or what a dead one left, or null. */
function waitUntilSettled(cluster: string): { pid: number; port: number; isReady: boolean } | null {
  for (let waitedMs = 0; ; waitedMs += 100) {
    const found = serverFile(cluster);
    if (found === null) return null;
    if (processRole(found.pid, cluster) !== 'server') return { ...found, isReady: false };
    if (found.isReady || waitedMs > SETTLE_MS) return found;
    pause(100);
  }
}

/** How long children of a killed server may take to end. */
const STRAGGLERS_MS = 30_000;
const isHeldByChildren = (log: string): boolean => /pre-existing shared memory block/.test(log.slice(log.lastIndexOf('FATAL')));

/** Starts the server unless it runs, and returns its port. Only under the lock. */
export function ensureRunning(location: Location, programs: string, candidatePorts: readonly number[], more: Readonly<Record<string, string>> = {}): number {
  const cluster = clusterOf(location.home);
  let text = '';
  let formerPort = 0;
  let stragglerMs = 0;
  for (let attempt = 0; attempt < START_ATTEMPTS_MAX; attempt++) {
    const found = waitUntilSettled(cluster);
    if (found?.isReady) return found.port;
    if (found !== null) clearAfterCrash(cluster, found.pid);
    // The former port first: whoever is still running and lost its server finds the new one there.
    formerPort = found?.port || formerPort;
    const port = attempt < FORMER_PORT_ATTEMPTS && formerPort > 0 ? formerPort : candidatePorts[attempt % candidatePorts.length] ?? 0;
    const result = start(location, programs, port, more);
    if (result.ok) return port;
    text = result.text;
    // Children of a killed server are still on their way out, slowly on a busy machine: waiting for them is no attempt.
    if (isHeldByChildren(text) && stragglerMs < STRAGGLERS_MS) {
      stragglerMs += 250;
      attempt -= 1;
      pause(250);
    } else pause(100 * (attempt + 1));
  }
  throw failed('database.start_failed', location.home, text);
}

/**
 * The server was killed. Its children end by themselves, and while one lives the data must not be opened. `postmaster.pid`
 * then stays for the next server to judge, unless its pid is still in the system's table and would block it: because it was
 * given to another process, or because nobody collects the dead (in a container whose first process does not).
 */
function clearAfterCrash(cluster: string, pid: number): void {
  for (let waited = 0; waited < 40 && hasOrphans(cluster); waited++) pause(100);
  if (isInTable(pid) && processRole(pid, cluster) !== 'server' && !hasOrphans(cluster)) rmSync(join(cluster, 'postmaster.pid'), { force: true });
}

function isInTable(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function hasOrphans(cluster: string): boolean {
  if (process.platform !== 'linux') return false;
  return readdirSync('/proc').some((name) => /^\d+$/.test(name) && processRole(Number(name), cluster) === 'server');
}

function start(location: Location, programs: string, port: number, more: Readonly<Record<string, string>>): { ok: boolean; text: string } {
  const log = logOf(location.home);
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES_MAX) renameSync(log, `${log}.1`);
  const options = Object.entries({ ...SETTINGS, ...more }).map(([name, value]) => `-c ${name}='${value}'`).join(' ');
  const result = spawnSync(join(programs, 'pg_ctl'), ['start', '-w', '-t', '90', '-s', '-D', clusterOf(location.home), '-l', log, '-o', `-p ${port} ${options}`], {
    cwd: location.home, stdio: 'ignore', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    ...(location.user ? { uid: location.user.uid, gid: location.user.gid } : {}),
  });
  return { ok: result.status === 0, text: result.error?.message ?? (existsSync(log) ? readFileSync(log, 'utf8').slice(-2000) : '') };
}

/** Stops the server, politely first. Only under the lock. */
export function stopServer(location: Location, programs: string): void {
  const cluster = clusterOf(location.home);
  const found = serverFile(cluster);
  if (found === null || processRole(found.pid, cluster) !== 'server') return;
  for (const mode of ['fast', 'immediate']) {
    if (run(location, join(programs, 'pg_ctl'), ['stop', '-w', '-t', '30', '-s', '-m', mode, '-D', cluster], location.home).ok) return;
  }
}
