import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How messages of ours leave: by which channel now and until when, every attempt, which partners do not answer, who is told by which
 * notice, what went by courier; and the receipts that partners sign for us.
 */
export class Delivery implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const part of [DELIVERIES, ATTEMPTS, CIRCUITS, WEBHOOKS, NOTICES, DISPATCHES, PARTNER_RECEIPTS]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop policy dispatch_read on kept_files; drop policy encrypted_read on kept_files');
    await runner.query(`drop table partner_receipts, exchange_dispatches, exchange_notices, exchange_webhooks, exchange_circuits, exchange_attempts,
      exchange_deliveries`);
  }
}

// Whoever of the agency sees a message sees what became of it, also where the message came to its county later; no partner does.
const scopeReadByMessage = (table: string): string => `
drop policy scope_read on ${table};
create policy scope_read on ${table} for select using (agency_id = (select puente_agency()) and (select puente_is_agency())
  and ((select puente_sees_all_counties()) or exists (select from exchange_messages m where m.agency_id = ${table}.agency_id and m.message_id = ${table}.message_id)));
`;

// Until it is tied to a case it belongs to no county; what the agency does about it no partner sees.
const scopeRead = (table: string): string => `
drop policy scope_read on ${table};
create policy scope_read on ${table} for select using (agency_id = (select puente_agency()) and (select puente_is_agency())
  and ((select puente_sees_all_counties()) or county = any((select puente_counties())::text[])));
`;

const DELIVERIES = `
create table exchange_deliveries (
  agency_id text not null,
  message_id text not null,
  partner_id text not null,
  county text,
  -- Which of the channels of the partner's profile is tried now (the first is 0).
  step int not null check (step >= 0),
  channel text not null,
  offered_at timestamptz not null,
  wait_until date,
  -- How often in a row trying failed; after the last the message is failed.
  failures int not null default 0,
  -- The file as it leaves, where it is encrypted to the partner's certificate.
  encrypted_file_id text,
  changed_at timestamptz not null,
  primary key (agency_id, message_id),
  foreign key (agency_id, message_id) references exchange_messages,
  foreign key (agency_id, encrypted_file_id) references kept_files
);
create index exchange_deliveries_due on exchange_deliveries (agency_id, wait_until) where wait_until is not null;
create index exchange_deliveries_file on exchange_deliveries (agency_id, encrypted_file_id) where encrypted_file_id is not null;
call puente_protect('exchange_deliveries', 'county', 'partner_id');
call puente_never_delete('exchange_deliveries');
drop policy scope_read on exchange_deliveries;
-- A partner sees it for what it sees of ours: the file that is offered depends on it.
create policy scope_read on exchange_deliveries for select using (agency_id = (select puente_agency()) and exists (
  select from exchange_messages m where m.agency_id = exchange_deliveries.agency_id and m.message_id = exchange_deliveries.message_id));
create policy encrypted_read on kept_files for select using (agency_id = (select puente_agency()) and exists (
  select from exchange_deliveries d where d.agency_id = kept_files.agency_id and d.encrypted_file_id = kept_files.file_id));
`;

const ATTEMPTS = `
create table exchange_attempts (
  agency_id text not null,
  message_id text not null,
  position int not null check (position > 0),
  partner_id text not null,
  county text,
  channel text not null,
  -- What came of it, as a code: delivery.offered, delivery.failed, notice.sent …
  code text not null check (code ~ '^[a-z_]+(\\.[a-z0-9_]+)+$'),
  happened_at timestamptz not null,
  attempted_by text not null,
  primary key (agency_id, message_id, position),
  foreign key (agency_id, message_id) references exchange_messages
);
call puente_protect('exchange_attempts', 'county', 'none');
call puente_append_only('exchange_attempts');
${scopeReadByMessage('exchange_attempts')}`;

