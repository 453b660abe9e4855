import type { TxCtx } from '../../platform/context.ts';

export async function insertKept(ctx: TxCtx, row: { keptId: string; owner: Buffer; content: Buffer; expiresAt: Date }): Promise<void> {
  await ctx.tx.query(
    'insert into kept_forms (agency_id, kept_id, owner, content, kept_at, expires_at) values ($1, $2, $3, $4, $5, $6)',
    [ctx.actor.agency, row.keptId, row.owner, row.content, ctx.clock.now(), row.expiresAt]);
}

/** Leaves the newest of one owner: whoever sends more loses the oldest, and fills nothing up. */
export async function deleteBeyond(ctx: TxCtx, owner: Buffer, countMax: number): Promise<void> {
  await ctx.tx.query(
    `delete from kept_forms where agency_id = $1 and kept_id in
       (select kept_id from kept_forms where agency_id = $1 and owner = $2 order by kept_at desc, kept_id desc offset $3)`,
    [ctx.actor.agency, owner, countMax]);
}

export async function findKept(ctx: TxCtx, keptId: string, owners: readonly Buffer[]): Promise<{ owner: Buffer; content: Buffer } | null> {
  const rows = await ctx.tx.query<{ owner: Buffer; content: Buffer }[]>(
    'select owner, content from kept_forms where agency_id = $1 and kept_id = $2 and owner = any ($3) and expires_at > $4',
    [ctx.actor.agency, keptId, owners, ctx.clock.now()]);
  return rows[0] ?? null;
}

export async function deleteKept(ctx: TxCtx, keptId: string, owners: readonly Buffer[]): Promise<void> {
  await ctx.tx.query('delete from kept_forms where agency_id = $1 and kept_id = $2 and owner = any ($3)', [ctx.actor.agency, keptId, owners]);
}

export async function deleteExpired(ctx: TxCtx): Promise<void> {
  await ctx.tx.query('delete from kept_forms where agency_id = $1 and expires_at <= $2', [ctx.actor.agency, ctx.clock.now()]);
}
