import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What became of every line and every bank credit, by which run, rule and reason; and what was decided before. */
export class Reconciliation implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(RUNS);
    await runner.query(OUTCOMES);
    await runner.query(CREDITS);
    await runner.query(INDEXES);
    // As the money itself: of no county until it is tied to a case.
    for (const table of ['reconciliation_runs', 'reconciliation_run_files', 'registered_files', 'bank_credit_outcomes', 'transfer_states', 'disbursement_holds', 'line_outcome_history']) {
      await runner.query(`call puente_protect('${table}', 'all', 'none')`);
    }
    await runner.query(`call puente_protect('line_outcomes', 'county', 'none')`);
    for (const table of ['reconciliation_runs', 'reconciliation_run_files', 'registered_files', 'bank_credit_outcomes', 'transfer_states', 'disbursement_holds', 'line_outcomes']) {
      await runner.query(`call puente_never_delete('${table}')`);
    }
    await runner.query(`call puente_append_only('line_outcome_history')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table disbursement_holds, transfer_states, bank_credit_outcomes, line_outcome_history, line_outcomes, registered_files,
      reconciliation_run_files, reconciliation_runs; drop index disbursements_amount`);
  }
}

const RUNS = `
create table reconciliation_runs (
  agency_id text not null,
  run_id text not null,
  state text not null check (state in ('running', 'finished', 'interrupted')),
  rule_version text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  started_by text not null,
  summary jsonb not null default '{}',
  primary key (agency_id, run_id)
);
create table reconciliation_run_files (
  agency_id text not null,
  run_id text not null,
  file_id text not null,
  handled_at timestamptz not null,
  primary key (agency_id, run_id, file_id),
  foreign key (agency_id, run_id) references reconciliation_runs (agency_id, run_id)
);
create index reconciliation_run_files_file on reconciliation_run_files (agency_id, file_id);
create table registered_files (
  agency_id text not null,
  file_id text not null,
  registered_at timestamptz not null,
  primary key (agency_id, file_id)
);
comment on table registered_files is 'Disbursement registers whose money has been posted as in transit with the partner.';
`;

const OUTCOMES = `
create table line_outcomes (
  agency_id text not null,
  file_id text not null,
  line_number int not null,
  partner_id text not null,
  kind text not null check (kind in ('forwarding', 'remittance')),
  outcome text not null check (outcome in ('posted', 'returned', 'pending', 'suspense', 'duplicate', 'rejected')),
  case_id text,
  disbursement_id text,
  county text,
  amount_minor bigint,
  currency text,
  fee_minor bigint not null default 0,
  happened_on date,
  method text check (method in ('reference', 'exact', 'scored')),
  score numeric(4, 3),
  reasons text[] not null,
  candidate_case_id text,
  posting_key text,
  rule_version text not null,
  run_id text not null,
  decided_at timestamptz not null,
  primary key (agency_id, file_id, line_number),
  check (outcome not in ('posted', 'returned') or (case_id is not null and amount_minor is not null and posting_key is not null))
);
-- A disbursement is settled once, whatever anybody reports; a partner's line is booked once.
create unique index line_outcomes_settled on line_outcomes (agency_id, disbursement_id) where kind = 'forwarding' and outcome in ('posted', 'returned');
create unique index line_outcomes_posting on line_outcomes (agency_id, posting_key) where outcome in ('posted', 'returned');
create index line_outcomes_case on line_outcomes (agency_id, case_id) where case_id is not null;
create index line_outcomes_waiting on line_outcomes (agency_id, file_id)
  where kind = 'remittance' and (outcome = 'pending' or reasons && '{transfer.sum_differs,transfer.unclear}');
comment on column line_outcomes.fee_minor is 'The part of a delivered disbursement that the partner kept as its fee, in the currency of the disbursement.';
comment on column line_outcomes.candidate_case_id is 'What a person may want to look at first; nothing was booked on it.';

create table line_outcome_history (
  agency_id text not null,
  file_id text not null,
  line_number int not null,
  partner_id text not null,
  outcome text not null,
  case_id text,
  disbursement_id text,
  method text,
  score numeric(4, 3),
  reasons text[] not null,
  rule_version text not null,
  run_id text not null,
  decided_at timestamptz not null,
  primary key (agency_id, file_id, line_number, run_id)
);
create table disbursement_holds (
  agency_id text not null,
  case_id text not null,
  disbursement_id text not null,
  reason text not null,
  since_on date not null,
  released_at timestamptz,
  primary key (agency_id, case_id, disbursement_id)
);
comment on table disbursement_holds is 'A disbursement came back: the case''s next one is held until a person has seen to it.';
`;

const CREDITS = `
create table transfer_states (
  agency_id text not null,
  partner_id text not null,
  transfer text not null,
  state text not null check (state in ('agrees', 'no_credit', 'differs', 'unclear')),
  line_count int not null,
  sum_minor bigint,
  currency text,
  credit_id text,
  fee_minor bigint not null default 0,
  -- As the lines print it, in every spelling seen: how they are found again.
  printed text[] not null,
  changed_at timestamptz not null,
  primary key (agency_id, partner_id, transfer)
);
create table bank_credit_outcomes (
  agency_id text not null,
  credit_id text not null,
  outcome text not null check (outcome in ('matched', 'unmatched')),
  transfer text,
  partner_id text,
  posted boolean not null,
  reasons text[] not null,
  run_id text not null,
  decided_at timestamptz not null,
  primary key (agency_id, credit_id)
);
`;

const INDEXES = `
create index disbursements_amount on disbursements (agency_id, partner_id, amount_minor, issued_on);
`;
