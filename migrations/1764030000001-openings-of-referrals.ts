import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When each officer of a partner last opened each request, so that what is new since is told. The gateway writes; a partner's officers read their own office's. */
export class OpeningsOfReferrals implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(OPENINGS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table referral_openings');
  }
}

const OPENINGS = `
create table referral_openings (
  agency_id text not null,
  referral_id text not null,
  user_id text not null,
  county text not null,
  partner_id text not null,
  opened_at timestamptz not null,
  primary key (agency_id, referral_id, user_id),
  foreign key (agency_id, referral_id) references referrals
);
call puente_protect('referral_openings', 'county', 'partner_id');
call puente_never_delete('referral_openings');
create index referrals_of_partner on referrals (agency_id, partner_id, sent_at desc, referral_id) where sent_at is not null;
`;
