import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Referrals, how they moved, and the packets sealed for them. A packet's row never changes: a correction is a new packet
 * that names the one it supersedes. A partner's officer sees what was made available to the partner, and no draft.
 */
export class ReferralsAndPackets implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REFERRALS);
    await runner.query(PACKETS);
    await runner.query(PARTNER_VIEW);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop policy packet_read on kept_files');
    await runner.query('drop table packet_deliveries, packet_disclosures, packets, referral_moves, referrals');
  }
}

const REFERRALS = `
create table referrals (
  agency_id text not null,
  referral_id text not null,
  county text not null,
  partner_id text not null,
  case_id text not null,
  services text[] not null check (cardinality(services) between 1 and 12),
  status text not null,
  packet_id text,
  findings jsonb not null,
  is_blocked boolean not null,
  created_at timestamptz not null,
  created_by text not null,
  sent_at timestamptz,
  sent_by text,
  approved_by text,
  clock_name text not null,
  clock_started_on date not null,
  clock_due_on date not null,
  clock_stopped_on date,
  primary key (agency_id, referral_id)
);
-- The natural key: one open referral of a case to a partner for the same services.
create unique index referrals_open on referrals (agency_id, case_id, partner_id, services)
  where status not in ('refused', 'closed', 'withdrawn', 'superseded');
create index referrals_queue on referrals (agency_id, clock_due_on, referral_id) where clock_stopped_on is null;
create index referrals_of_case on referrals (agency_id, case_id);
call puente_protect('referrals', 'county', 'partner_id');

create table referral_moves (
  agency_id text not null,
  referral_id text not null,
  position int not null,
  county text not null,
  partner_id text not null,
  from_status text,
  to_status text not null,
  packet_id text,
  moved_at timestamptz not null,
  moved_by text not null,
  primary key (agency_id, referral_id, position),
  foreign key (agency_id, referral_id) references referrals
);
call puente_protect('referral_moves', 'county', 'partner_id');
call puente_append_only('referral_moves');
`;

const PACKETS = `
create table packets (
  agency_id text not null,
  packet_id text not null,
  referral_id text not null,
  county text not null,
  partner_id text not null,
  number int not null check (number > 0),
  supersedes text,
  content_digest bytea not null,
  container_version int not null,
  file_id text not null,
  file_name text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  byte_count bigint not null check (byte_count > 0),
  pages int not null check (pages > 0),
  sealed_at timestamptz not null,
  sealed_by text not null,
  primary key (agency_id, packet_id),
  unique (agency_id, referral_id, number),
  foreign key (agency_id, referral_id) references referrals,
  foreign key (agency_id, file_id) references kept_files
);
call puente_protect('packets', 'county', 'partner_id');
call puente_append_only('packets');

-- What of the case went into a packet and what was kept back, and why: pointers and reasons, never the data.
create table packet_disclosures (
  agency_id text not null,
  packet_id text not null,
  county text not null,
  recipient text not null,
  decisions jsonb not null,
  primary key (agency_id, packet_id),
  foreign key (agency_id, packet_id) references packets
);
call puente_protect('packet_disclosures', 'county', 'none');
call puente_append_only('packet_disclosures');

create table packet_deliveries (
  agency_id text not null,
  packet_id text not null,
  position int not null,
  county text not null,
  partner_id text not null,
  channel text not null,
  delivered_at timestamptz not null,
  delivered_by text not null,
  primary key (agency_id, packet_id, position),
  foreign key (agency_id, packet_id) references packets
);
call puente_protect('packet_deliveries', 'county', 'partner_id');
call puente_append_only('packet_deliveries');
`;

const PARTNER_VIEW = `
create policy made_available on referrals as restrictive for select
  using ((select puente_is_agency()) or sent_at is not null);
create policy made_available on packets as restrictive for select
  using ((select puente_is_agency()) or exists (
    select from packet_deliveries d where d.agency_id = packets.agency_id and d.packet_id = packets.packet_id));
create policy made_available on referral_moves as restrictive for select
  using ((select puente_is_agency()) or exists (
    select from referrals r where r.agency_id = referral_moves.agency_id and r.referral_id = referral_moves.referral_id));

-- The file of a packet is seen by whoever sees the packet: the people of its county, and the partner's officer once it was delivered.
create index packets_file on packets (agency_id, file_id);
create policy packet_read on kept_files for select using (agency_id = (select puente_agency()) and exists (
  select from packets p where p.agency_id = kept_files.agency_id and p.file_id = kept_files.file_id));
`;
