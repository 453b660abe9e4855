import { Client } from 'pg';
import { randomBytes } from 'node:crypto';
import { loadConfig } from '../../../src/platform/config.ts';
import type { Config } from '../../../src/platform/config.ts';
import { migrate, openDatabase } from '../../../src/platform/database/index.ts';
import type { TestServer } from '../../support/test-server.ts';

/** `DATABASE_URL` mode, on an empty database of the test server with roles of other names. */
const server = JSON.parse(process.env['PUENTE_TEST_SERVER'] ?? '{}') as TestServer;
const mark = randomBytes(4).toString('hex');
const names = { database: `own_${mark}`, owner: `keeper_${mark}`, app: `clerk_${mark}`, plain: `plain_${mark}`, strong: `strong_${mark}` };
const urlOf = (role: string, password = 'pass word/1'): string =>
  Object.assign(new URL(server.adminUrl), { username: role, password: encodeURIComponent(password), pathname: `/${names.database}` }).href;
const configOf = (url: string, ownerUrl?: string): Config =>
  loadConfig({ DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl, PUENTE_KEYS: 'keys.json', NODE_ENV: 'test' });

async function asAdmin(...statements: string[]): Promise<void> {
  const admin = new Client({ connectionString: server.adminUrl });
  await admin.connect();
  for (const statement of statements) await admin.query(statement);
  await admin.end();
}

beforeAll(() => asAdmin(
  `create role ${names.owner} login createrole password 'pass word/1'`, `create role ${names.plain} login password 'pass word/1'`,
  `create database ${names.database} owner ${names.owner}`,
));
afterAll(() => asAdmin(
  `drop database ${names.database} with (force)`, `drop role if exists ${names.app}`, `drop role ${names.plain}`, `drop role if exists ${names.strong}`, `drop role ${names.owner}`,
));

describe('a PostgreSQL server of its own', () => {
  it('is not served before it was migrated', async () => {
    await expect(openDatabase(configOf(urlOf(names.plain)))).rejects.toMatchObject({ kind: 'conflict', code: 'database.not_migrated' });
    await expect(migrate(configOf(urlOf(names.plain)))).rejects.toMatchObject({ code: 'database.owner_url_required' });
  });

  it('is migrated by the owner, who makes the role of the application; again changes nothing', async () => {
    const config = configOf(urlOf(names.app), urlOf(names.owner));
    expect((await migrate(config)).length).toBeGreaterThan(1);
    expect(await migrate(config)).toEqual([]);
    const db = await openDatabase(configOf(urlOf(names.app)));
    expect(await db.dataSource.query('select current_user as role')).toEqual([{ role: names.app }]);
    await db.close();
  });

  it('is migrated once by commands that start at once', async () => {
    const config = configOf(urlOf(names.app), urlOf(names.owner));
    const opened = await Promise.all([openDatabase(config), openDatabase(config), migrate(config)]);
    expect(opened[2]).toEqual([]);
    await opened[0].close();
    await opened[1].close();
  });

  it('is not served as its owner or as a superuser', async () => {
    await expect(openDatabase(configOf(urlOf(names.owner)))).rejects.toMatchObject({ kind: 'invalid', code: 'database.role_owns' });
    await expect(migrate(configOf(urlOf(names.owner), urlOf(names.owner)))).rejects.toMatchObject({ code: 'database.role_owns' });
    const admin = Object.assign(new URL(server.adminUrl), { pathname: `/${names.database}` }).href;
    await expect(openDatabase(configOf(admin))).rejects.toMatchObject({ code: 'database.role_owns' });
  });

  it('is not migrated by a superuser or a role that row-level security does not bind', async () => {
    await asAdmin(`create role ${names.strong} login bypassrls password 'pass word/1'`);
    const strong = { kind: 'invalid', code: 'database.owner_too_strong', findings: [{ code: 'database.owner_too_strong', path: 'DATABASE_OWNER_URL' }] };
    const admin = Object.assign(new URL(server.adminUrl), { pathname: `/${names.database}` }).href;
    for (const ownerUrl of [admin, urlOf(names.strong)]) await expect(migrate(configOf(urlOf(names.app), ownerUrl))).rejects.toMatchObject(strong);
  });

  it('has, when it is the embedded one, an owner that is no superuser', async () => {
    const owner = new Client({ connectionString: server.ownerUrl });
    await owner.connect();
    const { rows } = await owner.query('select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication from pg_roles where rolname = current_user');
    await owner.end();
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false, rolreplication: false }]);
  });

  it('says what is wrong with an address', async () => {
    await expect(openDatabase(configOf(urlOf(names.app, 'wrong')))).rejects.toMatchObject({ kind: 'invalid', code: 'database.refused' });
    await expect(openDatabase(configOf('postgres://a:b@127.0.0.1:1/x'))).rejects.toMatchObject({ kind: 'partner_unavailable', code: 'database.unavailable' });
    await expect(migrate(configOf(urlOf('nobody_yet'), urlOf(names.plain)))).rejects.toMatchObject({ code: 'database.app_role_missing' });
  });
});
