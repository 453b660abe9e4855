import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Money that came back from a partner, collections that the bank took back, and what both do to transfers and holds. */
export class RecoveriesAndTakeBacks implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    for (const table of ['recovered_disbursements', 'taken_back_credits', 'bank_debit_outcomes']) {
      await runner.query(`call puente_protect('${table}', 'all', 'none')`);
    }
    for (const table of ['recovered_disbursements', 'taken_back_credits']) await runner.query(`call puente_append_only('${table}')`);
    await runner.query(TRANSFERS);
    await runner.query(HOLDS);
    await runner.query(INDEXES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index partner_case_numbers_plain, bank_credit_outcomes_transfer, line_outcomes_waiting;
      create index line_outcomes_waiting on line_outcomes (agency_id, file_id)
        where kind = 'remittance' and (outcome = 'pending' or reasons && '{transfer.sum_differs,transfer.unclear}');
      alter table disbursement_holds drop constraint disbursement_holds_pkey, drop column cause, drop column collection_key, drop column file_id, drop column line_number,
        drop column release_reason, alter column disbursement_id set not null, add primary key (agency_id, case_id, disbursement_id);
      alter table transfer_states drop constraint transfer_states_state_check, drop column times_taken_back, drop column booked_credit_id;
      update transfer_states set state = 'no_credit' where state = 'taken_back';
      alter table transfer_states add constraint transfer_states_state_check check (state in ('agrees', 'no_credit', 'differs', 'unclear'));
      drop table bank_debit_outcomes, taken_back_credits, recovered_disbursements`);
  }
}

const TABLES = `
create table recovered_disbursements (
  agency_id text not null,
  disbursement_id text not null,
  credit_id text not null,
  partner_id text not null,
  run_id text not null,
  recorded_at timestamptz not null,
  primary key (agency_id, disbursement_id)
);
create index recovered_disbursements_credit on recovered_disbursements (agency_id, credit_id);
comment on table recovered_disbursements is 'Disbursements that came back and whose money is on the bank statement again, with the credit that brought it.';
create table taken_back_credits (
  agency_id text not null,
  credit_id text not null,
  debit_id text not null,
  partner_id text not null,
  transfer text not null,
  taken_back_on date not null,
  run_id text not null,
  recorded_at timestamptz not null,
  primary key (agency_id, credit_id),
  unique (agency_id, debit_id)
);
create index taken_back_credits_transfer on taken_back_credits (agency_id, partner_id, transfer);
create table bank_debit_outcomes (
  agency_id text not null,
  debit_id text not null,
  outcome text not null check (outcome in ('taken_back', 'unexplained')),
  partner_id text,
  transfer text,
  reasons text[] not null,
  run_id text not null,
  decided_at timestamptz not null,
  primary key (agency_id, debit_id)
);
comment on table bank_debit_outcomes is 'Debits that name a transfer or disbursement of ours; other debits are the bank''s own business.';
`;

const TRANSFERS = `
alter table transfer_states drop constraint transfer_states_state_check;
alter table transfer_states
  add constraint transfer_states_state_check check (state in ('agrees', 'no_credit', 'differs', 'unclear', 'taken_back')),
  add column times_taken_back int not null default 0,
  add column booked_credit_id text;
comment on column transfer_states.times_taken_back is 'How often postings of its lines were mirrored: what is posted afterwards has keys of its own.';
comment on column transfer_states.booked_credit_id is 'The credit that paid for the lines posted, as long as the bank has not taken it back.';
`;

const HOLDS = `
alter table disbursement_holds drop constraint disbursement_holds_pkey;
alter table disbursement_holds alter column disbursement_id drop not null;
alter table disbursement_holds
  add column collection_key text,
  add column file_id text,
  add column line_number int,
  add column release_reason text,
  add column cause text not null generated always as (coalesce('disbursement:' || disbursement_id, 'collection:' || collection_key)) stored;
alter table disbursement_holds
  add primary key (agency_id, case_id, cause),
  add check ((disbursement_id is null) <> (collection_key is null)),
  add check ((released_at is null) = (release_reason is null));
create index disbursement_holds_line on disbursement_holds (agency_id, file_id, line_number) where file_id is not null;
comment on table disbursement_holds is 'Why a case''s next disbursement waits: one came back, or the bank took a collection back. Released when the money is there again, or by a person.';
`;

const INDEXES = `
drop index line_outcomes_waiting;
create index line_outcomes_waiting on line_outcomes (agency_id, file_id)
  where kind = 'remittance' and (outcome = 'pending' or reasons && '{transfer.sum_differs,transfer.unclear,collection.taken_back}');
create index bank_credit_outcomes_transfer on bank_credit_outcomes (agency_id, transfer) where posted;
create index partner_case_numbers_plain on partner_case_numbers (agency_id, partner_id, translate(upper(normalize(value, NFKC)), ' -./_#:', ''));
`;
