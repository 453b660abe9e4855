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

const SCOPE_FUNCTIONS = `
create function puente_agency() returns text stable language sql as
  $$ select nullif(current_setting('puente.agency', true), '') $$;
create function puente_actor() returns text stable language sql as
  $$ select nullif(current_setting('puente.actor', true), '') $$;
create function puente_sees_all_counties() returns boolean stable language sql as
  $$ select coalesce(current_setting('puente.counties', true) = '*', false) $$;
create function puente_counties() returns text[] stable language sql as
  $$ select case when coalesce(current_setting('puente.counties', true), '') in ('', '*') then '{}'::text[]
                 else current_setting('puente.counties', true)::text[] end $$;
create function puente_sees_county(county text) returns boolean stable language sql as
  $$ select puente_sees_all_counties() or coalesce(county = any(puente_counties()), false) $$;
-- The partner whose officer is asking; null for the agency's own people and jobs.
create function puente_partner() returns text stable language sql as
  $$ select nullif(nullif(current_setting('puente.partner', true), ''), '*') $$;
create function puente_is_agency() returns boolean stable language sql as
  $$ select coalesce(current_setting('puente.partner', true) = '*', false) $$;
create function puente_sees_partner(partner text) returns boolean stable language sql as
  $$ select puente_is_agency() or coalesce(partner = puente_partner(), false) $$;
`;

/**
 * call puente_protect('table', county_column, partner_column):
 * - county_column null: the table has no county; every actor of the agency sees it.
 * - partner_column: a column; 'none' = invisible to partners' officers (they may still add rows, such as an audit entry);
 *   'any' = they see it; null = 'any' without a county column, 'none' with one, because a county's row is nobody else's.
 * The functions are wrapped in (select …), so that they run once per query and not once per row.
 */
const PROTECT = `
create procedure puente_protect(target regclass, county_column text, partner_column text) language plpgsql as $$
declare
  agency text := 'agency_id = (select puente_agency())';
  county text := case when county_column is null then ''
    else format(' and ((select puente_sees_all_counties()) or %I = any((select puente_counties())::text[]))', county_column) end;
  mode text := coalesce(partner_column, case when county_column is null then 'any' else 'none' end);
  partner text := case mode when 'any' then '' when 'none' then ' and (select puente_is_agency())'
    else format(' and ((select puente_is_agency()) or %I = (select puente_partner()))', mode) end;
  known text := ' and (select current_setting(''puente.partner'', true)) <> ''''';
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy scope_read on %s for select using (%s)', target, agency || county || partner || known);
  execute format('create policy scope_insert on %s for insert with check (%s)', target,
    agency || county || case when mode in ('any', 'none') then '' else partner end || known);
  execute format('create policy scope_update on %s for update using (%s) with check (%s)', target, agency || county || partner || known, agency || county || partner || known);
  execute format('create policy scope_delete on %s for delete using (%s)', target, agency || county || partner || known);
end $$;
`;

/** Refused to everyone, the owner too: what was written stays. puente_grant leaves the rights out as well. */
const APPEND_ONLY = `
create function puente_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'table % is append-only', tg_table_name using errcode = 'integrity_constraint_violation', constraint = 'append_only';
end $$;
create procedure puente_append_only(target regclass) language plpgsql as $$
begin
  execute format('create trigger append_only_rows before update or delete on %s for each row execute function puente_refuse_change()', target);
  execute format('create trigger append_only_truncate before truncate on %s for each statement execute function puente_refuse_change()', target);
  execute format('alter table %s enable always trigger append_only_rows', target);
  execute format('alter table %s enable always trigger append_only_truncate', target);
end $$;
`;

/**
 * Called at the end of every \`puente migrate\`: the application's role may have any name, and migrations need not know it.
 * A table with a trigger named \`written_by_function\` (ledger, audit chain) is only read by it: functions of the owner write there.
 */
const GRANT = `
create procedure puente_grant(app_role text) language plpgsql as $$
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
           exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'written_by_function') as is_written_by_function
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and pg_has_role(current_user, c.relowner, 'member')
  loop
    execute format('revoke all on %s from %I', found.name, app_role);
    execute format('grant %s on %s to %I',
      case when found.relname = 'schema_migrations' or found.is_written_by_function then 'select' when found.is_append_only then 'select, insert' else 'select, insert, update, delete' end,
      found.name, app_role);
  end loop;
  execute format('grant usage, select on all sequences in schema public to %I', app_role);
  if to_regnamespace('jobs') is not null then
    execute format('grant usage on schema jobs to %I', app_role);
    execute format('grant select, insert, update, delete on all tables in schema jobs to %I', app_role);
    execute format('grant usage, select on all sequences in schema jobs to %I', app_role);
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
call puente_protect('kept_files', null, 'partner_id');
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
call puente_protect('outbox_events', null, 'none');
`;
