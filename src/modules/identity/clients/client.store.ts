import type { TxCtx } from '../../../platform/context.ts';
import type { Scope } from './client.rules.ts';

export interface PartnerClient {
  readonly clientId: string;
  readonly partnerId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly networks: readonly string[];
  readonly requestsPerMinute: number;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  /** When the last of its secrets ends. */
  readonly expiresAt: Date;
}

export interface KnownSecret {
  readonly position: number;
  readonly hash: Buffer;
  readonly expiresAt: Date;
}

interface ClientRow {
  client_id: string;
  partner_id: string;
  name: string;
  scopes: Scope[];
  networks: string[];
  requests_per_minute: number;
  created_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
  expires_at: Date;
}

const COLUMNS = `client_id, partner_id, name, scopes, networks, requests_per_minute, created_at, last_used_at, revoked_at,
  (select max(s.expires_at) from client_secrets s where s.agency_id = c.agency_id and s.client_id = c.client_id) as expires_at`;

export type ClientToInsert = Pick<PartnerClient, 'clientId' | 'partnerId' | 'name' | 'scopes' | 'networks' | 'requestsPerMinute'>;

export async function insertClient(ctx: TxCtx, client: ClientToInsert): Promise<void> {
  await ctx.tx.query(
    `insert into partner_clients (agency_id, client_id, partner_id, name, scopes, networks, requests_per_minute, created_at, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [ctx.actor.agency, client.clientId, client.partnerId, client.name, client.scopes, client.networks, client.requestsPerMinute, ctx.clock.now(), ctx.actor.id],
  );
}

export async function insertSecret(ctx: TxCtx, clientId: string, secret: KnownSecret): Promise<void> {
  await ctx.tx.query(
    'insert into client_secrets (agency_id, client_id, position, secret_hash, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)',
    [ctx.actor.agency, clientId, secret.position, secret.hash, ctx.clock.now(), secret.expiresAt],
  );
}

/** Earlier secrets end at `at`, unless they end before. */
export async function endSecrets(ctx: TxCtx, clientId: string, at: Date): Promise<void> {
  await ctx.tx.query('update client_secrets set expires_at = $3 where agency_id = $1 and client_id = $2 and expires_at > $3', [ctx.actor.agency, clientId, at]);
}

export async function findClient(ctx: TxCtx, clientId: string, lock: '' | 'for update' = ''): Promise<PartnerClient | null> {
  const rows: ClientRow[] = await ctx.tx.query(`select ${COLUMNS} from partner_clients c where agency_id = $1 and client_id = $2 ${lock}`, [ctx.actor.agency, clientId]);
  return rows[0] ? fromRow(rows[0]) : null;
}

export async function selectSecrets(ctx: TxCtx, clientId: string): Promise<KnownSecret[]> {
  const rows: { position: number; secret_hash: Buffer; expires_at: Date }[] = await ctx.tx.query(
    'select position, secret_hash, expires_at from client_secrets where agency_id = $1 and client_id = $2 order by position desc', [ctx.actor.agency, clientId]);
  return rows.map((row) => ({ position: row.position, hash: row.secret_hash, expiresAt: row.expires_at }));
}

export async function selectClients(ctx: TxCtx, limit: number): Promise<PartnerClient[]> {
  const rows: ClientRow[] = await ctx.tx.query(`select ${COLUMNS} from partner_clients c where agency_id = $1 order by partner_id, client_id limit $2`, [ctx.actor.agency, limit]);
  return rows.map(fromRow);
}

/** False when it was revoked before. */
export async function setRevoked(ctx: TxCtx, clientId: string): Promise<boolean> {
  const [, count] = await ctx.tx.query<[unknown[], number]>(
    'update partner_clients set revoked_at = $3, revoked_by = $4 where agency_id = $1 and client_id = $2 and revoked_at is null',
    [ctx.actor.agency, clientId, ctx.clock.now(), ctx.actor.id]);
  return count === 1;
}

/** Writes at most once an hour, so that a busy client does not rewrite its row at every request. */
export async function touchClient(ctx: TxCtx, clientId: string, before: Date): Promise<void> {
  await ctx.tx.query(
    'update partner_clients set last_used_at = $3 where agency_id = $1 and client_id = $2 and (last_used_at is null or last_used_at < $4)',
    [ctx.actor.agency, clientId, ctx.clock.now(), before]);
}

function fromRow(row: ClientRow): PartnerClient {
  return {
    clientId: row.client_id, partnerId: row.partner_id, name: row.name, scopes: row.scopes, networks: row.networks, requestsPerMinute: row.requests_per_minute,
    createdAt: row.created_at, lastUsedAt: row.last_used_at, revokedAt: row.revoked_at, expiresAt: row.expires_at,
  };
}
