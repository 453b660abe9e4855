import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What each file said of an entry that decides whether another file tells of the same one: two statements of one account tell of two
 * bookings however alike they are, and a week is counted from every sighting, not from the last one learned.
 */
export class SightingsInFull implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table bank_credit_sightings
      add column source text, add column account text, add column told_on date, add column servicer_ref text, add column statement_number int, add column line int`);
    await runner.query("comment on column bank_credit_sightings.source is 'Which kind of message told of it; empty in rows from before sightings were kept in full, where that of the credit holds.'");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table bank_credit_sightings
      drop column source, drop column account, drop column told_on, drop column servicer_ref, drop column statement_number, drop column line`);
  }
}
