import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is said between the agency and its partners: conversations, messages in both directions, the signed receipts that prove each
 * stage, and (which partners never see) what the agency is doing about a message.
 */
export class Exchange implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CONVERSATIONS);
    await runner.query(MESSAGES);
    await runner.query(RECEIPTS);
    await runner.query(WORK);
    await runner.query(ORDER_OF_OFFER);
    await runner.query(VOLUMES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop policy exchange_read on kept_files');
    await runner.query('drop table exchange_volumes, exchange_work, exchange_receipts, exchange_messages, exchange_hops, exchange_wire_ids, exchange_conversations');
    await runner.query('drop function puente_exchange_offered, puente_exchange_receipt, puente_exchange_position');
    await runner.query('drop sequence exchange_serials, exchange_offers');
  }
}

// Until a conversation is tied to a case it belongs to no county, as incoming packets do not: then only who sees all counties sees it.
const scopeRead = (table: string): string => `
drop policy scope_read on ${table};
create policy scope_read on ${table} for select using (agency_id = (select puente_agency()) and (partner_id = (select puente_partner())
  or ((select puente_is_agency()) and ((select puente_sees_all_counties()) or county = any((select puente_counties())::text[])))));
`;

const CONVERSATIONS = `
create table exchange_conversations (
  agency_id text not null,
  conversation_id text not null,
  partner_id text not null,
  county text,
  -- The id on the wire is the opener's own, and unique for that partner.
  wire_id text not null check (wire_id ~ '^[A-Za-z0-9._-]{1,64}$'),
  opened_by_us boolean not null,
  subject text not null check (subject in ('referral', 'inquiry', 'application', 'caseload', 'money', 'general')),
  referral_id text,
  our_file_number text,
  partner_file_number text,
  opened_at timestamptz not null,
  last_message_at timestamptz not null,
  primary key (agency_id, conversation_id),
  unique (agency_id, partner_id, wire_id),
  foreign key (agency_id, referral_id) references referrals
);
create unique index exchange_conversations_referral on exchange_conversations (agency_id, referral_id) where referral_id is not null;
create index exchange_conversations_newest on exchange_conversations (agency_id, partner_id, last_message_at desc, conversation_id);
call puente_protect('exchange_conversations', 'county', 'partner_id');
call puente_never_delete('exchange_conversations');
${scopeRead('exchange_conversations')}
-- Every id by which a partner may name it: the opener's, and the partner's own where it spoke of our request under one of its own.
create table exchange_wire_ids (
  agency_id text not null,
  partner_id text not null,
  wire_id text not null check (wire_id ~ '^[A-Za-z0-9._-]{1,64}$'),
  conversation_id text not null,
  county text,
  primary key (agency_id, partner_id, wire_id),
  foreign key (agency_id, conversation_id) references exchange_conversations
);
create index exchange_wire_ids_conversation on exchange_wire_ids (agency_id, conversation_id);
call puente_protect('exchange_wire_ids', 'county', 'partner_id');
call puente_never_delete('exchange_wire_ids');
${scopeRead('exchange_wire_ids')}
-- The offices of the chain that a request has reached, each with its own file number.
create table exchange_hops (
  agency_id text not null,
  conversation_id text not null,
  hop text not null check (hop ~ '^[a-z][a-z0-9_-]{0,59}$'),
  partner_id text not null,
  county text,
  office text,
  file_number text,
  relayed_on date not null,
  message_id text,
  recorded_at timestamptz not null,
  recorded_by text not null,
  primary key (agency_id, conversation_id, hop),
  foreign key (agency_id, conversation_id) references exchange_conversations
);
call puente_protect('exchange_hops', 'county', 'partner_id');
call puente_never_delete('exchange_hops');
${scopeRead('exchange_hops')}`;

