import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Texts of a referral that a person translates, sentence by sentence, what was approved of them, and the memory of approved
 * sentences. Every text stands encrypted. The memory is found by keyed hashes of three-letter pieces; its sentences carry marks in
 * place of names and numbers.
 */
export class Translations implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TEXTS);
    await runner.query(MEMORY);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table translation_memory_pieces, translation_memory, translation_approvals, translated_sentences, referral_texts');
  }
}

const TEXTS = `
create table referral_texts (
  agency_id text not null,
  text_id text not null,
  referral_id text not null,
  county text not null,
  -- 'statement', or the answer of the interview; of which person, where it is of one.
  source_id text not null,
  participant_id text,
  source_language text not null,
  target_language text not null,
  source_encrypted bytea not null,
  -- Names that the memory must not keep.
  names_encrypted bytea not null,
  -- Keyed hash of the sentences.
  source_digest bytea not null,
  sentences int not null check (sentences > 0),
  state text not null check (state in ('open', 'translated', 'approved', 'withdrawn')),
  translator_name text,
  qualification text,
  translated_on date,
  declared_by text,
  updated_at timestamptz not null,
  primary key (agency_id, text_id),
  unique nulls not distinct (agency_id, referral_id, source_id, participant_id, target_language),
  foreign key (agency_id, referral_id) references referrals,
  check (source_language <> target_language),
  check (state not in ('translated', 'approved') or (translator_name is not null and qualification is not null and translated_on is not null and declared_by is not null))
);
create index referral_texts_waiting on referral_texts (agency_id, state, referral_id);
call puente_protect('referral_texts', 'county', 'none');

create table translated_sentences (
  agency_id text not null,
  text_id text not null,
  sentence_key text not null,
  county text not null,
  target_encrypted bytea not null,
  -- Whether the text still has this sentence.
  is_current boolean not null,
  revision int not null check (revision > 0),
  origin text not null check (origin in ('typed', 'imported')),
  saved_at timestamptz not null,
  saved_by text not null,
  primary key (agency_id, text_id, sentence_key),
  foreign key (agency_id, text_id) references referral_texts
);
call puente_protect('translated_sentences', 'county', 'none');

-- What was approved, whole, as it was: a later approval is a later row.
create table translation_approvals (
  agency_id text not null,
  text_id text not null,
  position int not null check (position > 0),
  county text not null,
  source_digest bytea not null,
  body_encrypted bytea not null,
  translator_name text not null,
  qualification text not null,
  translated_on date not null,
  approved_at timestamptz not null,
  approved_by text not null,
  primary key (agency_id, text_id, position),
  foreign key (agency_id, text_id) references referral_texts
);
call puente_protect('translation_approvals', 'county', 'none');
call puente_append_only('translation_approvals');
`;

const MEMORY = `
create table translation_memory (
  agency_id text not null,
  -- Keyed hash of county, languages and both sides: what is known is not kept twice.
  memory_id text not null,
  county text not null,
  source_language text not null,
  target_language text not null,
  source_encrypted bytea not null,
  target_encrypted bytea not null,
  -- Keyed hashes of the sentence's three-letter pieces.
  grams bigint[] not null check (cardinality(grams) > 0),
  approved_on date not null,
  primary key (agency_id, memory_id)
);
call puente_protect('translation_memory', 'county', 'none');

-- The few pieces under which a sentence is found. Rows and not an array: behind row-level security an index serves only operators
-- that leak nothing, and those of arrays are not among them.
create table translation_memory_pieces (
  agency_id text not null,
  memory_id text not null,
  piece bigint not null,
  county text not null,
  primary key (agency_id, memory_id, piece),
  foreign key (agency_id, memory_id) references translation_memory
);
create index translation_memory_by_piece on translation_memory_pieces (agency_id, county, piece);
call puente_protect('translation_memory_pieces', 'county', 'none');
`;
