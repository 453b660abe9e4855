import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { JOBS } from '../../../src/jobs/index.ts';
import { openApp, serve } from '../../../src/main.ts';
import type { Parts } from '../../../src/main.ts';
import { loadConfig } from '../../../src/platform/config.ts';
import type { Config } from '../../../src/platform/config.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { newKeyFile } from '../../../src/platform/keys.ts';
import { takeEvents } from '../../../src/platform/outbox.ts';
import type { TestDatabase } from '../database.ts';

/** The application as `puente serve` runs it: web, API and SFTP on ports of their own, on a database that other processes may use, too. */
export interface WholeApp {
  /** As the operator, on a clock that goes when it is told to. */
  readonly ctx: Ctx;
  readonly url: string;
  readonly sftpPort: number;
  /** Now it is this instant. */
  turnTo(instant: string): void;
  /** Does what is to be done, until there is no more. Returns which jobs did not end well. */
  work(): Promise<string[]>;
  close(): Promise<void>;
}

export const NOON = '2026-11-20T12:00:00Z';
const KEYS_SINCE = new Date('2026-11-01T00:00:00Z');

/** What the environment of such a process says. The keys are made at the first call. */
export async function environmentOf(db: TestDatabase, more: Readonly<Record<string, string>> = {}): Promise<Record<string, string>> {
  const keys = join(db.dataDir, 'keys.json');
  if (!existsSync(keys)) writeFileSync(keys, JSON.stringify(await newKeyFile(KEYS_SINCE)));
  return {
    NODE_ENV: 'test', DATABASE_URL: db.appUrl, PUENTE_KEYS: keys, PUENTE_DATA_DIR: db.dataDir, PORT: '0', PUENTE_SFTP_PORT: String(await freePort()),
    PUENTE_LOG_LEVEL: 'silent', ...more,
  };
}

export async function wholeApp(db: TestDatabase, given: { readonly now?: string; readonly parts?: Partial<Parts>; readonly environment?: Readonly<Record<string, string>> } = {}): Promise<WholeApp> {
  const config: Config = loadConfig(await environmentOf(db, given.environment));
  const app = await openApp(config);
  let now = new Date(given.now ?? NOON);
  const ctx: Ctx = { ...app.ctx, clock: { now: () => now } };
  const serving = await serve({ ctx, close: () => app.close() }, { web: true, sftp: true, jobs: false, ...given.parts });
  return {
    ctx, url: serving.url, sftpPort: serving.sftp?.port ?? 0,
    turnTo: (instant) => { now = new Date(instant); },
    work: () => workOf(ctx),
    async close() {
      await serving.close();
      await app.close();
    },
  };
}

/** Runs the jobs that events wake, in the order of the events. */
async function workOf(ctx: Ctx): Promise<string[]> {
  const failed: string[] = [];
  for (;;) {
    const events = await inTransaction(ctx, (tx) => takeEvents(tx, 100));
    if (events.length === 0) return failed;
    for (const { eventId, name, body } of events) {
      for (const job of JOBS.filter(({ wakesOn }) => wakesOn.includes(name))) {
        const system: Ctx = { ...ctx, actor: { ...ctx.actor, id: `job:${job.name}`, name: job.name } };
        await job.run(system, { eventId, event: name, body }).catch((error: unknown) => {
          if (!(error instanceof AppError)) throw error;
          failed.push(`${job.name} ${error.code} ${error.findings.map(({ code, path }) => `${code}@${path ?? ''}`).join(' ')}`.trim());
        });
      }
    }
  }
}

/** A port that nobody listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
