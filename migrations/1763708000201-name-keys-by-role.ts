import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Bearers of a name are looked for among those who owe or among those who receive: half of those who share a key are not even read. */
export class NameKeysByRole implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop index case_name_keys_by_key');
    await runner.query('create index case_name_keys_by_key on case_name_keys (agency_id, name_key, role)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index case_name_keys_by_key');
    await runner.query('create index case_name_keys_by_key on case_name_keys (agency_id, name_key)');
  }
}
