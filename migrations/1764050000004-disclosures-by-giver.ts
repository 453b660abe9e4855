import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The log of disclosures is asked by who gave: without this, somebody who gave nothing costs a look at every row. */
export class DisclosuresByGiver implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index disclosures_of_giver on disclosures (agency_id, actor_id, happened_at, disclosure_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index disclosures_of_giver');
  }
}