const MESSAGES = `
-- Twelve digits, unique for the sender, gaps allowed, as the header of CSENet 2000 has them.
create sequence exchange_serials minvalue 1 maxvalue 999999999999 cache 1;
create table exchange_messages (
  agency_id text not null,
  message_id text not null,
  conversation_id text,
  partner_id text not null,
  county text,
  direction text not null check (direction in ('in', 'out')),
  -- What the sender calls it; ours is message_id itself. Files that are no message (packet, list, paper) have the digest of their bytes.
  sender_message_id text not null check (sender_message_id ~ '^[A-Za-z0-9._-]{1,64}$'),
  serial text check (serial ~ '^[0-9]{12}$'),
  kind text not null check (kind ~ '^[a-z][A-Za-z]{1,39}$'),
  code text check (code ~ '^[A-Z0-9]{3} [A-Z] [A-Z0-9]{5}$'),
  in_reply_to text,
  -- What it answers, as the sender names it; the message of that name may not be there yet.
  reply_to text check (reply_to ~ '^[A-Za-z0-9._-]{1,64}$'),
  hop text,
  -- Ours: the event for which it was made. One event says one thing once.
  cause text,
  -- Ours: its place in the order in which messages were offered to the partner.
  offered_as bigint,
  state text not null,
  channel text not null check (channel in ('portal', 'api', 'sftp', 'courier', 'internal')),
  content_sha256 text not null check (content_sha256 ~ '^[0-9a-f]{64}$'),
  -- The message as canonical JSON; empty where the file is all there is.
  content_encrypted bytea,
  file_id text,
  byte_count bigint not null check (byte_count > 0),
  -- What the bytes themselves say: the sender may read it.
  findings jsonb not null default '[]',
  stated_at timestamptz,
  stored_at timestamptz not null,
  stored_by text not null,
  -- Outgoing: until when it should have been fetched.
  expires_on date,
  primary key (agency_id, message_id),
  foreign key (agency_id, conversation_id) references exchange_conversations,
  foreign key (agency_id, in_reply_to) references exchange_messages (agency_id, message_id),
  foreign key (agency_id, file_id) references kept_files,
  check (direction <> 'in' or state in ('stored', 'refused')),
  check (direction <> 'out' or state in ('draft', 'queued', 'delivered', 'retrieved', 'expired', 'failed', 'cancelled'))
);
create unique index exchange_messages_sender on exchange_messages (agency_id, partner_id, direction, sender_message_id) where state not in ('refused');
create unique index exchange_messages_serial on exchange_messages (agency_id, partner_id, direction, serial) where serial is not null and state not in ('refused');
-- The same content is the same message, whatever was said of it then.
create unique index exchange_messages_content on exchange_messages (agency_id, partner_id, content_sha256) where direction = 'in';
create unique index exchange_messages_cause on exchange_messages (agency_id, cause) where cause is not null;
create index exchange_messages_stored on exchange_messages (agency_id, partner_id, stored_at) where direction = 'in';
create index exchange_messages_conversation on exchange_messages (agency_id, conversation_id, stored_at, message_id);
create index exchange_messages_outbox on exchange_messages (agency_id, partner_id, offered_as) where offered_as is not null;
create index exchange_messages_reply on exchange_messages (agency_id, in_reply_to) where in_reply_to is not null;
create index exchange_messages_file on exchange_messages (agency_id, file_id) where file_id is not null;
call puente_protect('exchange_messages', 'county', 'partner_id');
call puente_never_delete('exchange_messages');
drop policy scope_read on exchange_messages;
-- A partner sees what it sent, and of ours what has been delivered: never a draft, nor what waits to leave.
create policy scope_read on exchange_messages for select using (agency_id = (select puente_agency()) and (
  (partner_id = (select puente_partner()) and (direction = 'in' or state in ('delivered', 'retrieved', 'expired')))
  or ((select puente_is_agency()) and ((select puente_sees_all_counties()) or county = any((select puente_counties())::text[])))));
create policy exchange_read on kept_files for select using (agency_id = (select puente_agency()) and exists (
  select from exchange_messages m where m.agency_id = kept_files.agency_id and m.file_id = kept_files.file_id));
`;

