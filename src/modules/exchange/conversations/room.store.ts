import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';

export interface Reservation {
  readonly reservationId: string;
  readonly partnerId: string;
  readonly day: CalendarDate;
  readonly bytes: number;
  readonly endsAt: Date;
}

/** What is coming in for the partner at this moment: how much of the day it may become, and how many of these are large. */
export async function selectReserved(ctx: TxCtx, partnerId: string, day: CalendarDate, largeBytes: number): Promise<{ readonly bytes: number; readonly large: number }> {
  const [row] = await ctx.tx.query<{ bytes: string; large: number }[]>(
    `select coalesce(sum(bytes) filter (where day = $3), 0)::text as bytes, count(*) filter (where bytes >= $4)::int as large
       from exchange_reservations where agency_id = $1 and partner_id = $2 and ends_at > $5`, [ctx.actor.agency, partnerId, day, largeBytes, ctx.clock.now()]);
  return { bytes: Number(row?.bytes ?? 0), large: row?.large ?? 0 };
}

/** Also clears away what a process that died has left. */
export async function insertReservation(ctx: TxCtx, { reservationId, partnerId, day, bytes, endsAt }: Reservation): Promise<void> {
  await ctx.tx.query('delete from exchange_reservations where agency_id = $1 and partner_id = $2 and ends_at <= $3', [ctx.actor.agency, partnerId, ctx.clock.now()]);
  await ctx.tx.query('insert into exchange_reservations (agency_id, reservation_id, partner_id, day, bytes, ends_at) values ($1, $2, $3, $4, $5, $6)',
    [ctx.actor.agency, reservationId, partnerId, day, bytes, endsAt]);
}

export async function deleteReservation(ctx: TxCtx, reservationId: string): Promise<void> {
  await ctx.tx.query('delete from exchange_reservations where agency_id = $1 and reservation_id = $2', [ctx.actor.agency, reservationId]);
}
