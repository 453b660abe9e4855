import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts as people manage them: passwords for a first sign-in alone, when somebody last came in, and whose sessions are open. */
export class Accounts implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table user_passwords
        add column is_start boolean not null default false,
        add column ends_at timestamptz,
        add column last_signed_in_at timestamptz,
        add check (is_start = (ends_at is not null))`);
    await runner.query("create index web_sessions_by_user on web_sessions ((sess ->> 'userId'))");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index web_sessions_by_user');
    await runner.query('alter table user_passwords drop column is_start, drop column ends_at, drop column last_signed_in_at');
  }
}
