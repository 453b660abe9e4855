import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What long work is about, as a digest: whoever asks for the same while it goes on is led to it, and begins nothing. */
export class WorkFoundAgain implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("alter table long_works add column digest text check (digest ~ '^[0-9a-f]{64}$')");
    await runner.query("create index long_works_going_on on long_works (agency_id, begun_by, kind, digest) where state = 'running' and digest is not null");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table long_works drop column digest');
  }
}
