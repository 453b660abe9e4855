import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a partner's officer may not read even in SQL: findings about a case, and any packet but the one delivered last. And
 * what an old packet told, so that a protection that came later can be held against it.
 */
export class FindingsAndRecalls implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FINDINGS);
    await runner.query(NEWEST_DELIVERY);
    await runner.query(RECALLS);
  }

  async down(): Promise<void> {
    throw new Error('findings would become readable to partners again: restore a backup');
  }
}

// A finding can say where somebody lives ("the address is not in the partner's country"), so it stays with the agency.
const FINDINGS = `
create table referral_findings (
  agency_id text not null,
  referral_id text not null,
  county text not null,
  findings jsonb not null,
  is_blocked boolean not null,
  primary key (agency_id, referral_id),
  foreign key (agency_id, referral_id) references referrals
);
alter table referrals no force row level security;
insert into referral_findings select agency_id, referral_id, county, findings, is_blocked from referrals;
alter table referrals force row level security;
alter table referrals drop column findings, drop column is_blocked;
call puente_protect('referral_findings', 'county', 'none');
`;

const NEWEST_DELIVERY = `
alter table packet_deliveries add column referral_id text, add column number int;
alter table packets no force row level security;
alter table packet_deliveries no force row level security;
alter table packet_deliveries disable trigger append_only_rows;
update packet_deliveries d set referral_id = p.referral_id, number = p.number from packets p where p.agency_id = d.agency_id and p.packet_id = d.packet_id;
alter table packet_deliveries enable always trigger append_only_rows;
alter table packet_deliveries force row level security;
alter table packets force row level security;
alter table packet_deliveries alter column referral_id set not null, alter column number set not null;
create index packet_deliveries_of_referral on packet_deliveries (agency_id, referral_id, number);
drop policy made_available on packets;
create policy made_available on packets as restrictive for select
  using ((select puente_is_agency()) or (
    exists (select from packet_deliveries d where d.agency_id = packets.agency_id and d.packet_id = packets.packet_id)
    and not exists (select from packet_deliveries later
      where later.agency_id = packets.agency_id and later.referral_id = packets.referral_id and later.number > packets.number)));
`;

// Of packets sealed before this column was there nothing is known: whoever is protected today was not protected in them.
const RECALLS = `
alter table packet_disclosures add column stance jsonb not null default '{"protected": [], "told": []}';

-- That the partner was asked to destroy a packet which told what is protected now: which persons and fields, never the data.
create table packet_recalls (
  agency_id text not null,
  packet_id text not null,
  position int not null,
  county text not null,
  withdrawn text[] not null check (cardinality(withdrawn) > 0),
  acknowledged_at timestamptz not null,
  acknowledged_by text not null,
  primary key (agency_id, packet_id, position),
  foreign key (agency_id, packet_id) references packets
);
call puente_protect('packet_recalls', 'county', 'none');
call puente_append_only('packet_recalls');
`;
