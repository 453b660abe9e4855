import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A case at a glance shows what is in suspense and may be its own. */
export class MoneyInSuspenseOfACase implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("create index line_outcomes_candidate on line_outcomes (agency_id, candidate_case_id) where outcome = 'suspense' and candidate_case_id is not null");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index line_outcomes_candidate');
  }
}
