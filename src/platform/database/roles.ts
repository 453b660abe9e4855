import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { AppError } from '../errors.ts';
import { connectionRefusal } from './connect.ts';

/** The role that a connection address names. */
export function roleOf(url: string): string {
  const name = decodeURIComponent(new URL(url).username);
  if (name === '') throw new AppError('invalid', 'database.url_names_no_role');
  return name;
}

/**
 * Row-level security does not bind superusers, roles that bypass it, or (through ALTER TABLE) owners. Serving as one of them
 * would take the wall away without a sound, so it is refused.
 */
export async function assertOwnsNothing(dataSource: DataSource): Promise<void> {
  const [row] = await dataSource.query<{ is_strong: boolean; owned: string }[]>(
    `select r.rolsuper or r.rolbypassrls as is_strong,
            (select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where n.nspname in ('public', 'jobs') and c.relkind in ('r', 'p') and pg_has_role(current_user, c.relowner, 'member')) as owned
       from pg_roles r where r.rolname = current_user`,
  );
  if (row && (row.is_strong || row.owned !== '0')) throw new AppError('invalid', 'database.role_owns');
}

/**
 * The functions of the ledger and of the audit chain run as the owner, and row-level security is forced upon it: as a superuser
 * (or bypassing RLS) it would be bound by nothing. @throws AppError `database.owner_too_strong`, located at the variable.
 */
export async function assertOwnerIsPlain(client: Client): Promise<void> {
  const { rows } = await client.query<{ role: string; is_strong: boolean }>('select rolname as role, rolsuper or rolbypassrls as is_strong from pg_roles where rolname = current_user');
  const [row] = rows;
  if (!row?.is_strong) return;
  throw new AppError('invalid', 'database.owner_too_strong', {
    params: { role: row.role },
    findings: [{ code: 'database.owner_too_strong', severity: 'block', path: 'DATABASE_OWNER_URL', params: { role: row.role } }],
  });
}

/** Makes the application's role with the password of its address, where it is missing and the owner may do so. */
export async function ensureAppRole(ownerUrl: string, appUrl: string): Promise<void> {
  const role = roleOf(appUrl);
  if (role === roleOf(ownerUrl)) throw new AppError('invalid', 'database.role_owns');
  const client = new Client({ connectionString: ownerUrl, application_name: 'puente migrate' });
  client.on('error', () => undefined);
  await client.connect().catch((error: unknown) => { throw connectionRefusal(error); });
  try {
    await assertOwnerIsPlain(client);
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role]);
    if (rowCount !== 0) return;
    const password = decodeURIComponent(new URL(appUrl).password);
    const secret = password === '' ? '' : ` password ${client.escapeLiteral(password)}`;
    await client.query(`create role ${client.escapeIdentifier(role)} login nosuperuser nocreatedb nocreaterole nobypassrls${secret}`);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === '42501') throw new AppError('invalid', 'database.app_role_missing', { params: { role }, cause: error });
    if (code !== '42710') throw error; // made by another command just now
  } finally {
    await client.end().catch(() => undefined);
  }
}
