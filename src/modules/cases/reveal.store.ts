import type { TxCtx } from '../../platform/context.ts';

/** A number in a message: of whom it is, only the message says. */
export interface MessageReveal { readonly revealId: string; readonly messageId: string; readonly type: string; readonly reason: string }
export interface Reveal { readonly revealId: string; readonly caseId: string; readonly county: string; readonly participantId: string; readonly type: string; readonly reason: string }

/** Lets one person's requests follow one another, so that many at once count like many in a row. */
export async function lockReveals(ctx: TxCtx): Promise<void> {
  await ctx.tx.query("select pg_advisory_xact_lock(hashtextextended('identifiers.reveal ' || $1 || ' ' || $2, 0))", [ctx.actor.agency, ctx.actor.id]);
}

/** Those of cases and of messages together. */
export async function countReveals(ctx: TxCtx, since: Date): Promise<number> {
  const [row] = await ctx.tx.query<{ n: number }[]>(
    `select ((select count(*) from identifier_reveals where agency_id = $1 and shown_to = $2 and shown_at > $3)
           + (select count(*) from message_reveals where agency_id = $1 and shown_to = $2 and shown_at > $3))::int as n`, [ctx.actor.agency, ctx.actor.id, since]);
  return row?.n ?? 0;
}

export async function insertReveal(ctx: TxCtx, { revealId, caseId, county, participantId, type, reason }: Reveal): Promise<void> {
  await ctx.tx.query(
    'insert into identifier_reveals (agency_id, reveal_id, shown_to, shown_at, case_id, county, participant_id, type, reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [ctx.actor.agency, revealId, ctx.actor.id, ctx.clock.now(), caseId, county, participantId, type, reason]);
}

export async function insertMessageReveal(ctx: TxCtx, { revealId, messageId, type, reason }: MessageReveal): Promise<void> {
  await ctx.tx.query(
    'insert into message_reveals (agency_id, reveal_id, shown_to, shown_at, message_id, type, reason) values ($1, $2, $3, $4, $5, $6, $7)',
    [ctx.actor.agency, revealId, ctx.actor.id, ctx.clock.now(), messageId, type, reason]);
}
