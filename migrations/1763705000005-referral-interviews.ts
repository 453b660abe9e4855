import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a person of the case told in an interview, for a referral: every save is a version, none is ever changed. */
export class ReferralInterviews implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(INTERVIEWS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table referral_interviews');
  }
}

const INTERVIEWS = `
create table referral_interviews (
  agency_id text not null,
  referral_id text not null,
  version int not null check (version > 0),
  county text not null,
  -- In which language it was held, and its long answers are written.
  language text not null,
  body_encrypted bytea not null,
  recorded_at timestamptz not null,
  recorded_by text not null,
  primary key (agency_id, referral_id, version),
  foreign key (agency_id, referral_id) references referrals
);
call puente_protect('referral_interviews', 'county', 'none');
call puente_append_only('referral_interviews');
`;
