import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which sessions of an account still count, and which state of it somebody changed. */
export class EpochsOfAccounts implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table users
        add column session_epoch integer not null default 0 check (session_epoch >= 0),
        add column revision integer not null default 0 check (revision >= 0)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table users drop column session_epoch, drop column revision');
  }
}
