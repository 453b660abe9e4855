import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { ReferralMove, ReferralStatus } from './lifecycle-table.rules.ts';

/** Of which referral; county and partner stand in each row, so that its scope needs no other table. */
export interface OwnerOfMoves {
  readonly referralId: string;
  readonly county: string;
  readonly partnerId: string;
}

/** One step in the life of a referral. */
export interface ReferralMoveRow {
  readonly position: number;
  /** Null where the move was kept before moves had names. */
  readonly move: ReferralMove | null;
  readonly fromStatus: ReferralStatus | null;
  readonly toStatus: ReferralStatus;
  readonly packetId: string | null;
  readonly reason: string | null;
  /** To whom it was passed on. */
  readonly hop: string | null;
  /** The day on which it happened, which may be before the day on which it was told here. */
  readonly happenedOn: CalendarDate | null;
  readonly movedAt: Date;
  readonly movedBy: string;
}

export interface MoveDetails {
  readonly move: ReferralMove;
  readonly reason?: string | null;
  readonly hop?: string | null;
  readonly happenedOn?: CalendarDate | null;
}

export async function insertMove(
  ctx: TxCtx, referral: OwnerOfMoves, from: ReferralStatus | null, to: ReferralStatus, packetId: string | null, details?: MoveDetails,
): Promise<void> {
  await ctx.tx.query(
    `insert into referral_moves (agency_id, referral_id, position, county, partner_id, from_status, to_status, packet_id, moved_at, moved_by, move, reason, hop, happened_on)
     select $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 from referral_moves where agency_id = $1 and referral_id = $2`,
    [ctx.actor.agency, referral.referralId, referral.county, referral.partnerId, from, to, packetId, ctx.clock.now(), ctx.actor.id,
      details?.move ?? null, details?.reason ?? null, details?.hop ?? null, details?.happenedOn ?? null],
  );
}

export async function listMoves(ctx: TxCtx, referralId: string): Promise<ReferralMoveRow[]> {
  return ctx.tx.query<ReferralMoveRow[]>(
    `select position, move, from_status as "fromStatus", to_status as "toStatus", packet_id as "packetId", reason, hop, happened_on::text as "happenedOn",
            moved_at as "movedAt", moved_by as "movedBy"
       from referral_moves where agency_id = $1 and referral_id = $2 order by position`,
    [ctx.actor.agency, referralId],
  );
}

/** The latest day on which something happened to a referral; null where none was told. */
export async function lastHappenedOn(ctx: TxCtx, referralId: string): Promise<CalendarDate | null> {
  const rows = await ctx.tx.query<{ day: string | null }[]>(
    'select max(happened_on)::text as day from referral_moves where agency_id = $1 and referral_id = $2', [ctx.actor.agency, referralId],
  );
  return rows[0]?.day ?? null;
}

/** What is awaited from outside before the packet is sealed. */
export interface AwaitedRow {
  readonly item: string;
  readonly addedOn: CalendarDate;
  readonly doneOn: CalendarDate | null;
}

export async function selectAwaited(ctx: TxCtx, referralId: string): Promise<AwaitedRow[]> {
  return ctx.tx.query<AwaitedRow[]>(
    `select item, added_on::text as "addedOn", done_on::text as "doneOn" from referral_awaited where agency_id = $1 and referral_id = $2 order by added_on, item`,
    [ctx.actor.agency, referralId],
  );
}

/** Adds items; one that was there already, done or not, is awaited anew. */
export async function insertAwaited(ctx: TxCtx, referral: Omit<OwnerOfMoves, 'partnerId'>, items: readonly string[], on: CalendarDate): Promise<void> {
  await ctx.tx.query(
    `insert into referral_awaited (agency_id, referral_id, item, county, added_on, added_by) select $1, $2, item, $3, $4, $5 from unnest($6::text[]) item
     on conflict (agency_id, referral_id, item) do update set added_on = excluded.added_on, added_by = excluded.added_by, done_on = null, done_by = null
     where referral_awaited.done_on is not null`,
    [ctx.actor.agency, referral.referralId, referral.county, on, ctx.actor.id, items],
  );
}

/** Says that an item has come; false where it is not awaited. */
export async function updateAwaitedDone(ctx: TxCtx, referralId: string, item: string, on: CalendarDate): Promise<boolean> {
  const [, count] = await ctx.tx.query<[unknown[], number]>(
    `update referral_awaited set done_on = $4, done_by = $5 where agency_id = $1 and referral_id = $2 and item = $3 and done_on is null`,
    [ctx.actor.agency, referralId, item, on, ctx.actor.id],
  );
  return count > 0;
}
