import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The log of disclosures asked for one kind: recalls are few among a million. */
export class DisclosuresByKind implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index disclosures_of_kind on disclosures (agency_id, kind, happened_at, disclosure_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index disclosures_of_kind');
  }
}
