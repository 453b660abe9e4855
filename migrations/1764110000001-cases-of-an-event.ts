import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The cases that an event names in its details, a row each. An index over the details does not answer under row-level security: operators of
 * jsonb are not leakproof, so every event of the agency was read to tell who saw one case.
 */
export class CasesOfAnEvent implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop index audit_events_cases, audit_events_case');
    await runner.query(TABLE);
    await runner.query(FILL);
    await runner.query(WALLS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table audit_event_cases; drop function audit_note_cases() cascade; drop function audit_cases_named(jsonb)');
    await runner.query("create index audit_events_cases on audit_events using gin ((details -> 'cases') jsonb_path_ops) where details ? 'cases'");
    await runner.query("create index audit_events_case on audit_events (agency_id, (details ->> 'caseId')) where details ? 'caseId'");
  }
}

const TABLE = `
create table audit_event_cases (
  agency_id text collate "C" not null,
  case_id text collate "C" not null,
  event_id text collate "C" not null,
  county text collate "C",
  primary key (agency_id, case_id, event_id)
);

-- Of an import \`cases\` is a number.
create function audit_cases_named(details jsonb) returns setof text immutable language sql
  begin atomic
    select distinct named #>> '{}' from (
      select details -> 'caseId' as named
      union all select jsonb_array_elements(case jsonb_typeof(details -> 'cases') when 'array' then details -> 'cases' else '[]' end)) n
     where jsonb_typeof(named) = 'string' and named <> '""';
  end;

-- Written with the event itself, by the owner's function: a partner's officer leaves events and sees none of this, and nobody adds a row by hand.
create function audit_note_cases() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into audit_event_cases (agency_id, case_id, event_id, county)
    select new.agency_id, named, new.event_id, new.county from audit_cases_named(new.details) named;
  return null;
end $$;
create trigger audit_note_cases after insert on audit_events for each row when (new.details ?| '{caseId,cases}') execute function audit_note_cases();
alter table audit_events enable always trigger audit_note_cases;
`;

const FILL = `
alter table audit_events no force row level security;
insert into audit_event_cases (agency_id, case_id, event_id, county)
  select e.agency_id, named, e.event_id, e.county from audit_events e cross join lateral audit_cases_named(e.details) named where e.details ?| '{caseId,cases}';
alter table audit_events force row level security;
`;

// Who sees an event sees which cases it names.
const WALLS = `
alter table audit_event_cases enable row level security;
alter table audit_event_cases force row level security;
do $$ begin
  execute format('create policy writes_as_owner on audit_event_cases for insert to %I with check (agency_id = (select puente_agency()))', current_user);
end $$;
create policy scope_read on audit_event_cases for select using (agency_id = (select puente_agency()) and (select puente_is_agency())
  and ((select puente_sees_all_counties()) or county = any((select puente_counties())::text[])));
create trigger written_by_function before truncate on audit_event_cases for each statement execute function puente_refuse_change();
create trigger refuse_change before update or delete on audit_event_cases for each row execute function puente_refuse_change();
alter table audit_event_cases enable always trigger written_by_function;
alter table audit_event_cases enable always trigger refuse_change;
`;
