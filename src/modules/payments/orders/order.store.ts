import type { TxCtx } from '../../../platform/context.ts';
import { orderBy } from '../../../platform/order-by.ts';
import type { Order } from '../../../platform/order-by.ts';
import { copyRows } from '../../../platform/database/index.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { OrderState } from './order.rules.ts';

/** One at a time makes, frees or releases orders: what is ordered twice is paid twice. */
export async function lockOrders(ctx: TxCtx): Promise<void> {
  await ctx.tx.query('select pg_advisory_xact_lock(hashtextextended($1, 7163))', [`payment_orders:${ctx.actor.agency}`]);
}

export interface Orderable {
  disbursementId: string;
  caseId: string;
  amountMinor: bigint;
  currency: string;
  /** Why the case's next disbursement waits, or null. */
  hold: 'disbursement.returned' | 'collection.taken_back' | null;
  /** The bank refused an earlier order of it; why, as far as it said. */
  refusedFor: string | null;
}

/**
 * Disbursements through a partner that no living order has and that are not settled; what is reported on in other ways see `selectReported`. Holds and outcomes are reconciliation's and read
 * from its tables, as a module may not import a later one.
 */
export async function selectOrderable(ctx: TxCtx, wanted: { partnerId: string; batchId: string | null; limit: number }): Promise<Orderable[]> {
  const rows = await ctx.tx.query<{ disbursement_id: string; case_id: string; amount_minor: string; currency: string; hold: Orderable['hold']; refused_for: string | null }[]>(
    `select d.disbursement_id, d.case_id, d.amount_minor, d.currency, h.hold, r.refused_for
       from disbursements d
       left join lateral (select case when x.disbursement_id is null then 'collection.taken_back' else 'disbursement.returned' end as hold from disbursement_holds x
                           where x.agency_id = $1 and x.case_id = d.case_id and x.released_at is null order by x.disbursement_id is null limit 1) h on true
       left join lateral (select coalesce((select s.reasons[1] from payment_order_statuses s where s.agency_id = $1 and s.order_id = l.order_id and s.line_number = l.line_number
                                            and s.status = 'RJCT' order by s.recorded_seq desc limit 1), '') as refused_for
                            from payment_order_lines l where l.agency_id = $1 and l.disbursement_id = d.disbursement_id and l.freed_by = 'rejected'
                           order by l.freed_at desc limit 1) r on true
      where d.agency_id = $1 and d.partner_id = $2 and d.method = 'consulate' and ($3::text is null or d.batch_id = $3)
        and not exists (select from payment_order_lines l where l.agency_id = $1 and l.disbursement_id = d.disbursement_id and l.freed_at is null)
        and not exists (select from line_outcomes o where o.agency_id = $1 and o.disbursement_id = d.disbursement_id and o.kind = 'forwarding' and o.outcome in ('posted', 'returned'))
        and not exists (select from settled_notices n where n.agency_id = $1 and n.disbursement_id = d.disbursement_id)
      order by d.disbursement_id limit $4`,
    [ctx.actor.agency, wanted.partnerId, wanted.batchId, wanted.limit]);
  return rows.map((r) => ({ disbursementId: r.disbursement_id, caseId: r.case_id, amountMinor: BigInt(r.amount_minor), currency: r.currency, hold: r.hold, refusedFor: r.refused_for }));
}

export interface OrderRow {
  orderId: string;
  partnerId: string;
  messageId: string;
  currency: string;
  bearer: 'DEBT' | 'SHAR' | 'CRED';
  executionOn: CalendarDate;
  lines: number;
  sumMinor: bigint;
  fileId: string;
  sha256: string;
  accountsConfirmed: boolean;
  state: OrderState;
  createdAt: Date;
  createdBy: string;
  decidedAt: Date | null;
  decidedBy: string | null;
  /** When its message first left; until then it may still be withdrawn. */
  exportedAt: Date | null;
}

