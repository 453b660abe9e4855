import type { TxCtx } from '../../platform/context.ts';

/** Of so many keys at most each has a row of its own; more lie together by their hashes. */
const ALONE_MAX = 50;

/** Keeps whom a list told of, each once, with the event of the same person that carries the digest of exactly these. Kept already: nothing happens. */
export async function insertListing(ctx: TxCtx, eventId: string, keys: readonly string[]): Promise<void> {
  await ctx.tx.query('select audit_note_listing($1, $2, $3)', [eventId, keys, keys.length <= ALONE_MAX]);
}
