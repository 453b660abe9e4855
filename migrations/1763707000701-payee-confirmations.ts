import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What payees say of the money that was sent to them, by telephone, by their one-time link or in a partner's file; and those links. */
export class PayeeConfirmations implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CONFIRMATIONS);
    await runner.query(LINKS);
    for (const table of ['payee_confirmations', 'payee_links']) await runner.query(`call puente_protect('${table}', 'county', 'none')`);
    await runner.query("call puente_append_only('payee_confirmations')");
    await runner.query("call puente_never_delete('payee_links')");
    await runner.query(`alter table received_files drop constraint received_files_kind_check,
      add constraint received_files_kind_check check (kind in ('disbursements', 'forwarding', 'remittance', 'bank', 'confirmations'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table received_files drop constraint received_files_kind_check,
        add constraint received_files_kind_check check (kind in ('disbursements', 'forwarding', 'remittance', 'bank'));
      drop table payee_confirmations, payee_links`);
  }
}

const CONFIRMATIONS = `
create table payee_confirmations (
  agency_id text collate "C" not null,
  confirmation_id text collate "C" not null,
  disbursement_id text collate "C" not null,
  case_id text collate "C" not null,
  county text collate "C",
  partner_id text collate "C" not null,
  channel text not null check (channel in ('call', 'link', 'file')),
  confirmed_on date not null,
  outcome text not null check (outcome in ('received', 'partly', 'not_received', 'unreachable')),
  amount_minor bigint,
  currency text check (currency ~ '^[A-Z]{3}$'),
  -- Who called, who answered, what was said: encrypted, bound to this row.
  said_encrypted bytea not null,
  -- The partner's own number of the confirmation, and the file and line that told of it.
  external_id text collate "C",
  content_digest bytea,
  file_id text,
  line_number int,
  recorded_by text not null,
  recorded_at timestamptz not null,
  primary key (agency_id, confirmation_id),
  foreign key (agency_id, disbursement_id) references disbursements (agency_id, disbursement_id),
  check ((amount_minor is null) = (currency is null)),
  check ((outcome in ('received', 'partly')) = (amount_minor is not null)),
  check (amount_minor > 0),
  check ((channel = 'file') = (external_id is not null and file_id is not null and line_number is not null and content_digest is not null))
);
create unique index payee_confirmations_external on payee_confirmations (agency_id, partner_id, external_id) where external_id is not null;
create index payee_confirmations_disbursement on payee_confirmations (agency_id, disbursement_id, confirmed_on);
comment on table payee_confirmations is 'The newest of a disbursement counts; earlier ones stay. Nothing moves in the ledger on what a payee says.';
`;

const LINKS = `
create table payee_links (
  agency_id text collate "C" not null,
  link_id text collate "C" not null,
  -- Keyed hash of the token: the token itself is told once and kept nowhere.
  token_lookup bytea not null,
  disbursement_id text collate "C" not null,
  county text collate "C",
  language text not null,
  made_by text not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_as text check (ended_as in ('answered', 'withdrawn')),
  primary key (agency_id, link_id),
  unique (agency_id, token_lookup),
  foreign key (agency_id, disbursement_id) references disbursements (agency_id, disbursement_id),
  check ((ended_at is null) = (ended_as is null)),
  check (expires_at > made_at)
);
create unique index payee_links_open on payee_links (agency_id, disbursement_id) where ended_at is null;
comment on table payee_links is 'One open link for a disbursement: a new one withdraws the earlier.';
`;
