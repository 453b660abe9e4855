import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which documents a sealed packet holds and where each begins: titles and numbers of pages, nothing of what they say. */
export class DocumentsOfAPacket implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table packets add column documents jsonb not null default '[]'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table packets drop column documents');
  }
}
