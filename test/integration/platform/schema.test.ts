import { behindTheWall, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';

/** What is the same for every agency (the chart of accounts, the list of migrations), and sessions, found by a random key before anyone knows whose they are. */
const WITHOUT_AGENCY = ['schema_migrations', 'ledger_chart', 'web_sessions'];

let db: TestDatabase;
beforeAll(async () => { db = await testDatabase(); });

const TABLES = `select c.oid, c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  and c.relname <> all($1::text[])`;

describe('the schema', () => {
  it('keeps every table behind row-level security, its owner included', async () => {
    const open = await behindTheWall(db, `select t.name from (${TABLES}) t join pg_class c on c.oid = t.oid where not (c.relrowsecurity and c.relforcerowsecurity)`, [WITHOUT_AGENCY]);
    expect(open).toEqual([]);
  });

  it('has the agency in every row and in every primary and unique key', async () => {
    const keys = await behindTheWall(db, `
      select t.name, i.indexrelid::regclass::text as key from (${TABLES}) t join pg_index i on i.indrelid = t.oid
       where i.indisunique and not exists (select from unnest(i.indkey) k(n) join pg_attribute a on a.attrelid = t.oid and a.attnum = k.n where a.attname = 'agency_id')`, [WITHOUT_AGENCY]);
    expect(keys).toEqual([]);
    const without = await behindTheWall(db, `select t.name from (${TABLES}) t where not exists (select from pg_attribute a where a.attrelid = t.oid and a.attname = 'agency_id' and a.attnotnull)`, [WITHOUT_AGENCY]);
    expect(without).toEqual([]);
  });

  it('lets the application own nothing and change no structure', async () => {
    const owned = await behindTheWall(db, `
      select relname as name from pg_class where pg_get_userbyid(relowner) = 'puente_app'
      union all select proname from pg_proc where pg_get_userbyid(proowner) = 'puente_app'
      union all select nspname from pg_namespace where pg_get_userbyid(nspowner) = 'puente_app'`);
    expect(owned).toEqual([]);
    const rights = await behindTheWall(db, `select has_schema_privilege('puente_app', 'public', 'create') as public, has_schema_privilege('puente_app', 'jobs', 'create') as jobs,
      has_database_privilege('puente_app', current_database(), 'create') as database`);
    expect(rights).toEqual([{ public: false, jobs: false, database: false }]);
  });

  it('gives the application no right to truncate, to reference or to hang triggers on a table', async () => {
    const granted = await behindTheWall(db, `select table_name, privilege_type from information_schema.role_table_grants
      where grantee in ('puente_app', 'PUBLIC') and table_schema in ('public', 'jobs') and privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')`);
    expect(granted).toEqual([]);
  });

  it('runs nothing with the rights of its owner unless the path of names is fixed, temporary names last', async () => {
    const loose = await behindTheWall(db, `select p.oid::regprocedure::text as name from pg_proc p
      where p.pronamespace in ('public'::regnamespace, 'jobs'::regnamespace) and p.prosecdef
        and not coalesce('search_path=pg_catalog, public, pg_temp' = any (p.proconfig), false)`);
    expect(loose).toEqual([]);
  });

  it('fixes the meaning of names in every other function of ours, too: by a path, or by a body that is bound when it is made', async () => {
    const loose = await behindTheWall(db, `select p.oid::regprocedure::text as name from pg_proc p
      where p.pronamespace = 'public'::regnamespace and pg_get_userbyid(p.proowner) = 'puente_owner' and p.prosqlbody is null
        and not coalesce(array_to_string(p.proconfig, ',') ~ 'search_path=pg_catalog, (public, )?pg_temp', false)`);
    expect(loose).toEqual([]);
  });

  it('lets everybody call none of its functions, and the application those it needs', async () => {
    const callable = (role: string) => behindTheWall<{ name: string }>(db, `select p.proname as name from pg_proc p
      where p.pronamespace = 'public'::regnamespace and pg_get_userbyid(p.proowner) = 'puente_owner' and has_function_privilege($1, p.oid, 'execute') order by 1`, [role]);
    expect(await callable('public')).toEqual([]);
    expect((await callable('puente_app')).map((row) => row.name)).toEqual([
      'audit_case_subjects', 'audit_event_hash', 'audit_listing_hash', 'audit_listings_of', 'audit_note_listing', 'day_close_fence', 'ledger_body_digest', 'ledger_chain_digest', 'ledger_commit_batch', 'ledger_is_within', 'ledger_item', 'ledger_open_batch', 'ledger_post_one', 'ledger_reserve', 'ledger_resolve', 'ledger_sees_account', 'ledger_sees_transfer', 'puente_actor', 'puente_agency', 'puente_counties', 'puente_exchange_position', 'puente_is_agency',
      'puente_partner', 'puente_sees_all_counties', 'puente_sees_county', 'puente_sees_file', 'puente_sees_partner']);
  });
});
