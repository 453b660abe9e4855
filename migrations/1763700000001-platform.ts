import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What every later table stands on: who is asking (settings of the transaction, set by `inTransaction`), and procedures that
 * put a table behind row-level security or make it append-only. Without settings every function answers "no": fail closed.
 */
export class Platform implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const extension of ['pg_trgm', 'unaccent', 'fuzzystrmatch']) {
      await runner.query(`create extension if not exists ${extension}`);
    }
    await runner.query(SCOPE_FUNCTIONS);
    await runner.query(PROTECT);
    await runner.query(APPEND_ONLY);
    await runner.query(GRANT);
    await runner.query(TABLES);
  }

  async down(): Promise<void> {
    throw new Error('there is no way back from the first migration: restore a backup');
  }
}

/** Their bodies are bound when they are made: whatever search path or temporary type a caller has, they mean the same. */
const SCOPE_FUNCTIONS = `
-- Functions of ours are nobody's to call unless puente_grant says so: it gives the application those whose comment begins with "application".
alter default privileges revoke execute on routines from public;
create function puente_agency() returns text stable language sql
  return nullif(current_setting('puente.agency', true), '');
create function puente_actor() returns text stable language sql
  return nullif(current_setting('puente.actor', true), '');
create function puente_sees_all_counties() returns boolean stable language sql
  return coalesce(current_setting('puente.counties', true) = '*', false);
create function puente_counties() returns text[] stable language sql
  return case when coalesce(current_setting('puente.counties', true), '') in ('', '*') then '{}'::text[]
              else current_setting('puente.counties', true)::text[] end;
create function puente_sees_county(county text) returns boolean stable language sql
  return puente_sees_all_counties() or coalesce(county = any(puente_counties()), false);
-- The partner whose officer is asking; null for the agency's own people and jobs.
create function puente_partner() returns text stable language sql
  return nullif(nullif(current_setting('puente.partner', true), ''), '*');
create function puente_is_agency() returns boolean stable language sql
  return coalesce(current_setting('puente.partner', true) = '*', false);
create function puente_sees_partner(partner text) returns boolean stable language sql
  return puente_is_agency() or coalesce(partner = puente_partner(), false);
do $$
declare
  scope regprocedure;
begin
  foreach scope in array array['puente_agency()', 'puente_actor()', 'puente_sees_all_counties()', 'puente_counties()', 'puente_sees_county(text)',
      'puente_partner()', 'puente_is_agency()', 'puente_sees_partner(text)']::regprocedure[] loop
    execute format('comment on function %s is %L', scope, 'application: row-level security asks it');
  end loop;
end $$;
`;

/**
 * call puente_protect('table', county_column, partner_column):
 * - county_column: a column; 'all' = only who sees all counties sees and writes it; null = every actor of the agency does.
 * - partner_column: a column, or 'any': a partner's officers may read those rows; 'none' = they see none; null = 'any' without a
 *   county column, 'none' with one, because a county's row is nobody else's.
 * A partner's officers write nothing: a table where they must leave something has policies of its own.
 * The functions are wrapped in (select …), so that they run once per query and not once per row.
 */
const PROTECT = `
create procedure puente_protect(target regclass, county_column text, partner_column text) language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  scope text := 'agency_id = (select puente_agency())' || case when county_column is null then '' when county_column = 'all' then ' and (select puente_sees_all_counties())'
    else format(' and ((select puente_sees_all_counties()) or %I = any((select puente_counties())::text[]))', county_column) end;
  mode text := coalesce(partner_column, case when county_column is null then 'any' else 'none' end);
  partner text := case mode when 'any' then ' and (select current_setting(''puente.partner'', true)) <> ''''' when 'none' then ' and (select puente_is_agency())'
    else format(' and ((select puente_is_agency()) or %I = (select puente_partner()))', mode) end;
  agency text := ' and (select puente_is_agency())';
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy scope_read on %s for select using (%s)', target, scope || partner);
  execute format('create policy scope_insert on %s for insert with check (%s)', target, scope || agency);
  execute format('create policy scope_update on %s for update using (%s) with check (%s)', target, scope || agency, scope || agency);
  execute format('create policy scope_delete on %s for delete using (%s)', target, scope || agency);
end $$;
`;

