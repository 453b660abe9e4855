import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newKeyFile } from '../../src/platform/keys.ts';
import { testDatabase } from './database.ts';
import type { TestDatabase } from './database.ts';

export interface Ended {
  /** The exit code; -1 when a signal ended the process. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The JSON objects on standard output. */
  readonly lines: readonly Record<string, unknown>[];
}

export interface CommandLine {
  readonly db: TestDatabase;
  /** A path in the data directory, after these bytes have been written there. */
  put(name: string, bytes: Uint8Array | string): string;
  /** Runs a command as scripts do, on the database and keys that its environment names. */
  puente(words: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
}

interface Running { readonly child: ChildProcess; readonly gone: Promise<number> }

const PROGRAM = new URL('./programs/commands.mjs', import.meta.url);
let running: Running | null = null;
afterAll(async () => {
  running?.child.disconnect();
  await running?.gone;
});

/** The command on a migrated database of this file's own. That it starts a server by itself where it is told of none is proved in `own-server.test.ts`. */
export async function commandLine(): Promise<CommandLine> {
  const db = await testDatabase();
  const keys = join(db.dataDir, 'test-keys.json');
  writeFileSync(keys, JSON.stringify(await newKeyFile()));
  const settings = { PATH: process.env['PATH'] ?? '', DATABASE_URL: db.appUrl, PUENTE_KEYS: keys, PUENTE_DATA_DIR: db.dataDir };
  return {
    db,
    put(name, bytes) {
      writeFileSync(join(db.dataDir, name), bytes);
      return join(db.dataDir, name);
    },
    puente: (words, env = {}) => runCommand(words, { ...settings, ...env }),
  };
}

/**
 * Runs the words of a command with this environment and no other. The commands of a test file share one process, because
 * starting Node costs more than most of them; each has ended only when nothing would keep a process of its own from ending.
 */
export async function runCommand(words: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const { child, gone } = running ??= await start();
  const mark = `\u0000${randomBytes(9).toString('hex')}\u0000`;
  const told = once(child, 'message').then(([{ code }]) => code as number);
  const heard = Promise.all([textUntil(child.stdout, mark), textUntil(child.stderr, mark)]);
  child.send({ words, env, mark });
  const code = await Promise.race([told, gone]);
  const [stdout, stderr] = await heard;
  const lines = stdout.trim().split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>);
  return { code, stdout, stderr, lines };
}

async function start(): Promise<Running> {
  const child = fork(PROGRAM, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: ['--no-warnings'] });
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8');
  const gone = once(child, 'exit').then(([code]) => {
    running = null;
    return (code as number | null) ?? -1;
  });
  await once(child, 'message');
  return { child, gone };
}

/** What a stream says until the mark, or until it ends. */
function textUntil(stream: NodeJS.ReadableStream | null, mark: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const end = (): void => {
      stream?.off('data', hear).off('end', end);
      resolve(text.replace(mark, ''));
    };
    const hear = (chunk: string): void => {
      text += chunk;
      if (text.endsWith(mark)) end();
    };
    stream?.on('data', hear).on('end', end);
  });
}