const RECEIPTS = `
create table exchange_receipts (
  agency_id text not null,
  receipt_id text not null,
  message_id text not null,
  partner_id text not null,
  county text,
  position int not null check (position > 0),
  stage text not null check (stage in ('submitted', 'relayed', 'delivered', 'retrieved', 'refused', 'expired')),
  -- Whoever of a chain of offices it tells of; empty for the first.
  hop text not null default '',
  offered_as bigint not null default 0,
  happened_at timestamptz not null,
  -- The receipt as it is handed out: signed, the statement inside.
  signed bytea not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  primary key (agency_id, receipt_id),
  unique (agency_id, message_id, position),
  unique (agency_id, message_id, stage, hop),
  foreign key (agency_id, message_id) references exchange_messages
);
create index exchange_receipts_newest on exchange_receipts (agency_id, partner_id, offered_as);
call puente_protect('exchange_receipts', 'county', 'partner_id');
call puente_append_only('exchange_receipts');
drop policy scope_read on exchange_receipts;
create policy scope_read on exchange_receipts for select using (agency_id = (select puente_agency()) and exists (
  select from exchange_messages m where m.agency_id = exchange_receipts.agency_id and m.message_id = exchange_receipts.message_id));
`;

const WORK = `
create table exchange_work (
  agency_id text not null,
  message_id text not null,
  county text,
  state text not null check (state in ('waiting', 'acted', 'parked', 'settled')),
  -- Codes: why it waits for a person, or what was done.
  reasons jsonb not null default '[]',
  -- The message (by the sender's name for it) without which this one cannot be acted on.
  awaits text,
  -- A packet, or papers: where it was filed for a person to tie to a case.
  incoming_id text,
  changed_at timestamptz not null,
  changed_by text not null,
  primary key (agency_id, message_id),
  foreign key (agency_id, message_id) references exchange_messages
);
comment on table exchange_work is 'What the agency does about a message that came in; no partner sees it.';
create index exchange_work_parked on exchange_work (agency_id, changed_at, message_id) where state = 'parked';
create index exchange_work_awaits on exchange_work (agency_id, awaits) where awaits is not null;
create index exchange_work_incoming on exchange_work (agency_id, incoming_id) where incoming_id is not null;
call puente_protect('exchange_work', 'county', 'none');
call puente_never_delete('exchange_work');
drop policy scope_read on exchange_work;
create policy scope_read on exchange_work for select using (agency_id = (select puente_agency()) and (select puente_is_agency())
  and ((select puente_sees_all_counties()) or county = any((select puente_counties())::text[])));
`;

// A client asks for what comes after the last it has seen. Positions are given one transaction after the other for each partner: a position
// that is seen has none before it that is still to come.
const ORDER_OF_OFFER = `
create sequence exchange_offers cache 1;
create function puente_exchange_position(agency text, partner text, what text) returns bigint language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(what || ':' || agency || ':' || partner, 0));
  return nextval('public.exchange_offers');
end $$;
comment on function puente_exchange_position(text, text, text) is 'application: called by the triggers below';
create function puente_exchange_offered() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.direction = 'out' and new.state = 'delivered' and new.offered_as is null then
    new.offered_as := puente_exchange_position(new.agency_id, new.partner_id, 'exchange_messages');
  end if;
  return new;
end $$;
create trigger offered before insert or update on exchange_messages for each row execute function puente_exchange_offered();
create function puente_exchange_receipt() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  new.offered_as := puente_exchange_position(new.agency_id, new.partner_id, 'exchange_receipts');
  return new;
end $$;
create trigger offered before insert on exchange_receipts for each row execute function puente_exchange_receipt();
`;

const VOLUMES = `
create table exchange_volumes (
  agency_id text not null,
  partner_id text not null,
  day date not null,
  messages int not null check (messages > 0),
  bytes bigint not null check (bytes > 0),
  primary key (agency_id, partner_id, day)
);
comment on table exchange_volumes is 'How much each partner has sent on a day: what it may send is bounded.';
call puente_protect('exchange_volumes', 'all', 'none');
`;
