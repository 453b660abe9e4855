import type { TxCtx } from '../../platform/context.ts';
import type { CalendarDate } from '../../platform/dates.ts';
import { legColumns, orRefuse } from './posting.store.ts';
import type { Leg } from './posting.rules.ts';

export interface ReservationRow {
  readonly pendingKey: string;
  readonly event: string;
  readonly occurredOn: CalendarDate;
  readonly expiresOn: CalendarDate | null;
  readonly legs: readonly Leg[];
}

export async function reserve(ctx: TxCtx, row: ReservationRow): Promise<boolean> {
  const rows = await orRefuse(ctx.tx.query<{ is_new: boolean }[]>(
    'select ledger_reserve($1, $2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11) as is_new',
    [row.pendingKey, ctx.actor.id, row.event, row.occurredOn, row.expiresOn, ...legColumns(row.legs)]));
  return rows[0]?.is_new === true;
}

export interface ResolutionRow {
  readonly pendingKey: string;
  readonly outcome: 'posted' | 'voided' | 'expired';
  readonly resolutionKey: string;
  readonly event: string;
  readonly occurredOn: CalendarDate;
  readonly today: CalendarDate;
  /** What is posted; without, all that was reserved. */
  readonly legs?: readonly Leg[];
}

export async function resolve(ctx: TxCtx, row: ResolutionRow): Promise<boolean> {
  const rows = await orRefuse(ctx.tx.query<{ is_new: boolean }[]>(
    'select ledger_resolve($1, $2, $3, $4, $1, $5, $6, $7, $8, $9, $10, $11, $12, $13) as is_new',
    [row.resolutionKey, ctx.actor.id, row.pendingKey, row.outcome, row.event, row.occurredOn, row.today, ...(row.legs === undefined ? Array<null>(6).fill(null) : legColumns(row.legs))]));
  return rows[0]?.is_new === true;
}

/** Keys of what was reserved until before this day and has not ended. */
export async function selectExpired(ctx: TxCtx, today: CalendarDate, rowsMax: number): Promise<string[]> {
  const rows = await ctx.tx.query<{ pending_key: string }[]>(
    `select p.pending_key from ledger_pendings p
      where p.agency_id = $1 and p.expires_on < $2::date
        and not exists (select from ledger_resolutions r where r.agency_id = p.agency_id and r.pending_key = p.pending_key)
      order by p.pending_key limit $3`,
    [ctx.actor.agency, today, rowsMax],
  );
  return rows.map((row) => row.pending_key);
}
