import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A credit is unique by its place in its file. The fingerprint said the same in a digest, at the price of an index in random order, and nobody
 * asked for it.
 */
export class BankCreditPlace implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table bank_credits drop column fingerprint');
    await runner.query('drop index bank_credits_file');
    await runner.query('create unique index bank_credits_file on bank_credits (agency_id, file_id, position)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index bank_credits_file');
    await runner.query('create index bank_credits_file on bank_credits (agency_id, file_id, position)');
    await runner.query('alter table bank_credits add column fingerprint bytea');
    await runner.query("update bank_credits set fingerprint = sha256(convert_to(file_id || ' ' || position, 'UTF8'))");
    await runner.query('alter table bank_credits alter column fingerprint set not null, add unique (agency_id, fingerprint)');
  }
}
