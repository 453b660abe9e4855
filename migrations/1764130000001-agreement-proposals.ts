import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A version of an agreement that allows more than before, until a second person has put it into force or refused it. */
export class AgreementProposals implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PROPOSALS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table agreement_proposals');
  }
}

const PROPOSALS = `
create table agreement_proposals (
  agency_id text collate "C" not null,
  agreement_id text collate "C" not null,
  record jsonb not null,
  proposed_at timestamptz not null,
  -- Is never who puts it into force.
  proposed_by text not null,
  primary key (agency_id, agreement_id)
);
comment on table agreement_proposals is 'One at a time for an agreement; it counts for nothing. What became of each is in the audit record.';
call puente_protect('agreement_proposals', null, 'none');
`;
