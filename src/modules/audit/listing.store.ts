import type { TxCtx } from '../../platform/context.ts';

/** Of so many keys at most each has a row of its own; more lie together by their hashes. */
const ALONE_MAX = 50;

/** Keeps whom a list told of, each once. */
export async function insertListing(ctx: TxCtx, eventId: string, keys: readonly string[]): Promise<void> {
  await ctx.tx.query(
    `insert into audit_listings (agency_id, bucket, event_id, keys)
     select $1, bucket, $2, array_agg(key order by key collate "C")
       from (select key, case when $4 then audit_listing_hash(key) else -1 - (audit_listing_hash(key) >> 23) end as bucket from unnest($3::text[]) key) k
      group by bucket on conflict do nothing`, [ctx.actor.agency, eventId, keys, keys.length <= ALONE_MAX]);
}
