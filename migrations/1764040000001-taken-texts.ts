import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who works on a text, until when: so that two translators do not begin the same one. */
export class TakenTexts implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table referral_texts add column taken_by text, add column taken_until timestamptz;
      alter table referral_texts add constraint referral_texts_taken_check check ((taken_by is null) = (taken_until is null));
      create index translated_sentences_by_translator on translated_sentences (agency_id, saved_by, text_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index translated_sentences_by_translator;
      alter table referral_texts drop constraint referral_texts_taken_check;
      alter table referral_texts drop column taken_by, drop column taken_until`);
  }
}
