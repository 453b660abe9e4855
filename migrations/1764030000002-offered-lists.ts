import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lists that a partner's officer has shown us: kept, read, and sent only when the officer says so. The gateway writes; officers read their own office's. */
export class OfferedLists implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(OFFERED);
  }

  async down(): Promise<void> {
    throw new Error('the record of which lists partners sent would be lost: restore a backup');
  }
}

const OFFERED = `
create table offered_lists (
  agency_id text not null,
  offer_id text not null,
  partner_id text not null,
  file_id text not null,
  file_name text not null,
  sha256 text not null,
  byte_count bigint not null,
  offered_at timestamptz not null,
  offered_by text not null,
  -- Set together, when the officer sent it: the message and its signed receipt.
  message_id text,
  receipt_id text,
  sent_at timestamptz,
  sent_by text,
  primary key (agency_id, offer_id),
  foreign key (agency_id, file_id) references kept_files,
  check ((message_id is null) = (sent_at is null) and (receipt_id is null) = (sent_at is null) and (sent_by is null) = (sent_at is null))
);
create unique index offered_lists_bytes on offered_lists (agency_id, partner_id, sha256);
create index offered_lists_newest on offered_lists (agency_id, partner_id, offered_at desc, offer_id);
call puente_protect('offered_lists', 'all', 'partner_id');
call puente_never_delete('offered_lists');
`;
