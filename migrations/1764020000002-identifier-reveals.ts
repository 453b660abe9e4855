import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which masked data were shown to whom and why, never which value: to bound how many somebody sees in an hour. */
export class IdentifierReveals implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table identifier_reveals (
        agency_id text not null,
        reveal_id text not null,
        shown_to text not null,
        shown_at timestamptz not null,
        case_id text not null,
        county text not null,
        participant_id text not null,
        type text not null,
        reason text not null,
        primary key (agency_id, reveal_id)
      )`);
    await runner.query('create index identifier_reveals_by_person on identifier_reveals (agency_id, shown_to, shown_at)');
    await runner.query("call puente_protect('identifier_reveals', 'county', 'none')");
    await runner.query("call puente_append_only('identifier_reveals')");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table identifier_reveals');
  }
}
