import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Files of money as they came, line by line: registers of disbursements, partners' reports and advices, bank credits.
 * Nothing here says what becomes of a line: that is reconciliation's.
 */
export class Payments implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FILES);
    await runner.query(LINES);
    await runner.query(DISBURSEMENTS);
    await runner.query(BANK);
    // Until money is tied to a case it belongs to no county: who sees only some counties sees none of it. All of it is evidence and stays as it came.
    for (const table of ['received_files', 'payment_lines', 'bank_credits', 'bank_credit_keys', 'bank_credit_sightings']) {
      await runner.query(`call puente_protect('${table}', 'all', 'none')`);
      await runner.query(`call puente_append_only('${table}')`);
    }
    await runner.query("call puente_protect('disbursements', 'county', 'none')");
    await runner.query("call puente_append_only('disbursements')");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table bank_credit_sightings, bank_credit_keys, bank_credits, disbursements, payment_lines, received_files');
  }
}

const FILES = `
create table received_files (
  agency_id text not null,
  file_id text not null,
  kind text not null check (kind in ('disbursements', 'forwarding', 'remittance', 'bank')),
  partner_id text,
  file_name text not null,
  sha256 text not null,
  byte_count bigint not null,
  encoding text not null,
  dialect jsonb not null,
  lines int not null,
  rejected int not null,
  imported_seq bigint generated always as identity,
  imported_at timestamptz not null,
  findings jsonb not null default '[]',
  primary key (agency_id, file_id),
  unique nulls not distinct (agency_id, kind, partner_id, sha256)
);
comment on column received_files.findings is 'What was seen in the file as a whole: totals, balances, remarks. A line''s own stand with the line.';
`;

const LINES = `
create table payment_lines (
  agency_id text not null,
  file_id text not null,
  line_number int not null,
  partner_id text not null,
  kind text not null check (kind in ('forwarding', 'remittance')),
  imported_seq bigint not null,
  reference text not null,
  reference_year int,
  content_key bytea not null,
  remains_key bytea,
  is_lossy boolean not null,
  given_disbursement_id text,
  given_case_id text,
  payee_name text not null,
  obligor_name text not null,
  obligee_name text not null,
  amount_minor bigint,
  currency text,
  rate numeric,
  fee_minor bigint,
  settled_minor bigint,
  settled_currency text,
  happened_on date,
  sent_on date,
  transfer_reference text,
  status text check (status in ('delivered', 'returned', 'pending', 'cancelled')),
  note text not null,
  findings jsonb not null,
  flags text[] not null,
  -- No foreign key to received_files: a file's row and its lines are written by one function in one transaction, and a check
  -- for each of a hundred thousand lines would cost as much as writing them.
  primary key (agency_id, file_id, line_number)
);
create index payment_lines_reference on payment_lines (agency_id, partner_id, kind, reference);
create index payment_lines_transfer on payment_lines (agency_id, transfer_reference) where transfer_reference is not null;
comment on column payment_lines.findings is 'Codes of what makes the line rejected in itself; empty when nothing does.';
comment on column payment_lines.flags is 'Codes of what keeps the line from being posted by itself although it is not rejected.';
comment on column payment_lines.content_key is 'Digest of the values as read. Lines that show letters lost to an encoding take the key of the line that they repeat.';
`;

const DISBURSEMENTS = `
create table disbursements (
  agency_id text not null,
  disbursement_id text not null,
  batch_id text not null,
  case_id text not null,
  partner_id text not null,
  payee_name text not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  issued_on date not null,
  method text not null check (method in ('consulate', 'direct_deposit', 'card', 'check')),
  file_id text not null,
  line_number int not null,
  county text,
  primary key (agency_id, disbursement_id),
  foreign key (agency_id, file_id) references received_files (agency_id, file_id)
);
create index disbursements_case on disbursements (agency_id, case_id);
create index disbursements_file on disbursements (agency_id, file_id);
`;

const BANK = `
create table bank_credits (
  agency_id text not null,
  credit_id text not null,
  file_id text not null,
  entry_ref text not null,
  position int not null,
  amount_minor bigint not null check (amount_minor >= 0),
  currency text not null,
  booked_on date,
  value_on date,
  direction text not null check (direction in ('credit', 'debit')),
  is_reversal boolean not null,
  transfer_candidates text[] not null,
  fingerprint bytea not null,
  account text not null,
  source text not null check (source in ('camt.053', 'camt.054', 'nacha')),
  servicer_ref text not null,
  primary key (agency_id, credit_id),
  unique (agency_id, fingerprint),
  foreign key (agency_id, file_id) references received_files (agency_id, file_id)
);
create index bank_credits_file on bank_credits (agency_id, file_id, position);
comment on table bank_credits is 'Entries of the bank, each once however many files tell of it: credits, and debits, which are none.';

create table bank_credit_keys (
  agency_id text not null,
  key bytea not null,
  -- The n-th credit that is recognised by this key.
  occurrence int not null,
  credit_id text not null,
  primary key (agency_id, key, occurrence)
);
create table bank_credit_sightings (
  agency_id text not null,
  file_id text not null,
  position int not null,
  credit_id text not null,
  entry_ref text not null,
  primary key (agency_id, file_id, position)
);
create index bank_credit_sightings_credit on bank_credit_sightings (agency_id, credit_id);
`;
