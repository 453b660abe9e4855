import type { TxCtx } from '../../../platform/context.ts';

export interface KeptRow { readonly stamp: string; readonly body: Buffer; readonly asOf: Date; readonly tookMs: number; readonly wantedAt: Date | null }

/** What is seen of the notes that money moved; another text when any of them has been committed since. */
export async function readStamp(ctx: TxCtx): Promise<string> {
  const [row] = await ctx.tx.query<{ stamp: string }[]>('select count(*) || \':\' || coalesce(max(change_id), 0) as stamp from money_changes where agency_id = $1', [ctx.actor.agency]);
  return row?.stamp ?? '';
}

export async function findKept(ctx: TxCtx, figure: string, scope: string): Promise<KeptRow | null> {
  const [row] = await ctx.tx.query<KeptRow[]>(
    'select stamp, body, as_of as "asOf", took_ms as "tookMs", wanted_at as "wantedAt" from kept_figures where agency_id = $1 and figure = $2 and scope = $3', [ctx.actor.agency, figure, scope]);
  return row ?? null;
}

export async function keep(ctx: TxCtx, figure: string, scope: string, row: Omit<KeptRow, 'wantedAt'>): Promise<void> {
  await ctx.tx.query(
    `insert into kept_figures as k (agency_id, figure, scope, stamp, body, as_of, took_ms) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (agency_id, figure, scope) do update set stamp = excluded.stamp, body = excluded.body, as_of = excluded.as_of, took_ms = excluded.took_ms, wanted_at = null
      where k.as_of <= excluded.as_of`,
    [ctx.actor.agency, figure, scope, row.stamp, row.body, row.asOf, row.tookMs]);
}

export async function markWanted(ctx: TxCtx, figure: string, scope: string): Promise<void> {
  await ctx.tx.query('update kept_figures set wanted_at = $4 where agency_id = $1 and figure = $2 and scope = $3', [ctx.actor.agency, figure, scope, ctx.clock.now()]);
}

/** Figures that nobody has asked for in a while, and notes that no figures rest on any more. */
export async function sweepKept(ctx: TxCtx, before: Date): Promise<void> {
  await ctx.tx.query('delete from kept_figures where agency_id = $1 and as_of < $2', [ctx.actor.agency, before]);
  await ctx.tx.query('delete from money_changes where agency_id = $1 and changed_at < $2', [ctx.actor.agency, before]);
}
