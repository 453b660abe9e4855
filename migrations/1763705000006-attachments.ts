import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Papers that travel with a referral. Nothing is deleted: what is replaced or removed keeps its row and its bytes, and what was
 * refused on arrival is kept with the reasons. Partners read none of this; what they get is in the packet.
 */
export class Attachments implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ATTACHMENTS);
    await runner.query(DECISIONS);
    await runner.query(FILES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop policy attachment_read on kept_files');
    await runner.query('drop table referral_attachment_reviews, referral_attachment_translations, referral_attachments');
  }
}

const ATTACHMENTS = `
create table referral_attachments (
  agency_id text not null,
  attachment_id text not null,
  referral_id text not null,
  county text not null,
  position int not null check (position > 0),
  kind text not null,
  participant_id text,
  language text,
  official_form text,
  details_encrypted bytea not null,
  state text not null check (state in ('current', 'replaced', 'removed', 'refused')),
  replaces text,
  file_id text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  byte_count bigint not null check (byte_count > 0),
  findings jsonb not null,
  media_type text,
  pages int,
  copy_file_id text,
  copy_sha256 text,
  copy_byte_count bigint,
  added_at timestamptz not null,
  added_by text not null,
  ended_at timestamptz,
  ended_by text,
  primary key (agency_id, attachment_id),
  unique (agency_id, referral_id, position),
  foreign key (agency_id, referral_id) references referrals,
  foreign key (agency_id, file_id) references kept_files,
  foreign key (agency_id, copy_file_id) references kept_files,
  check ((state = 'refused') = (copy_file_id is null)),
  check ((copy_file_id is null) = (media_type is null) and (copy_file_id is null) = (pages is null) and (copy_file_id is null) = (copy_sha256 is null))
);
comment on column referral_attachments.details_encrypted is 'Title and the name under which the file was uploaded: both can name a person.';
comment on column referral_attachments.copy_file_id is 'The copy that leaves: the same pages or picture without what the file says of its making.';
create index referral_attachments_file on referral_attachments (agency_id, file_id);
create index referral_attachments_copy on referral_attachments (agency_id, copy_file_id) where copy_file_id is not null;
call puente_protect('referral_attachments', 'county', 'none');
call puente_never_delete('referral_attachments');
`;

// The newest decision holds; those before it stay.
const DECISIONS = `
create table referral_attachment_translations (
  agency_id text not null,
  attachment_id text not null,
  position int not null,
  county text not null,
  translated_by text,
  not_needed text,
  translator_encrypted bytea,
  decided_at timestamptz not null,
  decided_by text not null,
  primary key (agency_id, attachment_id, position),
  foreign key (agency_id, attachment_id) references referral_attachments,
  check ((translated_by is null) <> (not_needed is null)),
  check ((translated_by is null) = (translator_encrypted is null))
);
call puente_protect('referral_attachment_translations', 'county', 'none');
call puente_append_only('referral_attachment_translations');

-- That an attorney looked at the whole paper and found nothing of a protected person in it: of which persons it was asked.
create table referral_attachment_reviews (
  agency_id text not null,
  attachment_id text not null,
  position int not null,
  county text not null,
  protected text[] not null,
  reviewed_at timestamptz not null,
  reviewed_by text not null,
  primary key (agency_id, attachment_id, position),
  foreign key (agency_id, attachment_id) references referral_attachments
);
call puente_protect('referral_attachment_reviews', 'county', 'none');
call puente_append_only('referral_attachment_reviews');
`;

const FILES = `
create policy attachment_read on kept_files for select using (agency_id = (select puente_agency()) and (select puente_is_agency()) and exists (
  select from referral_attachments a where a.agency_id = kept_files.agency_id and (a.file_id = kept_files.file_id or a.copy_file_id = kept_files.file_id)));
`;