export async function insertOrder(ctx: TxCtx, order: Omit<OrderRow, 'state' | 'createdAt' | 'createdBy' | 'decidedAt' | 'decidedBy' | 'exportedAt'>, lines: readonly Orderable[]): Promise<void> {
  await ctx.tx.query(
    `insert into payment_orders (agency_id, order_id, partner_id, message_id, currency, charge_bearer, execution_on, line_count, sum_minor, file_id, sha256, accounts_confirmed, state, created_at, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'created', $13, $14)`,
    [ctx.actor.agency, order.orderId, order.partnerId, order.messageId, order.currency, order.bearer, order.executionOn, order.lines, order.sumMinor.toString(), order.fileId, order.sha256,
      order.accountsConfirmed, ctx.clock.now(), ctx.actor.id]);
  await copyRows(ctx, 'payment_order_lines (agency_id, order_id, line_number, disbursement_id, case_id, amount_minor, currency)', (function* () {
    for (const [index, line] of lines.entries()) yield [ctx.actor.agency, order.orderId, index + 1, line.disbursementId, line.caseId, line.amountMinor, line.currency];
  })());
}

const ORDER = `order_id as "orderId", partner_id as "partnerId", message_id as "messageId", currency, charge_bearer as bearer, execution_on::text as "executionOn", line_count as lines,
  sum_minor as "sumMinor", file_id as "fileId", sha256, accounts_confirmed as "accountsConfirmed", state, created_at as "createdAt", created_by as "createdBy", decided_at as "decidedAt", decided_by as "decidedBy", exported_at as "exportedAt"`;
type Read = Omit<OrderRow, 'sumMinor'> & { sumMinor: string };
const orderOf = (row: Read): OrderRow => ({ ...row, sumMinor: BigInt(row.sumMinor) });

export async function findOrder(ctx: TxCtx, by: { orderId: string } | { messageId: string }): Promise<OrderRow | null> {
  const [column, value] = 'orderId' in by ? ['order_id', by.orderId] : ['message_id', by.messageId];
  const [row] = await ctx.tx.query<Read[]>(`select ${ORDER} from payment_orders where agency_id = $1 and ${column} = $2`, [ctx.actor.agency, value]);
  return row ? orderOf(row) : null;
}

export const ORDER_SORTS = ['created', 'partner', 'state', 'payments', 'amount', 'on'] as const;
export type OrderOrder = Order<(typeof ORDER_SORTS)[number]>;
const ORDERS_BY = { created: ['created_at'], partner: ['partner_id'], state: ['state'], payments: ['line_count'], amount: ['currency', 'sum_minor'], on: ['execution_on'] } as const;

export async function selectOrders(ctx: TxCtx, wanted: { partnerId: string | null; order: OrderOrder; limit: number; offset: number }): Promise<{ orders: OrderRow[]; total: number }> {
  const rows = await ctx.tx.query<(Read & { total: number })[]>(
    `select ${ORDER}, count(*) over ()::int as total from payment_orders where agency_id = $1 and ($2::text is null or partner_id = $2) order by ${orderBy(ORDERS_BY, wanted.order, ['created_at desc', 'order_id desc'])} limit $3 offset $4`,
    [ctx.actor.agency, wanted.partnerId, wanted.limit, wanted.offset]);
  return { orders: rows.map(({ total: _, ...row }) => orderOf(row)), total: rows[0]?.total ?? 0 };
}

export async function decideOrder(ctx: TxCtx, orderId: string, state: 'released' | 'withdrawn'): Promise<void> {
  await ctx.tx.query('update payment_orders set state = $3, decided_at = $4, decided_by = $5 where agency_id = $1 and order_id = $2', [ctx.actor.agency, orderId, state, ctx.clock.now(), ctx.actor.id]);
  if (state === 'withdrawn') await freeLines(ctx, orderId, null, 'withdrawn');
}

export async function noteExport(ctx: TxCtx, orderId: string): Promise<void> {
  await ctx.tx.query('update payment_orders set exported_at = $3, exported_by = $4 where agency_id = $1 and order_id = $2 and exported_at is null', [ctx.actor.agency, orderId, ctx.clock.now(), ctx.actor.id]);
}

/** Their disbursements may be ordered again. */
export async function freeLines(ctx: TxCtx, orderId: string, lineNumbers: readonly number[] | null, by: 'withdrawn' | 'rejected'): Promise<void> {
  await ctx.tx.query(
    `update payment_order_lines set freed_at = $3, freed_by = $4 where agency_id = $1 and order_id = $2 and freed_at is null and ($5::int[] is null or line_number = any($5))`,
    [ctx.actor.agency, orderId, ctx.clock.now(), by, lineNumbers]);
}

