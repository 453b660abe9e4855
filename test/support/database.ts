import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Role } from '../../src/platform/authorise.ts';
import { loadConfig } from '../../src/platform/config.ts';
import type { Language } from '../../src/platform/config.ts';
import type { Actor, Ctx } from '../../src/platform/context.ts';
import { fixedClock } from '../../src/platform/dates.ts';
import { connectDatabase } from '../../src/platform/database/index.ts';
import type { Database } from '../../src/platform/database/index.ts';
import { keyRingOf } from '../../src/platform/keys.ts';
import type { KeyRing } from '../../src/platform/keys.ts';
import { createLogger } from '../../src/platform/log.ts';
import { TEMPLATE } from './test-server.ts';
import type { TestServer } from './test-server.ts';

export interface TestDatabase extends Database {
  /** Address of the same database as its owner: for what only a migration may do. Row-level security binds the owner too. */
  readonly ownerUrl: string;
  /** Address as the server's superuser, whom nothing binds: to look behind the wall. */
  readonly adminUrl: string;
  readonly dataDir: string;
}

const opened: (() => Promise<void>)[] = [];
// Registered while the file loads: jest takes no hooks once tests run, and `testDatabase` is called in theirs.
afterAll(async () => {
  for (const close of opened.splice(0)) await close();
});

/** A migrated database of this test file's own, and an empty data directory; both go when the file is done. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = JSON.parse(process.env['PUENTE_TEST_SERVER'] ?? 'null') as TestServer | null;
  if (!server) throw new Error('fault: the global setup of jest did not run');
  const name = `test_${randomBytes(6).toString('hex')}`;
  // Copied as files rather than through the log: half the time, and these databases need survive nothing.
  await asAdmin(server, `create database ${name} template ${TEMPLATE} owner puente_owner strategy file_copy`);
  const at = (address: string): string => Object.assign(new URL(address), { pathname: `/${name}` }).href;
  const dataDir = mkdtempSync(join(tmpdir(), 'puente-data-'));
  const database = await connectDatabase(at(server.appUrl), { poolMax: 4 });
  const close = async (): Promise<void> => {
    await database.close();
    await asAdmin(server, `drop database if exists ${name} with (force)`);
    rmSync(dataDir, { recursive: true, force: true });
  };
  opened.push(close);
  return { dataSource: database.dataSource, appUrl: database.appUrl, close, ownerUrl: at(server.ownerUrl), adminUrl: at(server.adminUrl), dataDir };
}

async function asAdmin(server: TestServer, statement: string): Promise<void> {
  const admin = new Client({ connectionString: server.adminUrl });
  await admin.connect();
  await admin.query(statement);
  await admin.end();
}

/** Runs one statement as the superuser, past row-level security: to see what is really there. */
export async function behindTheWall<T = Record<string, unknown>>(db: TestDatabase, sql: string, values: unknown[] = []): Promise<T[]> {
  const admin = new Client({ connectionString: db.adminUrl });
  await admin.connect();
  try {
    return (await admin.query(sql, values)).rows as T[];
  } finally {
    await admin.end();
  }
}

export interface TestActor {
  readonly kind?: 'user' | 'system';
  readonly id?: string;
  readonly roles?: readonly Role[];
  readonly agency?: string;
  readonly counties?: readonly string[] | 'all';
  readonly partner?: string | null;
  readonly language?: Language;
  readonly now?: string;
}

/** A context for the operator in `us-ca` on 2026-11-20 at noon UTC, unless told otherwise. */
export function testCtx(db: TestDatabase, given: TestActor = {}): Ctx {
  const agency = given.agency ?? 'us-ca';
  const actor: Actor = {
    kind: given.kind ?? 'user', id: given.id ?? 'usr_test', name: 'Test Actor', roles: given.roles ?? ['operator'], agency,
    counties: given.counties ?? 'all', partner: given.partner ?? null, language: given.language ?? 'en',
  };
  const config = loadConfig({ NODE_ENV: 'test', PUENTE_DATA_DIR: db.dataDir, PUENTE_AGENCY: agency, PUENTE_LOG_LEVEL: 'silent' });
  return { actor, config, clock: fixedClock(given.now ?? '2026-11-20T12:00:00Z'), db, keys: testKeys(), log: createLogger('silent') };
}

/** The same keys in every test, so that look-ups agree. They sign nothing. */
export function testKeys(): KeyRing {
  const secret = (fill: number): string => Buffer.alloc(32, fill).toString('base64');
  return keyRingOf({ format: 'puente-keys-1', versions: [{ version: 1, secret: secret(1), since: '2026-01-01T00:00:00Z' }], lookupSecret: secret(9), signing: null });
}
