import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Applications that a partner's office has begun and not filed: theirs alone, encrypted, and gone after a while. */
export class ApplicationDrafts implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(DRAFTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table application_drafts');
  }
}

const DRAFTS = `
create table application_drafts (
  agency_id text not null,
  draft_id text not null,
  partner_id text not null,
  -- What was typed, and what those who typed it are called; nothing any more once it was filed.
  content_encrypted bytea check (length(content_encrypted) <= 400000),
  -- What it was filed as: whoever presses twice is led there.
  application_id text,
  begun_at timestamptz not null,
  begun_by text not null,
  saved_at timestamptz not null,
  saved_by text not null,
  -- Each saving is another one: whoever saves over what they have not seen is told.
  revision integer not null check (revision >= 1),
  expires_at timestamptz not null,
  primary key (agency_id, draft_id),
  check ((content_encrypted is null) = (application_id is not null))
);
create index application_drafts_newest on application_drafts (agency_id, partner_id, saved_at desc, draft_id);
create index application_drafts_expiry on application_drafts (agency_id, expires_at);
call puente_protect('application_drafts', 'all', 'partner_id');
`;
