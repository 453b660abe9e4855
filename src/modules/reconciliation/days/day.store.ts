import type { TxCtx } from '../../../platform/context.ts';
import { selectPage } from '../../../platform/list-page.ts';
import type { Place } from '../../../platform/list-page.ts';
import type { Order } from '../../../platform/order-by.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { balanceKey } from './day.rules.ts';
import type { CheckResult, DayBalance, Movement } from './day.rules.ts';

export type DayState = 'prepared' | 'signed' | 'replaced' | 'reopened';

export interface CloseRow {
  readonly closingId: string;
  readonly day: CalendarDate;
  readonly version: number;
  readonly state: DayState;
  readonly windowFrom: Date | null;
  readonly windowUntil: Date;
  readonly checks: readonly CheckResult[];
  readonly hasExceptions: boolean;
  readonly reasons: Buffer | null;
  readonly figuresDigest: string;
  readonly preparedBy: string;
  readonly preparedAt: Date;
  readonly signedBy: string | null;
  readonly signedAt: Date | null;
  readonly reopenedBy: string | null;
  readonly reopenedAt: Date | null;
  readonly reopenReason: Buffer | null;
}

const COLUMNS = `closing_id as "closingId", business_day::text as day, version, state, window_from as "windowFrom", window_until as "windowUntil", checks, has_exceptions as "hasExceptions",
  reasons, figures_digest as "figuresDigest", prepared_by as "preparedBy", prepared_at as "preparedAt", signed_by as "signedBy", signed_at as "signedAt",
  reopened_by as "reopenedBy", reopened_at as "reopenedAt", reopen_reason as "reopenReason"`;

/** One close, signature or reopening at a time for an agency. */
export async function lockDays(ctx: TxCtx): Promise<void> {
  await ctx.tx.query('select pg_advisory_xact_lock(hashtextextended($1, 7164))', [`days:${ctx.actor.agency}`]);
}

/** Waits until what is being posted is posted, and lets nothing begin until this transaction ends. */
export async function fence(ctx: TxCtx): Promise<void> {
  await ctx.tx.query('select day_close_fence()');
}

export async function selectActive(ctx: TxCtx, day: CalendarDate): Promise<CloseRow | null> {
  const [row] = await ctx.tx.query<CloseRow[]>(`select ${COLUMNS} from day_closes where agency_id = $1 and business_day = $2 and state in ('prepared', 'signed')`, [ctx.actor.agency, day]);
  return row ?? null;
}

export async function selectLastSigned(ctx: TxCtx): Promise<CloseRow | null> {
  const [row] = await ctx.tx.query<CloseRow[]>(`select ${COLUMNS} from day_closes where agency_id = $1 and state = 'signed' order by business_day desc limit 1`, [ctx.actor.agency]);
  return row ?? null;
}

/** A day that somebody has prepared and nobody signed, other than the given one. */
export async function selectUnsigned(ctx: TxCtx, besides: CalendarDate): Promise<CalendarDate | null> {
  const [row] = await ctx.tx.query<{ day: string }[]>(
    "select business_day::text as day from day_closes where agency_id = $1 and state = 'prepared' and business_day <> $2 order by business_day limit 1", [ctx.actor.agency, besides]);
  return row?.day ?? null;
}

export async function selectVersions(ctx: TxCtx, day: CalendarDate): Promise<CloseRow[]> {
  return ctx.tx.query<CloseRow[]>(`select ${COLUMNS} from day_closes where agency_id = $1 and business_day = $2 order by version desc limit 100`, [ctx.actor.agency, day]);
}

export const DAY_SORTS = ['day', 'state', 'prepared', 'signed'] as const;
export type DayOrder = Order<(typeof DAY_SORTS)[number]>;
const DAYS_BY = { day: 'business_day', state: 'state', prepared: 'prepared_at', signed: 'signed_at' } as const;

