import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a look at a sealed referral told before it was sent together with others: kept for as long as nothing of it has changed, a quarter of an hour at most. */
export class SendChecks implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table referral_send_checks (
        agency_id text not null,
        referral_id text not null,
        county text not null,
        -- Of these it tells something, and of no others.
        packet_id text not null,
        case_version int not null,
        checked_on date not null,
        checked_at timestamptz not null,
        documents int not null check (documents >= 0),
        needs_approver boolean not null,
        -- Those that allow it, as they were on that day; and codes of refusals.
        agreements jsonb not null,
        refusals text[] not null,
        primary key (agency_id, referral_id),
        foreign key (agency_id, referral_id) references referrals
      )`);
    await runner.query("call puente_protect('referral_send_checks', 'county', 'none')");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table referral_send_checks');
  }
}
