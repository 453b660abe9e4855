import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { runMigrations } from '../../src/platform/database/migrations.ts';
import { useEmbeddedServer } from '../../src/platform/database/embedded/index.ts';
import type { EmbeddedServer } from '../../src/platform/database/embedded/index.ts';

export const TEMPLATE = 'puente_template';

/** What a test file needs to clone its own database; it travels in the environment, because jest's workers are processes. */
export interface TestServer {
  readonly adminUrl: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
}

/** One real server for the whole run, in a folder of its own; durability is what these tests do without. */
export async function startTestServer(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'puente-test-'));
  chmodSync(dataDir, 0o711);
  const server = await useEmbeddedServer(dataDir, { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '120' });
  (globalThis as { puenteTestServer?: { server: EmbeddedServer; dataDir: string } }).puenteTestServer = { server, dataDir };
  const admin = new Client({ connectionString: server.adminUrl });
  await admin.connect();
  await admin.query(`create database ${TEMPLATE} owner puente_owner`);
  await admin.end();
  const ownerUrl = new URL(server.ownerUrl);
  ownerUrl.pathname = `/${TEMPLATE}`;
  await runMigrations(ownerUrl.href, 'puente_app');
  // Programs that tests start would else strip the types of every module anew; where the command itself keeps them, they are shared.
  process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'node-compile-cache');
  const told: TestServer = { adminUrl: server.adminUrl, ownerUrl: server.ownerUrl, appUrl: server.appUrl };
  process.env['PUENTE_TEST_SERVER'] = JSON.stringify(told);
}

export async function stopTestServer(): Promise<void> {
  const held = (globalThis as { puenteTestServer?: { server: EmbeddedServer; dataDir: string } }).puenteTestServer;
  if (!held) return;
  await held.server.release();
  rmSync(held.dataDir, { recursive: true, force: true });
}