export async function selectDays(ctx: TxCtx, state: DayState | null, order: DayOrder, place: Place): Promise<{ rows: CloseRow[]; total: number }> {
  return selectPage(ctx, {
    columns: COLUMNS, from: 'day_closes', where: `state <> 'replaced' and ($2::text is null or state = $2)`, values: [ctx.actor.agency, state], agency: 'agency_id', order: DAYS_BY, id: 'closing_id',
  }, order, place);
}

type BalanceRow = { account: string; partner_id: string; currency: string; opening: string; debit: string; credit: string; closing: string; entries: number; late_count: number; late: string };

export async function selectBalances(ctx: TxCtx, closingId: string): Promise<DayBalance[]> {
  const rows = await ctx.tx.query<BalanceRow[]>(
    `select account_kind as account, partner_id, currency, opening_minor::text as opening, debit_minor::text as debit, credit_minor::text as credit, closing_minor::text as closing,
            entry_count as entries, late_count, late_minor::text as late
       from day_close_balances where agency_id = $1 and closing_id = $2 order by 1, 2, 3`,
    [ctx.actor.agency, closingId],
  );
  return rows.map((r) => ({
    account: r.account, partnerId: r.partner_id === '' ? null : r.partner_id, currency: r.currency, openingMinor: BigInt(r.opening), debitMinor: BigInt(r.debit),
    creditMinor: BigInt(r.credit), closingMinor: BigInt(r.closing), entryCount: r.entries, lateCount: r.late_count, lateMinor: BigInt(r.late),
  }));
}

/** What was recorded in a window, by account kind, partner and currency; late is what happened on a day that was signed before. */
export async function selectMovements(ctx: TxCtx, window: { from: Date | null; until: Date; lastDay: CalendarDate | null }): Promise<Movement[]> {
  const rows = await ctx.tx.query<Omit<BalanceRow, 'opening' | 'closing'>[]>(
    `select a.account_kind as account, coalesce(a.partner_id, '') as partner_id, e.currency, coalesce(sum(e.amount_minor) filter (where e.amount_minor > 0), 0)::text as debit,
            coalesce(-sum(e.amount_minor) filter (where e.amount_minor < 0), 0)::text as credit, count(*)::int as entries,
            count(*) filter (where e.occurred_on <= $4::date)::int as late_count, coalesce(sum(e.amount_minor) filter (where e.occurred_on <= $4::date), 0)::text as late
       from ledger_entries e join ledger_accounts a on a.agency_id = e.agency_id and a.account_id = e.account_id
      where e.agency_id = $1 and e.recorded_at > coalesce($2::timestamptz, '-infinity') and e.recorded_at <= $3
      group by 1, 2, 3 order by 1, 2, 3`,
    [ctx.actor.agency, window.from, window.until, window.lastDay],
  );
  return rows.map((r) => ({
    account: r.account, partnerId: r.partner_id === '' ? null : r.partner_id, currency: r.currency, debitMinor: BigInt(r.debit), creditMinor: BigInt(r.credit),
    entryCount: r.entries, lateCount: r.late_count, lateMinor: BigInt(r.late),
  }));
}

/** What the ledger stood at when the window ended, computed the other way round: what it stands at now, less what was recorded since. */
export async function selectStanding(ctx: TxCtx, until: Date): Promise<Map<string, bigint>> {
  const rows = await ctx.tx.query<{ account: string; partner_id: string | null; currency: string; minor: string }[]>(
    `with later as (select account_id, sum(amount_minor) as minor from ledger_entries where agency_id = $1 and recorded_at > $2 group by 1)
     select a.account_kind as account, a.partner_id, a.currency, sum(x.minor)::text as minor
       from (select account_id, balance_minor as minor from ledger_balances where agency_id = $1 union all select account_id, -minor from later) x
       join ledger_accounts a on a.agency_id = $1 and a.account_id = x.account_id group by 1, 2, 3`,
    [ctx.actor.agency, until],
  );
  return new Map(rows.map((r) => [balanceKey({ account: r.account, partnerId: r.partner_id, currency: r.currency }), BigInt(r.minor)]));
}

