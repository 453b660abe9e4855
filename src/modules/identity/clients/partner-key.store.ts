import type { TxCtx } from '../../../platform/context.ts';

export interface PartnerKey {
  readonly keyId: string;
  readonly partnerId: string;
  readonly name: string;
  readonly fingerprint: string;
  readonly algorithm: string;
  readonly networks: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

interface KeyRow {
  key_id: string;
  partner_id: string;
  name: string;
  fingerprint: string;
  algorithm: string;
  public_key: Buffer;
  networks: string[];
  created_at: Date;
  expires_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

const COLUMNS = 'key_id, partner_id, name, fingerprint, algorithm, public_key, networks, created_at, expires_at, last_used_at, revoked_at';

export type KeyToInsert = Pick<PartnerKey, 'keyId' | 'partnerId' | 'name' | 'fingerprint' | 'algorithm' | 'networks' | 'expiresAt'> & { readonly blob: Buffer };

/** False when the key is known already, with whichever partner and also when it was revoked. */
export async function insertKey(ctx: TxCtx, key: KeyToInsert): Promise<boolean> {
  const rows: unknown[] = await ctx.tx.query(
    `insert into partner_keys (agency_id, key_id, partner_id, name, fingerprint, algorithm, public_key, networks, created_at, created_by, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (agency_id, fingerprint) do nothing returning key_id`,
    [ctx.actor.agency, key.keyId, key.partnerId, key.name, key.fingerprint, key.algorithm, key.blob, key.networks, ctx.clock.now(), ctx.actor.id, key.expiresAt]);
  return rows.length === 1;
}

export async function findKeyById(ctx: TxCtx, keyId: string): Promise<PartnerKey | null> {
  const rows: KeyRow[] = await ctx.tx.query(`select ${COLUMNS} from partner_keys where agency_id = $1 and key_id = $2`, [ctx.actor.agency, keyId]);
  return rows[0] ? fromRow(rows[0]) : null;
}

export async function findKey(ctx: TxCtx, fingerprint: string): Promise<(PartnerKey & { blob: Buffer }) | null> {
  const rows: KeyRow[] = await ctx.tx.query(`select ${COLUMNS} from partner_keys where agency_id = $1 and fingerprint = $2`, [ctx.actor.agency, fingerprint]);
  return rows[0] ? { ...fromRow(rows[0]), blob: rows[0].public_key } : null;
}

export async function selectKeys(ctx: TxCtx, limit: number): Promise<PartnerKey[]> {
  const rows: KeyRow[] = await ctx.tx.query(`select ${COLUMNS} from partner_keys where agency_id = $1 order by partner_id, key_id limit $2`, [ctx.actor.agency, limit]);
  return rows.map(fromRow);
}

/** False when it was revoked before. */
export async function setKeyRevoked(ctx: TxCtx, keyId: string): Promise<boolean> {
  const [, count] = await ctx.tx.query<[unknown[], number]>(
    'update partner_keys set revoked_at = $3, revoked_by = $4 where agency_id = $1 and key_id = $2 and revoked_at is null',
    [ctx.actor.agency, keyId, ctx.clock.now(), ctx.actor.id]);
  return count === 1;
}

export async function touchKey(ctx: TxCtx, keyId: string, before: Date): Promise<void> {
  await ctx.tx.query(
    'update partner_keys set last_used_at = $3 where agency_id = $1 and key_id = $2 and (last_used_at is null or last_used_at < $4)',
    [ctx.actor.agency, keyId, ctx.clock.now(), before]);
}

function fromRow(row: KeyRow): PartnerKey {
  return {
    keyId: row.key_id, partnerId: row.partner_id, name: row.name, fingerprint: row.fingerprint, algorithm: row.algorithm, networks: row.networks,
    createdAt: row.created_at, expiresAt: row.expires_at, lastUsedAt: row.last_used_at, revokedAt: row.revoked_at,
  };
}
