import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How clerks said that partners' lists are to be read, the lists that wait for somebody to say it, and lists that went back annotated. */
export class ColumnMappings implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(MAPPINGS);
    await runner.query(UNTOLD);
    await runner.query(ANNOTATED);
    await runner.query("call puente_protect('column_mappings', 'all', 'none')");
    await runner.query("call puente_append_only('column_mappings')");
    await runner.query("call puente_protect('untold_lists', 'all', 'none')");
    await runner.query("call puente_never_delete('untold_lists')");
    await runner.query("call puente_protect('annotated_lists', 'all', 'partner_id')");
    await runner.query("call puente_append_only('annotated_lists')");
    // Its officers fetch what was made for a partner; whatever else is kept of that partner's files stays out of their sight.
    await runner.query(`create policy annotated_read on kept_files for select using (agency_id = (select puente_agency()) and exists (
      select from annotated_lists a where a.agency_id = kept_files.agency_id and a.annotated_file_id = kept_files.file_id))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop policy annotated_read on kept_files');
    await runner.query('drop table annotated_lists, untold_lists, column_mappings');
  }
}

const MAPPINGS = `
create table column_mappings (
  agency_id text not null,
  partner_id text not null,
  kind text not null check (kind in ('forwarding', 'remittance')),
  version int not null check (version > 0),
  mapping jsonb not null,
  saved_at timestamptz not null,
  saved_by text not null,
  primary key (agency_id, partner_id, kind, version)
);
comment on table column_mappings is 'The newest version of a partner and kind is in force; earlier ones say how earlier lists were read.';
`;

const UNTOLD = `
create table untold_lists (
  agency_id text not null,
  file_id text not null,
  partner_id text not null,
  file_name text not null,
  kind text not null,
  findings jsonb not null,
  refused_at timestamptz not null,
  primary key (agency_id, file_id),
  foreign key (agency_id, file_id) references kept_files
);
comment on table untold_lists is 'Lists that were refused because columns could not be told. One that was imported since waits no longer.';
`;

const ANNOTATED = `
create table annotated_lists (
  agency_id text not null,
  annotated_file_id text not null,
  file_id text not null,
  partner_id text not null,
  lines int not null,
  made_at timestamptz not null,
  made_by text not null,
  primary key (agency_id, annotated_file_id),
  foreign key (agency_id, file_id) references received_files,
  foreign key (agency_id, annotated_file_id) references kept_files
);
create index annotated_lists_file on annotated_lists (agency_id, file_id);
`;