export async function insertClose(ctx: TxCtx, close: { closingId: string; day: CalendarDate; windowFrom: Date | null; windowUntil: Date; checks: readonly CheckResult[]; hasExceptions: boolean; reasons: Buffer | null; figuresDigest: string }, balances: readonly DayBalance[]): Promise<void> {
  const { agency } = ctx.actor;
  await ctx.tx.query("update day_closes set state = 'replaced' where agency_id = $1 and business_day = $2 and state = 'prepared'", [agency, close.day]);
  await ctx.tx.query(
    `insert into day_closes (agency_id, closing_id, business_day, version, state, window_from, window_until, checks, has_exceptions, reasons, figures_digest, prepared_by, prepared_at)
     select $1, $2, $3, coalesce(max(version), 0) + 1, 'prepared', $4, $5, $6, $7, $8, $9, $10, $11 from day_closes where agency_id = $1 and business_day = $3`,
    [agency, close.closingId, close.day, close.windowFrom, close.windowUntil, JSON.stringify(close.checks), close.hasExceptions, close.reasons, close.figuresDigest, ctx.actor.id, ctx.clock.now()],
  );
  await ctx.tx.query(
    `insert into day_close_balances (agency_id, closing_id, account_kind, partner_id, currency, opening_minor, debit_minor, credit_minor, closing_minor, entry_count, late_count, late_minor)
     select $1, $2, b.* from jsonb_to_recordset($3::jsonb) as b (account text, partner text, currency text, opening bigint, debit bigint, credit bigint, closing bigint, entries int, late_count int, late bigint)`,
    [agency, close.closingId, JSON.stringify(balances.map((b) => ({
      account: b.account, partner: b.partnerId ?? '', currency: b.currency, opening: String(b.openingMinor), debit: String(b.debitMinor), credit: String(b.creditMinor),
      closing: String(b.closingMinor), entries: b.entryCount, late_count: b.lateCount, late: String(b.lateMinor),
    })))],
  );
}

export async function markSigned(ctx: TxCtx, closingId: string): Promise<void> {
  await ctx.tx.query("update day_closes set state = 'signed', signed_by = $3, signed_at = $4 where agency_id = $1 and closing_id = $2", [ctx.actor.agency, closingId, ctx.actor.id, ctx.clock.now()]);
}

export async function markReopened(ctx: TxCtx, closingId: string, reason: Buffer): Promise<void> {
  await ctx.tx.query("update day_closes set state = 'reopened', reopened_by = $3, reopened_at = $4, reopen_reason = $5 where agency_id = $1 and closing_id = $2",
    [ctx.actor.agency, closingId, ctx.actor.id, ctx.clock.now(), reason]);
}

export interface LateRow {
  readonly transferKey: string;
  readonly event: string;
  readonly occurredOn: CalendarDate;
  readonly recordedAt: Date;
}

/** Transfers that were recorded in a window but happened on a day that was signed before it. */
export async function selectLate(ctx: TxCtx, window: { from: Date; until: Date; lastDay: CalendarDate }, limit: number): Promise<LateRow[]> {
  return ctx.tx.query<LateRow[]>(
    `select t.transfer_key as "transferKey", t.event, t.occurred_on::text as "occurredOn", t.recorded_at as "recordedAt" from ledger_transfers t
      where t.agency_id = $1 and t.recorded_at > $2 and t.recorded_at <= $3 and t.occurred_on <= $4::date order by t.occurred_on, t.transfer_key limit $5`,
    [ctx.actor.agency, window.from, window.until, window.lastDay, limit],
  );
}

export async function hasAnyMoney(ctx: TxCtx): Promise<boolean> {
  const [row] = await ctx.tx.query<{ found: boolean }[]>('select exists (select from ledger_batches where agency_id = $1) as found', [ctx.actor.agency]);
  return row?.found ?? false;
}
