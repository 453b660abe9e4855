import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sealed referrals that one person sends together: what was chosen and seen, and what became of each. */
export class BatchesOfReferrals implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table referral_batches (
        agency_id text not null,
        batch_id text not null,
        work_id text not null,
        begun_by text not null,
        begun_at timestamptz not null,
        -- The name of whoever approves, typed once for all that need one.
        approver_encrypted bytea,
        primary key (agency_id, batch_id)
      )`);
    await runner.query(`
      create table referral_batch_items (
        agency_id text not null,
        batch_id text not null,
        referral_id text not null,
        county text not null,
        position int not null check (position >= 1),
        -- The packet that was seen when it was confirmed: another one does not leave.
        packet_id text not null,
        state text not null check (state in ('waiting', 'sent', 'refused')),
        code text,
        settled_at timestamptz,
        primary key (agency_id, batch_id, referral_id),
        unique (agency_id, batch_id, position),
        foreign key (agency_id, batch_id) references referral_batches,
        foreign key (agency_id, referral_id) references referrals,
        check ((state = 'refused') = (code is not null)),
        check ((state = 'waiting') = (settled_at is null))
      )`);
    await runner.query(`
      call puente_protect('referral_batches', null, 'none');
      call puente_protect('referral_batch_items', 'county', 'none');
      call puente_append_only('referral_batches');
      call puente_never_delete('referral_batch_items')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table referral_batch_items');
    await runner.query('drop table referral_batches');
  }
}
