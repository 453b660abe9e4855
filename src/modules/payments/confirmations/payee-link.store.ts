import type { TxCtx } from '../../../platform/context.ts';

export interface PayeeLink { linkId: string; disbursementId: string; language: string; expiresAt: Date; endedAt: Date | null }

export async function insertLink(ctx: TxCtx, link: { linkId: string; tokenLookup: Buffer; disbursementId: string; county: string | null; language: string; expiresAt: Date }): Promise<void> {
  await ctx.tx.query(
    `insert into payee_links (agency_id, link_id, token_lookup, disbursement_id, county, language, made_by, made_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [ctx.actor.agency, link.linkId, link.tokenLookup, link.disbursementId, link.county, link.language, ctx.actor.id, ctx.clock.now(), link.expiresAt]);
}

/** Ends the open links of a disbursement; tells how many there were. */
export async function withdrawLinks(ctx: TxCtx, disbursementId: string): Promise<number> {
  const [, count] = await ctx.tx.query<[unknown, number]>(
    "update payee_links set ended_at = $3, ended_as = 'withdrawn' where agency_id = $1 and disbursement_id = $2 and ended_at is null",
    [ctx.actor.agency, disbursementId, ctx.clock.now()]);
  return count;
}

/** The link of a token, locked until the transaction ends, so that two answers at once become one. */
export async function lockLink(ctx: TxCtx, tokenLookup: Buffer): Promise<PayeeLink | null> {
  const rows = await ctx.tx.query<PayeeLink[]>(
    `select link_id as "linkId", disbursement_id as "disbursementId", language, expires_at as "expiresAt", ended_at as "endedAt"
       from payee_links where agency_id = $1 and token_lookup = $2 for update`, [ctx.actor.agency, tokenLookup]);
  return rows[0] ?? null;
}

export async function endLink(ctx: TxCtx, linkId: string): Promise<void> {
  await ctx.tx.query("update payee_links set ended_at = $3, ended_as = 'answered' where agency_id = $1 and link_id = $2 and ended_at is null", [ctx.actor.agency, linkId, ctx.clock.now()]);
}
