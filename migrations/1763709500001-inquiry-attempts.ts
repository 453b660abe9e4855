import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was tried, as a keyed hash of person, numbers and role: one person asked about with many numbers is somebody looking for a case. */
export class InquiryAttempts implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Questions of before have none: each counts by its person.
    await runner.query('alter table inquiries add column attempt_key bytea');
    await runner.query('create index inquiries_person on inquiries (agency_id, partner_id, person_key, asked_at)');
  }

  async down(): Promise<void> {
    throw new Error('how much was asked in vain would be forgotten: restore a backup');
  }
}
