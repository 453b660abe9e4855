import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Agreements with partners as the agency records them, each version for ever; ends before their term; and under which a packet was handed over. */
export class Agreements implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(VERSIONS);
    await runner.query(ENDS);
    await runner.query(DELIVERIES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table packet_deliveries drop column agreements');
    await runner.query('drop table agreement_ends, agreement_versions');
  }
}

const VERSIONS = `
create table agreement_versions (
  agency_id text collate "C" not null,
  agreement_id text collate "C" not null check (agreement_id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  version int not null check (version > 0),
  partner_ids text[] not null,
  record jsonb not null,
  file_id text,
  recorded_at timestamptz not null,
  recorded_by text not null,
  primary key (agency_id, agreement_id, version),
  foreign key (agency_id, file_id) references kept_files
);
create index agreement_versions_file on agreement_versions (agency_id, file_id) where file_id is not null;
comment on table agreement_versions is 'As schemas/json/agreement.v1.json. Agreements also come as files; what is here goes before them.';
call puente_protect('agreement_versions', null, 'none');
call puente_append_only('agreement_versions');
-- A partner's officer sees what allows the own exchange.
drop policy scope_read on agreement_versions;
create policy scope_read on agreement_versions for select using (agency_id = (select puente_agency()) and ((select puente_is_agency()) or (select puente_partner()) = any(partner_ids)));
`;

const ENDS = `
create table agreement_ends (
  agency_id text collate "C" not null,
  agreement_id text collate "C" not null,
  position int not null check (position > 0),
  -- The version that was the newest when it was said; it ends that one and all before it.
  version int not null check (version > 0),
  partner_ids text[] not null,
  ended_from date not null,
  reason text not null check (reason in ('ended_by_partner', 'ended_by_us', 'replaced', 'ended_by_law', 'recorded_in_error')),
  recorded_at timestamptz not null,
  recorded_by text not null,
  primary key (agency_id, agreement_id, position)
);
comment on column agreement_ends.ended_from is 'The first day on which it is no longer in force. Of several the one said last counts.';
call puente_protect('agreement_ends', null, 'none');
call puente_append_only('agreement_ends');
drop policy scope_read on agreement_ends;
create policy scope_read on agreement_ends for select using (agency_id = (select puente_agency()) and ((select puente_is_agency()) or (select puente_partner()) = any(partner_ids)));
`;

const DELIVERIES = `
alter table packet_deliveries add column agreements jsonb;
comment on column packet_deliveries.agreements is 'The agreements, with their versions, that allowed it on that day; null for what was handed over before this was recorded.';
`;
