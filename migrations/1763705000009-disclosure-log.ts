import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The log of what left to whom under which authority: one row for each thing that happened to a packet. Codes, numbers and digests,
 * never the data. A partner's officers add what they take and read none of it.
 */
export class DisclosureLog implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LOG);
    await runner.query(BEFORE);
  }

  async down(): Promise<void> {
    throw new Error('the record of what was disclosed would be lost: restore a backup');
  }
}

const LOG = `
create table disclosures (
  agency_id text not null,
  disclosure_id text not null,
  county text not null,
  case_id text not null,
  referral_id text not null,
  partner_id text not null,
  packet_id text not null,
  kind text not null check (kind in ('sealed', 'superseded', 'delivered', 'read', 'printed', 'recalled')),
  -- What it holds, on what ground, through which channel: see disclosures/disclosure.rules.ts.
  record jsonb not null check (jsonb_typeof(record) = 'object'),
  happened_at timestamptz not null,
  actor_id text not null,
  -- The partner whose officer took it; null where it was somebody of the agency.
  actor_partner text,
  primary key (agency_id, disclosure_id),
  foreign key (agency_id, packet_id) references packets
);
create index disclosures_of_case on disclosures (agency_id, case_id, happened_at);
create index disclosures_of_referral on disclosures (agency_id, referral_id, happened_at);
create index disclosures_of_packet on disclosures (agency_id, packet_id, kind);
create index disclosures_of_partner on disclosures (agency_id, partner_id, happened_at);
call puente_protect('disclosures', 'county', 'none');
create policy taken_by_partner on disclosures for insert with check (agency_id = (select puente_agency()) and actor_id = (select puente_actor())
  and partner_id = (select puente_partner()) and actor_partner = partner_id and kind in ('read', 'printed'));
call puente_append_only('disclosures');
`;

// What was sealed and handed over before there was a log: of the content only what the packet's own row says.
const BEFORE = `
alter table packets no force row level security;
alter table packet_deliveries no force row level security;
alter table referrals no force row level security;
alter table disclosures no force row level security;
insert into disclosures
select p.agency_id, 'dis_' || substr(p.packet_id, 5), p.county, r.case_id, p.referral_id, p.partner_id, p.packet_id, 'sealed', '{}', p.sealed_at, p.sealed_by, null
  from packets p join referrals r on r.agency_id = p.agency_id and r.referral_id = p.referral_id;
insert into disclosures
select d.agency_id, 'dis_' || substr(d.packet_id, 5) || '-' || d.position, d.county, r.case_id, p.referral_id, d.partner_id, d.packet_id, 'delivered',
       jsonb_build_object('channel', d.channel), d.delivered_at, d.delivered_by, null
  from packet_deliveries d join packets p on p.agency_id = d.agency_id and p.packet_id = d.packet_id
  join referrals r on r.agency_id = p.agency_id and r.referral_id = p.referral_id;
alter table packets force row level security;
alter table packet_deliveries force row level security;
alter table referrals force row level security;
alter table disclosures force row level security;
`;
