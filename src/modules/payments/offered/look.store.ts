import type { TxCtx } from '../../../platform/context.ts';

export async function findLook(ctx: TxCtx, offerId: string): Promise<{ readonly basis: string; readonly look: Buffer } | null> {
  const rows = await ctx.tx.query<{ basis: string; look: Buffer }[]>('select basis, look from offered_looks where agency_id = $1 and offer_id = $2', [ctx.actor.agency, offerId]);
  return rows[0] ?? null;
}

export async function keepLook(ctx: TxCtx, { offerId, partnerId, basis, look }: { readonly offerId: string; readonly partnerId: string; readonly basis: string; readonly look: Buffer }): Promise<void> {
  await ctx.tx.query(
    `insert into offered_looks (agency_id, offer_id, partner_id, basis, look, looked_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (agency_id, offer_id) do update set basis = excluded.basis, look = excluded.look, looked_at = excluded.looked_at`,
    [ctx.actor.agency, offerId, partnerId, basis, look, ctx.clock.now()]);
}

/** How much a partner's officers have shown since then. */
export async function shownSince(ctx: TxCtx, partnerId: string, since: Date): Promise<{ readonly lists: number; readonly bytes: number }> {
  const [row] = await ctx.tx.query<{ lists: number; bytes: number }[]>(
    'select count(*)::int as lists, coalesce(sum(byte_count), 0)::float8 as bytes from offered_lists where agency_id = $1 and partner_id = $2 and offered_at >= $3', [ctx.actor.agency, partnerId, since]);
  return row ?? { lists: 0, bytes: 0 };
}

/** Takes away what was shown before then and never sent, with what was understood of it. */
export async function deleteUnsent(ctx: TxCtx, before: Date): Promise<void> {
  await ctx.tx.query('delete from offered_lists where agency_id = $1 and sent_at is null and offered_at < $2', [ctx.actor.agency, before]);
}
