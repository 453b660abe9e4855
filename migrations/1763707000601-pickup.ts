import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files that were picked up from folders, alarms that nobody may miss, and moments that come once for all processes. */
export class Pickup implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    for (const table of ['picked_up_files', 'office_alarms', 'job_ticks']) await runner.query(`call puente_protect('${table}', 'all', 'none')`);
    for (const table of ['picked_up_files', 'office_alarms']) await runner.query(`call puente_never_delete('${table}')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table picked_up_files, office_alarms, job_ticks');
  }
}

const TABLES = `
create table picked_up_files (
  agency_id text collate "C" not null,
  picked_up_id text collate "C" not null,
  pickup_id text collate "C" not null,
  partner_id text collate "C",
  file_name text not null,
  byte_count bigint not null,
  state text not null check (state in ('taken', 'imported', 'repeated', 'refused')),
  taken_at timestamptz not null,
  settled_at timestamptz,
  file_id text,
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  file_kind text,
  line_count int,
  needs_person boolean,
  refusal text,
  params jsonb not null default '{}',
  primary key (agency_id, picked_up_id),
  check ((state = 'taken') = (settled_at is null)),
  check ((state = 'refused') = (refusal is not null))
);
create index picked_up_files_folder on picked_up_files (agency_id, pickup_id, taken_at);
create index picked_up_files_bytes on picked_up_files (agency_id, sha256) where sha256 is not null;
comment on table picked_up_files is 'Each file that was taken out of a folder, once, and what became of it.';

create table office_alarms (
  agency_id text collate "C" not null,
  alarm_id text collate "C" not null,
  -- What is wrong, as a code with words in all languages; what it is about; and the day that it is about.
  code text collate "C" not null check (code ~ '^[a-z]+(\\.[a-z_]+)+$'),
  subject text collate "C" not null,
  about_on date not null,
  partner_id text collate "C",
  params jsonb not null default '{}',
  raised_at timestamptz not null,
  ended_at timestamptz,
  ended_by text,
  primary key (agency_id, alarm_id),
  unique (agency_id, code, subject, about_on),
  check ((ended_at is null) = (ended_by is null))
);
create index office_alarms_open on office_alarms (agency_id, raised_at) where ended_at is null;

create table job_ticks (
  agency_id text collate "C" not null,
  name text collate "C" not null,
  tick_at timestamptz not null,
  primary key (agency_id, name, tick_at)
);
comment on table job_ticks is 'Moments that have come: whichever process says so first emits the event, the others find it said.';
`;