// One for each partner and channel, shared by all processes.
const CIRCUITS = `
create table exchange_circuits (
  agency_id text not null,
  partner_id text not null,
  channel text not null,
  state text not null check (state in ('closed', 'open', 'half_open')),
  failures int not null,
  -- How often in a row it opened: each time it waits longer.
  openings int not null default 0,
  retry_at timestamptz,
  changed_at timestamptz not null,
  primary key (agency_id, partner_id, channel)
);
call puente_protect('exchange_circuits', null, 'none');
call puente_never_delete('exchange_circuits');
`;

const WEBHOOKS = `
create table exchange_webhooks (
  agency_id text not null,
  webhook_id text not null,
  partner_id text not null,
  -- Address and secrets; the host alone is shown.
  details_encrypted bytea not null,
  host text not null,
  state text not null check (state in ('active', 'disabled')),
  reason text,
  created_at timestamptz not null,
  created_by text not null,
  changed_at timestamptz not null,
  changed_by text not null,
  primary key (agency_id, webhook_id)
);
create index exchange_webhooks_active on exchange_webhooks (agency_id, partner_id) where state = 'active';
call puente_protect('exchange_webhooks', null, 'none');
call puente_never_delete('exchange_webhooks');
`;

const NOTICES = `
create table exchange_notices (
  agency_id text not null,
  notice_id text not null,
  partner_id text not null,
  county text,
  kind text not null check (kind in ('webhook', 'email')),
  event text not null,
  -- Empty for a mail, which tells only how much there is.
  message_id text,
  webhook_id text,
  state text not null check (state in ('waiting', 'sent', 'failed', 'dropped')),
  attempts int not null default 0,
  code text,
  not_before timestamptz not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (agency_id, notice_id),
  foreign key (agency_id, message_id) references exchange_messages,
  foreign key (agency_id, webhook_id) references exchange_webhooks
);
create index exchange_notices_waiting on exchange_notices (agency_id, not_before) where state = 'waiting';
create unique index exchange_notices_one_mail on exchange_notices (agency_id, partner_id) where state = 'waiting' and kind = 'email';
create index exchange_notices_newest on exchange_notices (agency_id, partner_id, kind, changed_at);
call puente_protect('exchange_notices', 'county', 'none');
call puente_never_delete('exchange_notices');
${scopeRead('exchange_notices')}`;

const DISPATCHES = `
create table exchange_dispatches (
  agency_id text not null,
  message_id text not null,
  position int not null check (position > 0),
  partner_id text not null,
  county text,
  courier text not null,
  tracking_number text not null,
  dispatched_on date not null,
  dispatched_by text not null,
  recorded_at timestamptz not null,
  returned_on date,
  return_file_id text,
  returned_by text,
  primary key (agency_id, message_id, position),
  foreign key (agency_id, message_id) references exchange_messages,
  foreign key (agency_id, return_file_id) references kept_files,
  check ((returned_on is null) = (returned_by is null))
);
create index exchange_dispatches_number on exchange_dispatches (agency_id, tracking_number);
create index exchange_dispatches_file on exchange_dispatches (agency_id, return_file_id) where return_file_id is not null;
call puente_protect('exchange_dispatches', 'county', 'none');
call puente_never_delete('exchange_dispatches');
${scopeReadByMessage('exchange_dispatches')}
create policy dispatch_read on kept_files for select using (agency_id = (select puente_agency()) and (select puente_is_agency()) and exists (
  select from exchange_dispatches d where d.agency_id = kept_files.agency_id and d.return_file_id = kept_files.file_id));
`;

const PARTNER_RECEIPTS = `
create table partner_receipts (
  agency_id text not null,
  partner_id text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  county text,
  -- The message of ours that it names, where there is one.
  message_id text,
  stage text,
  standing text not null check (standing in ('trusted', 'intact', 'unverified')),
  findings jsonb not null,
  signed bytea not null,
  received_at timestamptz not null,
  received_by text not null,
  primary key (agency_id, partner_id, sha256),
  foreign key (agency_id, message_id) references exchange_messages
);
create index partner_receipts_message on partner_receipts (agency_id, message_id) where message_id is not null;
call puente_protect('partner_receipts', 'county', 'none');
call puente_append_only('partner_receipts');
${scopeReadByMessage('partner_receipts')}`;
