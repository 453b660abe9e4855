import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What bank files say beyond their entries: the statements themselves, how amounts came about, and whether statements follow each other. */
export class BankStatements implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("alter table bank_credits drop constraint bank_credits_source_check, add check (source in ('camt.053', 'camt.054', 'nacha', 'mt940', 'bai2'))");
    await runner.query(TABLES);
    for (const table of ['bank_statements', 'bank_entry_details']) {
      await runner.query(`call puente_protect('${table}', 'all', 'none')`);
      await runner.query(`call puente_append_only('${table}')`);
    }
    await runner.query("call puente_protect('bank_statement_findings', 'all', 'none')");
    await runner.query("call puente_never_delete('bank_statement_findings')");
    await runner.query(GUARD);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table bank_statement_findings, bank_entry_details, bank_statements; drop function bank_statement_findings_guard()');
    await runner.query("alter table bank_credits drop constraint bank_credits_source_check, add check (source in ('camt.053', 'camt.054', 'nacha'))");
  }
}

const TABLES = `
create table bank_statements (
  agency_id text not null,
  file_id text not null,
  statement_number int not null,
  line int not null,
  source text not null,
  account text not null,
  currency text,
  statement_id text not null,
  sequence bigint,
  page int,
  from_on date,
  to_on date,
  opening_minor bigint,
  closing_minor bigint,
  is_copy boolean not null,
  entry_count int not null,
  content_digest bytea not null,
  primary key (agency_id, file_id, statement_number),
  foreign key (agency_id, file_id) references received_files (agency_id, file_id)
);
create index bank_statements_account on bank_statements (agency_id, source, account);
comment on column bank_statements.content_digest is 'Of what the statement says and of its entries, wherever and however written: two with the same digest are one statement.';

create table bank_entry_details (
  agency_id text not null,
  credit_id text not null,
  file_id text not null,
  instructed_minor bigint,
  instructed_currency text,
  counter_minor bigint,
  counter_currency text,
  rate text,
  rate_source text,
  rate_target text,
  rate_quoted_on date,
  charges jsonb not null,
  -- What each file told of an entry is kept: a notification often says more than the statement.
  primary key (agency_id, credit_id, file_id)
);
comment on table bank_entry_details is 'How an entry''s amount came about, as the bank gave it: nothing here is derived from anything else.';

create table bank_statement_findings (
  agency_id text not null,
  file_id text not null,
  statement_number int not null,
  code text not null,
  peer text not null,
  source text not null,
  account text not null,
  severity text not null check (severity in ('warn', 'info')),
  line int not null,
  params jsonb not null,
  found_at timestamptz not null,
  resolved_at timestamptz,
  resolved_by text,
  primary key (agency_id, file_id, statement_number, code, peer, found_at),
  foreign key (agency_id, file_id, statement_number) references bank_statements (agency_id, file_id, statement_number),
  check ((resolved_at is null) = (resolved_by is null))
);
create index bank_statement_findings_open on bank_statement_findings (agency_id, source, account) where resolved_at is null;
comment on column bank_statement_findings.peer is 'The statement that it is about besides its own, as file/number.';
comment on column bank_statement_findings.resolved_by is 'The file whose statement closed it, such as the one that was missing.';
`;

// A finding stays as it was told; it may be resolved, once.
const GUARD = `
create function bank_statement_findings_guard() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if old.resolved_at is not null or to_jsonb(new) - array['resolved_at', 'resolved_by'] <> to_jsonb(old) - array['resolved_at', 'resolved_by'] then
    raise exception 'a finding of a statement does not change' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger bank_statement_findings_keep before update on bank_statement_findings for each row execute function bank_statement_findings_guard();
`;
