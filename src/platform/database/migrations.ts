import { readdir } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import type { MigrationInterface } from 'typeorm';
import { AppError } from '../errors.ts';
import { connectionRefusal } from './connect.ts';
import { assertOwnerIsPlain } from './roles.ts';

const FOLDER = fileURLToPath(new URL('../../../migrations/', import.meta.url));
const TABLE = 'schema_migrations';
/** Any number will do, as long as no other program on the same database takes it. */
const ADVISORY_LOCK = 7_163_700_001;

type MigrationClass = new () => MigrationInterface;

/** The names of all migrations, in the order in which they run. */
export async function migrationNames(): Promise<string[]> {
  const files = await readdir(FOLDER);
  return files.filter((file) => /^\d{13}-[a-z0-9-]+\.ts$/.test(file)).sort();
}

/** TypeORM wants the timestamp at the end of a migration's name; ours stands in the file's name, once. */
async function migrationClasses(): Promise<MigrationClass[]> {
  const classes: MigrationClass[] = [];
  for (const file of await migrationNames()) {
    const exported = (await import(pathToFileURL(join(FOLDER, file)).href)) as Record<string, unknown>;
    const found = Object.values(exported).filter((value): value is MigrationClass => typeof value === 'function' && 'up' in (value.prototype as object));
    const Migration = found[0];
    if (found.length !== 1 || Migration === undefined) throw new Error(`fault: ${file} must export one migration class`);
    classes.push(class extends Migration { override name = recordedName(file); });
  }
  return classes;
}

const recordedName = (file: string): string => `${file.slice(14, -3)}-${file.slice(0, 13)}`;

/**
 * Brings the schema up to date as the owner, each migration in its own transaction, one command at a time. Returns the
 * names of those that ran. The application's role is granted what it needs at the end of every call, so a new role gets its rights too.
 */
export async function runMigrations(ownerUrl: string, appRole: string): Promise<string[]> {
  const guard = new Client({ connectionString: ownerUrl, application_name: 'puente migrate' });
  guard.on('error', () => undefined); // a lost connection shows in the next query; unheard, it would end the process
  await guard.connect().catch((error: unknown) => { throw connectionRefusal(error); });
  try {
    await assertOwnerIsPlain(guard);
    await guard.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
    const dataSource = new DataSource({
      type: 'postgres', url: ownerUrl, applicationName: 'puente migrate', installExtensions: false, logging: false, poolSize: 2,
      migrations: await migrationClasses(), migrationsTableName: TABLE, migrationsTransactionMode: 'each',
    });
    await dataSource.initialize();
    try {
      const done = await dataSource.runMigrations();
      await dataSource.query('call puente_grant($1)', [appRole]);
      return done.map((migration) => migration.name);
    } finally {
      await dataSource.destroy();
    }
  } catch (error) {
    throw migrationRefusal(error);
  } finally {
    await guard.end().catch(() => undefined);
  }
}

function migrationRefusal(error: unknown): unknown {
  const { code } = error as { code?: unknown };
  if (code === '42501') return new AppError('invalid', 'database.owner_lacks_rights', { cause: error });
  if (code === '58P01' || code === '0A000') return new AppError('invalid', 'database.extension_missing', { cause: error });
  return connectionRefusal(error);
}

/** Whether the schema is what this program expects. Asked as the application's role, which may read the list of migrations. */
export async function pendingMigrations(dataSource: DataSource): Promise<string[]> {
  const names = (await migrationNames()).map(recordedName);
  const [known] = await dataSource.query<{ found: string | null }[]>(`select to_regclass('public.${TABLE}')::text as found`);
  if (!known?.found) return names;
  const rows = await dataSource.query<{ name: string }[]>(`select name from public.${TABLE}`).catch((error: { code?: string }) => {
    if (error.code === '42501') return []; // never granted: treat as not migrated for this role
    throw error;
  });
  const done = new Set(rows.map((row) => row.name));
  return names.filter((name) => !done.has(name));
}
