import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * That an attorney read what leaves as free text and found nothing of a protected person in it: of which content (a keyed hash) and
 * of which persons it was asked. The newest holds, those before it stay; partners see none.
 */
export class TextReviews implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REVIEWS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table referral_interview_reviews, translation_reviews');
  }
}

const REVIEWS = `
create table translation_reviews (
  agency_id text not null,
  text_id text not null,
  position int not null check (position > 0),
  county text not null,
  -- Keyed hash of source, translation, both languages and the translator's words.
  content_digest bytea not null,
  protected text[] not null,
  reviewed_at timestamptz not null,
  reviewed_by text not null,
  primary key (agency_id, text_id, position),
  foreign key (agency_id, text_id) references referral_texts
);
call puente_protect('translation_reviews', 'county', 'none');
call puente_append_only('translation_reviews');

create table referral_interview_reviews (
  agency_id text not null,
  referral_id text not null,
  position int not null check (position > 0),
  county text not null,
  -- Of which version of the interview, and a keyed hash of the written answers of it that leave untranslated.
  version int not null,
  content_digest bytea not null,
  protected text[] not null,
  reviewed_at timestamptz not null,
  reviewed_by text not null,
  primary key (agency_id, referral_id, position),
  foreign key (agency_id, referral_id) references referrals
);
call puente_protect('referral_interview_reviews', 'county', 'none');
call puente_append_only('referral_interview_reviews');
`;
