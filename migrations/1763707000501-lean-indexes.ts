import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lines without a folio are found by what they say, not by reading all of them for each. What waits to be exported is kept in the order of
 * proposing: new rows then go to the end of the index and not to a random place.
 */
export class LeanIndexes implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("create index payment_lines_bare on payment_lines (agency_id, partner_id, kind, content_key) where reference = ''");
    await runner.query('drop index posting_proposals_waiting');
    await runner.query("create index posting_proposals_waiting on posting_proposals (agency_id, proposed_at) where status = 'proposed'");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index payment_lines_bare, posting_proposals_waiting');
    await runner.query("create index posting_proposals_waiting on posting_proposals (agency_id, posting_id) where status = 'proposed'");
  }
}
