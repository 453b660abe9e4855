import { Client } from 'pg';
import type { Config } from '../config.ts';
import { AppError } from '../errors.ts';
import { ensureAppRole, assertOwnsNothing, roleOf } from './roles.ts';
import { connectDatabase } from './connect.ts';
import type { ConnectOptions, Database } from './connect.ts';
import { useEmbeddedServer } from './embedded/index.ts';
import { pendingMigrations, runMigrations } from './migrations.ts';

export { connectDatabase } from './connect.ts';
export type { ConnectOptions, Database } from './connect.ts';
export { copyRows } from './copy-rows.ts';
export type { CopyRow } from './copy-rows.ts';
export { inTransaction, isPoolExhausted } from './transaction.ts';
export type { TransactionOptions } from './transaction.ts';

/**
 * Opens the database that the configuration names, up to date: an embedded PostgreSQL under the data directory, or the
 * server of `DATABASE_URL`. Close it when done: the last command to close an embedded one stops it.
 *
 * @throws AppError `database.unavailable`, `database.refused`, `database.not_migrated` (run `puente migrate` with
 *   `DATABASE_OWNER_URL`), `database.role_owns` (the role of `DATABASE_URL` must own nothing).
 */
export async function openDatabase(config: Config, options: ConnectOptions = {}): Promise<Database> {
  if (config.databaseUrl === null) return openEmbedded(config, options);
  const database = await connectDatabase(config.databaseUrl, options);
  try {
    await assertOwnsNothing(database.dataSource);
    await bringUpToDate(database, config.databaseOwnerUrl, roleOf(config.databaseUrl));
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function openEmbedded(config: Config, options: ConnectOptions): Promise<Database> {
  const server = await useEmbeddedServer(config.dataDir);
  try {
    const database = await connectDatabase(server.appUrl, options);
    await bringUpToDate(database, server.ownerUrl, roleOf(server.appUrl));
    return {
      dataSource: database.dataSource,
      appUrl: database.appUrl,
      revive: server.revive,
      async close() {
        await database.close();
        await server.release();
      },
    };
  } catch (error) {
    await server.release();
    throw error;
  }
}

async function bringUpToDate(database: Database, ownerUrl: string | null, appRole: string): Promise<void> {
  const pending = await pendingMigrations(database.dataSource);
  if (pending.length === 0) return;
  if (ownerUrl === null) throw new AppError('conflict', 'database.not_migrated', { params: { pending: pending.length } });
  await runMigrations(ownerUrl, appRole);
}

/**
 * What `puente migrate` does: migrations as the owner, the application's role made if it is missing and the owner may make
 * roles, and its rights granted. Returns the names of the migrations that ran; running it again runs none.
 *
 * @throws AppError `database.owner_url_required` when there is a `DATABASE_URL` but no `DATABASE_OWNER_URL`.
 */
export async function migrate(config: Config): Promise<string[]> {
  if (config.databaseUrl === null) {
    const server = await useEmbeddedServer(config.dataDir);
    try {
      return await runMigrations(server.ownerUrl, roleOf(server.appUrl));
    } finally {
      await server.release();
    }
  }
  if (config.databaseOwnerUrl === null) throw new AppError('invalid', 'database.owner_url_required');
  await ensureAppRole(config.databaseOwnerUrl, config.databaseUrl);
  return runMigrations(config.databaseOwnerUrl, roleOf(config.databaseUrl));
}

/** Whether the database answers, for the health check. It asks on a connection of its own, so that a busy pool does not look like a dead server. */
export async function pingDatabase(database: Database): Promise<boolean> {
  const client = new Client({ connectionString: database.appUrl, connectionTimeoutMillis: 2_000, query_timeout: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
