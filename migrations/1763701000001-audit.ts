import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who did what, for ever, and a hash chain over it for each agency.
 *
 * An event is written within the work that it records; its link of the chain is made by a deferred trigger in the moment of
 * commit. Only there is the chain's head locked, so that an import of minutes keeps nobody else from committing.
 */
export class Audit implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(CHAIN);
    await runner.query(WALLS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table audit_heads, audit_chain;
      drop function audit_event_hash(bytea, bigint, audit_events) cascade;
      drop table audit_events;
      drop function audit_stamp_event(), audit_link_event()`);
  }
}

const TABLES = `
  create table audit_events (
    agency_id text collate "C" not null,
    event_id text collate "C" not null,
    action text collate "C" not null check (action ~ '^[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*)+$' and length(action) <= 80),
    subject_type text collate "C" not null check (length(subject_type) between 1 and 40),
    subject_id text collate "C" not null check (length(subject_id) between 1 and 200),
    actor_kind text collate "C" not null check (actor_kind in ('user', 'system')),
    actor_id text collate "C" not null,
    actor_partner text collate "C",
    partner_id text collate "C",
    county text collate "C",
    details jsonb not null check (jsonb_typeof(details) = 'object' and length(details::text) <= 8000),
    happened_at timestamptz not null,
    recorded_at timestamptz not null,
    primary key (agency_id, event_id)
  );
  create index audit_events_subject on audit_events (agency_id, subject_type, subject_id);
  create index audit_events_actor on audit_events (agency_id, actor_id, happened_at);

  create table audit_chain (
    agency_id text collate "C" not null,
    seq bigint not null check (seq >= 1),
    event_id text collate "C" not null,
    previous_hash bytea not null check (length(previous_hash) = 32),
    hash bytea not null check (length(hash) = 32),
    primary key (agency_id, seq),
    unique (agency_id, event_id)
  );

  create table audit_heads (
    agency_id text collate "C" primary key,
    seq bigint not null,
    hash bytea not null
  ) with (fillfactor = 50);
  comment on table audit_heads is 'The last link of each chain: what is locked while a commit adds to it, and what shows that the newest events were cut off.';
`;

const CHAIN = `
  create function audit_event_hash(previous_hash bytea, seq bigint, e audit_events) returns bytea stable language sql
    return sha256(previous_hash || convert_to(jsonb_build_array('puente-audit-1', seq, e.agency_id, e.event_id, e.action, e.subject_type, e.subject_id,
      e.actor_kind, e.actor_id, e.actor_partner, e.partner_id, e.county, e.details,
      to_char(e.happened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), to_char(e.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'))::text, 'UTF8'));
  comment on function audit_event_hash is 'application: what a link of the chain says; the check computes it anew';

  -- When it was recorded is the database's word, not the caller's.
  create function audit_stamp_event() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
  begin
    new.recorded_at := clock_timestamp();
    return new;
  end $$;
  create trigger audit_stamp before insert on audit_events for each row execute function audit_stamp_event();

  create function audit_link_event() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
  declare
    head audit_heads;
    link bytea;
  begin
    insert into audit_heads (agency_id, seq, hash) values (new.agency_id, 0, decode(repeat('00', 32), 'hex')) on conflict do nothing;
    select * into strict head from audit_heads where agency_id = new.agency_id for update;
    link := audit_event_hash(head.hash, head.seq + 1, new);
    insert into audit_chain (agency_id, seq, event_id, previous_hash, hash) values (new.agency_id, head.seq + 1, new.event_id, head.hash, link);
    update audit_heads set seq = head.seq + 1, hash = link where agency_id = new.agency_id;
    return null;
  end $$;
  create constraint trigger audit_link after insert on audit_events deferrable initially deferred for each row execute function audit_link_event();
  alter table audit_events enable always trigger audit_link;
`;

// Events are written by anybody of the agency, also by a partner's officer, and read by the agency's own people: those of a county
// by its people, those without one (which name files, accounts and runs) by who sees all counties, as are chain and head. The chain and its head are written by the owner's function alone.
const WALLS = `
  alter table audit_events enable row level security;
  alter table audit_events force row level security;
  create policy scope_insert on audit_events for insert
    with check (agency_id = (select puente_agency()) and actor_id = (select puente_actor()) and (select current_setting('puente.partner', true)) <> '');
  create policy scope_read on audit_events for select using (agency_id = (select puente_agency()) and (select puente_is_agency())
    and ((select puente_sees_all_counties()) or county = any((select puente_counties())::text[])));
  call puente_append_only('audit_events');

  do $$
  declare
    scoped text;
  begin
    foreach scoped in array array['audit_chain', 'audit_heads'] loop
      execute format('alter table %I enable row level security', scoped);
      execute format('alter table %I force row level security', scoped);
      execute format('create policy writes_as_owner on %I to %I using (agency_id = (select puente_agency()))', scoped, current_user);
      execute format('create policy scope_read on %I for select using (agency_id = (select puente_agency()) and (select puente_is_agency()) and (select puente_sees_all_counties()))', scoped);
      execute format('create trigger written_by_function before truncate on %I for each statement execute function puente_refuse_change()', scoped);
      execute format('create trigger refuse_change before %s on %I for each row execute function puente_refuse_change()',
        case scoped when 'audit_heads' then 'delete' else 'update or delete' end, scoped);
      execute format('alter table %I enable always trigger written_by_function', scoped);
      execute format('alter table %I enable always trigger refuse_change', scoped);
    end loop;
  end $$;
`;
