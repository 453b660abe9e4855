import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The programs of partners: what they may do, from where, and by what they are known. Their secrets are kept as keyed hashes and
 * stand apart, as passwords do; a partner's actor sees none of these tables, identity reads them as the operator.
 */
export class PartnerClients implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CLIENTS);
    await runner.query(SECRETS);
    await runner.query(KEYS);
    await runner.query(REQUESTS);
    await runner.query(`alter table audit_events drop constraint audit_events_actor_kind_check`);
    await runner.query(`alter table audit_events add constraint audit_events_actor_kind_check check (actor_kind in ('user', 'client', 'system'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table answered_requests, partner_keys, client_secrets, partner_clients');
    await runner.query(`alter table audit_events drop constraint audit_events_actor_kind_check`);
    await runner.query(`alter table audit_events add constraint audit_events_actor_kind_check check (actor_kind in ('user', 'system'))`);
  }
}

const CLIENTS = `
create table partner_clients (
  agency_id text not null,
  client_id text not null check (client_id ~ '^cli_[0-9A-HJKMNP-TV-Z]{26}$'),
  partner_id text not null,
  name text not null check (length(name) between 1 and 100),
  scopes text[] not null check (cardinality(scopes) > 0),
  -- Blocks of addresses (CIDR) from which it may come; none = from anywhere.
  networks text[] not null,
  requests_per_minute int not null check (requests_per_minute between 1 and 6000),
  created_at timestamptz not null,
  created_by text not null,
  -- To the hour: enough to see what nobody uses any more.
  last_used_at timestamptz,
  revoked_at timestamptz,
  revoked_by text,
  primary key (agency_id, client_id),
  check ((revoked_at is null) = (revoked_by is null))
);
create index partner_clients_partner on partner_clients (agency_id, partner_id, client_id);
call puente_protect('partner_clients', 'all', 'none');
call puente_never_delete('partner_clients');
`;

const SECRETS = `
create table client_secrets (
  agency_id text not null,
  client_id text not null,
  position int not null check (position > 0),
  -- Keyed hash of 256 random bits: nothing to guess, so nothing slow is needed.
  secret_hash bytea not null check (length(secret_hash) = 32),
  created_at timestamptz not null,
  -- Brought forward when a newer secret takes over.
  expires_at timestamptz not null,
  primary key (agency_id, client_id, position),
  foreign key (agency_id, client_id) references partner_clients
);
call puente_protect('client_secrets', 'all', 'none');
call puente_never_delete('client_secrets');
`;

const KEYS = `
create table partner_keys (
  agency_id text not null,
  key_id text not null check (key_id ~ '^pky_[0-9A-HJKMNP-TV-Z]{26}$'),
  partner_id text not null,
  name text not null check (length(name) between 1 and 100),
  -- As ssh-keygen -l prints it, and the key as it goes over the wire (RFC 4253, 6.6).
  fingerprint text not null check (fingerprint ~ '^SHA256:[A-Za-z0-9+/]{43}$'),
  algorithm text not null,
  public_key bytea not null check (length(public_key) <= 2048),
  networks text[] not null,
  created_at timestamptz not null,
  created_by text not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  revoked_by text,
  primary key (agency_id, key_id),
  -- A key belongs to one partner; one that was revoked never comes back.
  unique (agency_id, fingerprint),
  check ((revoked_at is null) = (revoked_by is null))
);
create index partner_keys_partner on partner_keys (agency_id, partner_id, key_id);
call puente_protect('partner_keys', 'all', 'none');
call puente_never_delete('partner_keys');
`;

const REQUESTS = `
create table answered_requests (
  agency_id text not null,
  client_id text not null,
  -- What the client's program called its request (Idempotency-Key).
  request_key text not null check (length(request_key) between 1 and 255),
  request_sha256 text not null check (request_sha256 ~ '^[0-9a-f]{64}$'),
  started_at timestamptz not null,
  -- The answer as it was given, encrypted; empty while it is being worked out.
  answer_encrypted bytea,
  expires_at timestamptz not null,
  primary key (agency_id, client_id, request_key),
  foreign key (agency_id, client_id) references partner_clients
);
create index answered_requests_expiry on answered_requests (agency_id, expires_at);
call puente_protect('answered_requests', 'all', 'none');
`;