/** Refused to everyone, the owner too: what was written stays. puente_grant leaves the rights out as well. */
const APPEND_ONLY = `
create function puente_refuse_change() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  raise exception 'table % is append-only: % is refused', tg_table_name, lower(tg_op) using errcode = 'integrity_constraint_violation', constraint = 'append_only';
end $$;
create procedure puente_append_only(target regclass) language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  execute format('create trigger append_only_rows before update or delete on %s for each row execute function puente_refuse_change()', target);
  execute format('create trigger append_only_truncate before truncate on %s for each statement execute function puente_refuse_change()', target);
  execute format('alter table %s enable always trigger append_only_rows', target);
  execute format('alter table %s enable always trigger append_only_truncate', target);
end $$;
-- Rows change, but none goes.
create procedure puente_never_delete(target regclass) language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  execute format('create trigger never_delete_rows before delete on %s for each row execute function puente_refuse_change()', target);
  execute format('create trigger never_delete_truncate before truncate on %s for each statement execute function puente_refuse_change()', target);
  execute format('alter table %s enable always trigger never_delete_rows', target);
  execute format('alter table %s enable always trigger never_delete_truncate', target);
end $$;
`;

/**
 * Called at the end of every \`puente migrate\`: the application's role may have any name, and migrations need not know it.
 * A table with a trigger named \`written_by_function\` (ledger, audit chain) is only read by it: functions of the owner write there.
 */
const GRANT = `
create procedure puente_grant(app_role text) language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  found record;
begin
  execute format('grant usage on schema public to %I', app_role);
  -- Bulk rows pass through temporary tables. Whoever does not own the database leaves this to its owner (the default allows it).
  if (select pg_has_role(current_user, datdba, 'member') from pg_database where datname = current_database()) then
    execute format('grant connect, temporary on database %I to %I', current_database(), app_role);
  end if;
  for found in
    select c.oid::regclass as name, c.relname,
           exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'append_only_rows') as is_append_only,
           exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'never_delete_rows') as is_never_deleted,
           exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'written_by_function') as is_written_by_function
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and pg_has_role(current_user, c.relowner, 'member')
  loop
    execute format('revoke all on %s from %I', found.name, app_role);
    execute format('grant %s on %s to %I',
      case when found.relname = 'schema_migrations' or found.is_written_by_function then 'select'
        when found.is_append_only then 'select, insert' when found.is_never_deleted then 'select, insert, update' else 'select, insert, update, delete' end,
      found.name, app_role);
  end loop;
  execute format('grant usage, select on all sequences in schema public to %I', app_role);
  -- Functions: those of ours that say so, and no others. What extensions brought stays as it is.
  for found in
    select p.oid::regprocedure as name, coalesce(obj_description(p.oid, 'pg_proc'), '') like 'application:%' as is_callable
      from pg_proc p where p.pronamespace = 'public'::regnamespace and pg_has_role(current_user, p.proowner, 'member')
       and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
  loop
    execute format('revoke all on routine %s from public, %I', found.name, app_role);
    if found.is_callable then
      execute format('grant execute on routine %s to %I', found.name, app_role);
    end if;
  end loop;
  if to_regnamespace('jobs') is not null then
    execute format('grant usage on schema jobs to %I', app_role);
    execute format('grant select, insert, update, delete on all tables in schema jobs to %I', app_role);
    execute format('grant usage, select on all sequences in schema jobs to %I', app_role);
    execute format('grant execute on all routines in schema jobs to %I', app_role);
  end if;
end $$;
`;

const TABLES = `
create table kept_files (
  agency_id text not null,
  file_id text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  byte_count bigint not null check (byte_count >= 0),
  file_name text not null,
  key_version int not null,
  partner_id text,
  kept_at timestamptz not null,
  kept_by text not null,
  primary key (agency_id, file_id),
  unique nulls not distinct (agency_id, partner_id, sha256)
);
call puente_protect('kept_files', 'all', 'none');
-- Whoever keeps a file of the agency sees it, too. A packet's file is seen by whoever sees the packet: the migration of packets says so.
drop policy scope_read on kept_files;
create policy scope_read on kept_files for select using (agency_id = (select puente_agency()) and (select puente_is_agency())
  and ((select puente_sees_all_counties()) or kept_by = (select puente_actor())));
drop policy scope_insert on kept_files;
create policy scope_insert on kept_files for insert with check (agency_id = (select puente_agency()) and (select puente_is_agency()) and kept_by = (select puente_actor()));
call puente_append_only('kept_files');

create table outbox_events (
  agency_id text not null,
  event_id text not null,
  name text not null,
  body jsonb not null,
  emitted_at timestamptz not null,
  emitted_by text not null,
  relayed_at timestamptz,
  primary key (agency_id, event_id)
);
create index outbox_events_waiting on outbox_events (agency_id, event_id) where relayed_at is null;
call puente_protect('outbox_events', 'all', 'none');
-- Anybody of the agency tells that something happened; only the relay, which sees all counties, reads it.
drop policy scope_insert on outbox_events;
create policy scope_insert on outbox_events for insert with check (agency_id = (select puente_agency()) and (select puente_is_agency()) and emitted_by = (select puente_actor()));
`;
