import type { TxCtx } from '../../../platform/context.ts';

export type Claim = {
  readonly claimedBy: string | null;
  readonly claimedUntil: Date | null;
  readonly heldUntil: string | null;
  readonly holdReason: string | null;
  readonly seenToReason: string | null;
};

const COLUMNS = `claimed_by as "claimedBy", claimed_until as "claimedUntil", held_until::text as "heldUntil", hold_reason as "holdReason", seen_to_reason as "seenToReason"`;

export async function findClaim(ctx: TxCtx, itemKey: string): Promise<Claim | null> {
  const rows = await ctx.tx.query<Claim[]>(`select ${COLUMNS} from suspense_items where agency_id = $1 and item_key = $2`, [ctx.actor.agency, itemKey]);
  return rows[0] ?? null;
}

/**
 * Takes an item for the actor: free, run out or the actor's own already. In one statement, so that of two people who press at the same
 * moment one has it. Null: somebody else has it.
 */
export async function claimItem(ctx: TxCtx, itemKey: string, until: Date): Promise<Claim | null> {
  const rows = await ctx.tx.query<Claim[]>(
    `insert into suspense_items as i (agency_id, item_key, claimed_by, claimed_at, claimed_until) values ($1, $2, $3, $4, $5)
     on conflict (agency_id, item_key) do update set claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until,
       claimed_at = case when i.claimed_by = excluded.claimed_by and i.claimed_until > $4 then i.claimed_at else excluded.claimed_at end
     where i.claimed_by is null or i.claimed_by = $3 or i.claimed_until <= $4
     returning ${COLUMNS}`,
    [ctx.actor.agency, itemKey, ctx.actor.id, ctx.clock.now(), until]);
  return rows[0] ?? null;
}

export async function releaseClaim(ctx: TxCtx, itemKey: string): Promise<void> {
  await ctx.tx.query('update suspense_items set claimed_by = null, claimed_at = null, claimed_until = null where agency_id = $1 and item_key = $2', [ctx.actor.agency, itemKey]);
}

/** Puts an item aside until a day; null takes that back. */
export async function setHold(ctx: TxCtx, itemKey: string, hold: { until: string; reason: string } | null): Promise<void> {
  await ctx.tx.query(
    `insert into suspense_items (agency_id, item_key, held_until, hold_reason) values ($1, $2, $3, $4)
     on conflict (agency_id, item_key) do update set held_until = excluded.held_until, hold_reason = excluded.hold_reason`,
    [ctx.actor.agency, itemKey, hold?.until ?? null, hold?.reason ?? null]);
}

/** Nothing more is to be done about it, as long as it says what it says now. */
export async function setSeenTo(ctx: TxCtx, itemKey: string, reason: string, state: string): Promise<void> {
  await ctx.tx.query(
    `insert into suspense_items (agency_id, item_key, seen_to_reason, seen_to_at, seen_to_state) values ($1, $2, $3, $4, $5)
     on conflict (agency_id, item_key) do update set seen_to_reason = excluded.seen_to_reason, seen_to_at = excluded.seen_to_at, seen_to_state = excluded.seen_to_state`,
    [ctx.actor.agency, itemKey, reason, ctx.clock.now(), state]);
}
