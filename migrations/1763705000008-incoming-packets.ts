import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What partners send us, as it came, and what is thought of it. Until a person has tied it to a case it belongs to no county, as money
 * does not: who sees only some counties sees none of it. A partner's officer sees that the own partner's papers have come, and never
 * what was found about them.
 */
export class IncomingPackets implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PACKETS);
    await runner.query(PROPOSALS);
    await runner.query(FILES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop policy incoming_read on kept_files');
    await runner.query('drop table incoming_proposals, incoming_packets');
  }
}

const PACKETS = `
create table incoming_packets (
  agency_id text not null,
  incoming_id text not null,
  partner_id text not null,
  county text,
  kind text not null check (kind in ('container', 'message', 'scan', 'unknown')),
  state text not null check (state in ('filed', 'proposed', 'accepted', 'linked', 'refused', 'duplicate')),
  file_id text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  byte_count bigint not null check (byte_count > 0),
  media_type text,
  received_on date not null,
  received_at timestamptz not null,
  received_by text not null,
  details_encrypted bytea not null,
  sender text check (sender in ('theirs', 'ours')),
  sender_packet_id text,
  sender_referral_id text,
  message_sha256 text,
  findings jsonb not null,
  duplicate_of text,
  referral_id text,
  reason text,
  decided_at timestamptz,
  decided_by text,
  primary key (agency_id, incoming_id),
  -- The same bytes from the same partner are the same receipt.
  unique (agency_id, partner_id, sha256),
  foreign key (agency_id, file_id) references kept_files,
  foreign key (agency_id, referral_id) references referrals,
  foreign key (agency_id, duplicate_of) references incoming_packets,
  check ((state in ('accepted', 'linked')) = (referral_id is not null)),
  check ((referral_id is null) = (county is null)),
  check ((decided_at is null) = (decided_by is null)),
  check (state <> 'proposed' and state <> 'filed' or decided_at is null)
);
comment on column incoming_packets.details_encrypted is 'Name of the file, cover, persons and numbers as the sender has them.';
comment on column incoming_packets.findings is 'What the bytes themselves say: nothing of a case, because the sender may read it.';
create index incoming_packets_newest on incoming_packets (agency_id, received_at desc, incoming_id);
create index incoming_packets_sender on incoming_packets (agency_id, partner_id, sender_packet_id) where sender_packet_id is not null;
create index incoming_packets_file on incoming_packets (agency_id, file_id);
create index incoming_packets_referral on incoming_packets (agency_id, referral_id) where referral_id is not null;
call puente_protect('incoming_packets', 'county', 'partner_id');
call puente_never_delete('incoming_packets');
-- Whoever sends sees that it came before it belongs to a county, and whichever county it comes to.
drop policy scope_read on incoming_packets;
create policy scope_read on incoming_packets for select using (agency_id = (select puente_agency()) and (partner_id = (select puente_partner())
  or ((select puente_is_agency()) and ((select puente_sees_all_counties()) or county = any((select puente_counties())::text[])))));
`;

// Candidates may be of several counties: only who sees all of them sees these. The newest proposal holds.
const PROPOSALS = `
create table incoming_proposals (
  agency_id text not null,
  incoming_id text not null,
  position int not null check (position > 0),
  proposal jsonb not null,
  findings jsonb not null,
  proposed_at timestamptz not null,
  proposed_by text not null,
  primary key (agency_id, incoming_id, position),
  foreign key (agency_id, incoming_id) references incoming_packets
);
call puente_protect('incoming_proposals', 'all', 'none');
call puente_append_only('incoming_proposals');
`;

const FILES = `
create policy incoming_read on kept_files for select using (agency_id = (select puente_agency()) and (select puente_is_agency()) and exists (
  select from incoming_packets i where i.agency_id = kept_files.agency_id and i.file_id = kept_files.file_id));
`;
