import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who made an account or gave it a new start: for a while the two are not two people where a second one is asked for. */
export class WhoLetWhomIn implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table account_introductions (
        agency_id text not null,
        introduction_id text not null,
        user_id text not null,
        introduced_by text not null,
        introduced_at timestamptz not null,
        primary key (agency_id, introduction_id),
        foreign key (agency_id, user_id) references users
      )`);
    await runner.query('create index account_introductions_by_time on account_introductions (agency_id, introduced_at)');
    await runner.query("call puente_protect('account_introductions', null, 'none')");
    await runner.query("call puente_append_only('account_introductions')");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table account_introductions');
  }
}
