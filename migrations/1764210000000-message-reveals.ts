import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which numbers of messages were shown to whom and why, never which value: they count with those of cases. A message need not belong to a county. */
export class MessageReveals implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table message_reveals (
        agency_id text not null,
        reveal_id text not null,
        shown_to text not null,
        shown_at timestamptz not null,
        message_id text not null,
        type text not null,
        reason text not null,
        primary key (agency_id, reveal_id)
      )`);
    await runner.query('create index message_reveals_by_person on message_reveals (agency_id, shown_to, shown_at)');
    await runner.query("call puente_protect('message_reveals', null, 'none')");
    await runner.query("call puente_append_only('message_reveals')");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table message_reveals');
  }
}
