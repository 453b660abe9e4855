import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Collections that we propose to the State's case system, and the exports in which they went there (contract 9). */
export class PostingProposals implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query("call puente_protect('posting_exports', 'all', 'none')");
    await runner.query("call puente_append_only('posting_exports')");
    await runner.query("call puente_protect('posting_proposals', 'county', 'none')");
    await runner.query(GUARD);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table posting_proposals, posting_exports; drop function posting_proposals_guard()');
  }
}

const TABLES = `
create table posting_exports (
  agency_id text collate "C" not null,
  export_id text collate "C" not null,
  file_id text not null,
  sha256 text not null,
  posting_count integer not null check (posting_count > 0),
  exported_at timestamptz not null,
  exported_by text not null,
  primary key (agency_id, export_id),
  foreign key (agency_id, file_id) references kept_files (agency_id, file_id)
);
create table posting_proposals (
  agency_id text collate "C" not null,
  posting_id text collate "C" not null check (posting_id ~ '^pst_[0-9A-HJKMNP-TV-Z]{26}$'),
  proposal_key text collate "C" not null,
  case_id text collate "C" not null,
  county text collate "C",
  file_id text not null,
  line_number integer not null,
  collected_on date not null,
  received_on date not null,
  amount_minor bigint not null check (amount_minor <> 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  bucket text check (bucket in ('current_support', 'arrears_unassigned', 'arrears_assigned', 'interest', 'medical')),
  obligation_id text,
  source_label text not null,
  reversal_of text collate "C",
  status text not null check (status in ('proposed', 'withdrawn', 'exported', 'accepted', 'refused')),
  export_id text collate "C",
  reason text,
  processed_on date,
  proposed_at timestamptz not null,
  primary key (agency_id, posting_id),
  unique (agency_id, proposal_key),
  foreign key (agency_id, reversal_of) references posting_proposals (agency_id, posting_id),
  foreign key (agency_id, export_id) references posting_exports (agency_id, export_id),
  check ((reversal_of is null) = (amount_minor > 0)),
  check ((export_id is null) = (status in ('proposed', 'withdrawn'))),
  check ((processed_on is null) = (status not in ('accepted', 'refused')))
);
create unique index posting_proposals_reversal on posting_proposals (agency_id, reversal_of) where reversal_of is not null;
create index posting_proposals_waiting on posting_proposals (agency_id, posting_id) where status = 'proposed';
create index posting_proposals_export on posting_proposals (agency_id, export_id) where export_id is not null;
create index posting_proposals_case on posting_proposals (agency_id, case_id);
comment on column posting_proposals.received_on is 'Receipt at the State Disbursement Unit: the legal date of collection.';
comment on column posting_proposals.bucket is 'Null: the State distributes (45 CFR 302.51), we do not guess.';
`;

// What was proposed stays as it was; only what becomes of it changes, and only forward.
const GUARD = `
create function posting_proposals_guard() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op <> 'UPDATE' then
    raise exception 'table % keeps every row', tg_table_name using errcode = 'integrity_constraint_violation';
  end if;
  if to_jsonb(new) - array['status', 'export_id', 'reason', 'processed_on', 'county'] <> to_jsonb(old) - array['status', 'export_id', 'reason', 'processed_on', 'county']
    or (old.export_id is not null and new.export_id is distinct from old.export_id)
    or (old.status, new.status) not in (('proposed', 'withdrawn'), ('proposed', 'exported'), ('exported', 'accepted'), ('exported', 'refused'))
      and old.status <> new.status
    or old.status in ('accepted', 'refused') and (new.reason, new.processed_on) is distinct from (old.reason, old.processed_on) then
    raise exception 'a proposed posting does not change' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger posting_proposals_keep before update or delete on posting_proposals for each row execute function posting_proposals_guard();
create trigger posting_proposals_keep_all before truncate on posting_proposals for each statement execute function posting_proposals_guard();
`;
