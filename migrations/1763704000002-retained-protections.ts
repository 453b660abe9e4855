import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Protections that a later extract no longer says. They stay in force until a person confirms their end; what each one is
 * stands encrypted, as does the reason given for its end.
 */
export class RetainedProtections implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
    await runner.query("call puente_protect('case_retained_protections', 'county', null)");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table case_retained_protections');
  }
}

const TABLE = `
create table case_retained_protections (
  agency_id text not null,
  case_id text not null,
  participant_id text not null,
  -- The version of the case that no longer says it.
  version int not null check (version >= 2),
  kind text not null check (kind in ('nondisclosure', 'lives_with')),
  county text not null,
  body_encrypted bytea not null,
  extract_file_id text not null,
  line_number int not null,
  retained_at timestamptz not null,
  end_confirmed_at timestamptz,
  end_confirmed_by text,
  end_reason_encrypted bytea,
  primary key (agency_id, case_id, participant_id, version, kind),
  check ((end_confirmed_at is null) = (end_confirmed_by is null) and (end_confirmed_at is null) = (end_reason_encrypted is null))
);
`;