export interface OrderLine {
  lineNumber: number;
  disbursementId: string;
  caseId: string;
  amountMinor: bigint;
  currency: string;
  freedBy: 'withdrawn' | 'rejected' | null;
  status: string | null;
  reasons: string[];
}

/** The lines of an order, each with what the bank said last. */
export async function selectLines(ctx: TxCtx, orderId: string): Promise<OrderLine[]> {
  const rows = await ctx.tx.query<(Omit<OrderLine, 'amountMinor'> & { amountMinor: string })[]>(
    `select l.line_number as "lineNumber", l.disbursement_id as "disbursementId", l.case_id as "caseId", l.amount_minor as "amountMinor", l.currency, l.freed_by as "freedBy",
            s.status, coalesce(s.reasons, '{}') as reasons
       from payment_order_lines l
       left join lateral (select x.status, x.reasons from payment_order_statuses x where x.agency_id = $1 and x.order_id = $2 and x.line_number = l.line_number
                           order by x.recorded_seq desc limit 1) s on true
      where l.agency_id = $1 and l.order_id = $2 order by l.line_number`,
    [ctx.actor.agency, orderId]);
  return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }));
}

/** Disbursements of an order that are held or settled by now: what must not be paid. */
export async function selectHeldSince(ctx: TxCtx, orderId: string): Promise<string[]> {
  const rows = await ctx.tx.query<{ disbursement_id: string }[]>(
    `select l.disbursement_id from payment_order_lines l
      where l.agency_id = $1 and l.order_id = $2
        and (exists (select from disbursement_holds h where h.agency_id = $1 and h.case_id = l.case_id and h.released_at is null)
          or exists (select from settled_notices n where n.agency_id = $1 and n.disbursement_id = l.disbursement_id)
          or exists (select from line_outcomes o where o.agency_id = $1 and o.disbursement_id = l.disbursement_id and o.kind = 'forwarding' and o.outcome in ('posted', 'returned')))
      order by l.line_number`,
    [ctx.actor.agency, orderId]);
  return rows.map((row) => row.disbursement_id);
}

export interface StatusRow { lineNumber: number; status: string; reasons: readonly string[] }
export interface Heard { orderId: string; fileId: string; bankMessageId: string; reportedAt: string }

/** Whether the very same report was heard before. A number of the bank's alone proves nothing: a second message under it may say more. */
export async function isReportKnown(ctx: TxCtx, heard: Heard): Promise<boolean> {
  const [row] = await ctx.tx.query<{ known: boolean }[]>(
    'select exists (select from payment_order_statuses where agency_id = $1 and file_id = $3 and order_id = $2) as known', [ctx.actor.agency, heard.orderId, heard.fileId]);
  return row?.known ?? false;
}

export async function insertStatuses(ctx: TxCtx, heard: Heard, statuses: readonly StatusRow[]): Promise<void> {
  await ctx.tx.query(
    `insert into payment_order_statuses (agency_id, order_id, line_number, status, reasons, bank_message_id, reported_at, file_id, recorded_at)
     select $1, $2, s."lineNumber", s.status, array(select jsonb_array_elements_text(s.reasons)), $3, $4, $5, $6
       from rows from (jsonb_to_recordset($7::jsonb) as ("lineNumber" int, status text, reasons jsonb)) with ordinality as s ("lineNumber", status, reasons, place) order by s.place`,
    [ctx.actor.agency, heard.orderId, heard.bankMessageId, heard.reportedAt, heard.fileId, ctx.clock.now(), JSON.stringify(statuses)]);
}

export interface OrderStatus { lineNumber: number; status: string; reasons: string[]; reportedAt: string; recordedAt: Date }

export async function selectStatuses(ctx: TxCtx, orderId: string): Promise<OrderStatus[]> {
  return ctx.tx.query<OrderStatus[]>(
    `select line_number as "lineNumber", status, reasons, reported_at as "reportedAt", recorded_at as "recordedAt" from payment_order_statuses
      where agency_id = $1 and order_id = $2 order by recorded_seq`, [ctx.actor.agency, orderId]);
}
