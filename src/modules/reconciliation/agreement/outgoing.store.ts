import type { TxCtx } from '../../../platform/context.ts';
import { orderBy } from '../../../platform/order-by.ts';
import type { Order } from '../../../platform/order-by.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { OPEN_STATES } from './outgoing.rules.ts';
import type { FrozenRate, OutgoingFacts } from './outgoing.rules.ts';

export interface OutgoingRow extends OutgoingFacts {
  readonly disbursementId: string;
  readonly batchId: string;
  readonly caseId: string;
  readonly partnerId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly issuedOn: CalendarDate;
  readonly settledOn: CalendarDate | null;
  readonly pendingSince: CalendarDate | null;
  readonly rate: string | null;
  readonly feeMinor: bigint | null;
  readonly deliveredMinor: bigint | null;
  readonly deliveredCurrency: string | null;
  readonly reference: string | null;
  /** The published rate that was frozen for the line that delivered it; null where none was known. */
  readonly frozen: FrozenRate | null;
  /** What the payee said last, where anybody asked: a code, and the amount as told. */
  readonly payeeSaid: string | null;
  readonly payeeMinor: bigint | null;
  readonly payeeCurrency: string | null;
}

// Only what goes through a partner and whose register has been booked. A set in place of a join: the planner takes the file and the agency of a
// disbursement for independent, expects five rows and looks each of thousands up by itself.
const SENT = `d.agency_id = $1 and d.method = 'consulate' and ($2::text is null or d.partner_id = $2)
   and (d.file_id in (select r.file_id from registered_files r where r.agency_id = $1)) is true`;

// A disbursement that nobody reported has no line.
const SETTLED = `
  from disbursements d
  left join line_outcomes o on o.agency_id = d.agency_id and o.disbursement_id = d.disbursement_id and o.kind = 'forwarding' and o.outcome in ('posted', 'returned')
  left join recovered_disbursements v on v.agency_id = d.agency_id and v.disbursement_id = d.disbursement_id
  left join settled_notices n on n.agency_id = d.agency_id and n.disbursement_id = d.disbursement_id
  left join lateral (select min(x.happened_on) as since from line_outcomes x
     where x.agency_id = d.agency_id and x.disbursement_id = d.disbursement_id and x.kind = 'forwarding' and x.outcome = 'pending') p on true
 where ${SENT}`;

const STATE = `case when o.outcome = 'posted' then 'delivered' when o.outcome = 'returned' or n.disbursement_id is not null then case when v.disbursement_id is null then 'returned' else 'recovered' end
  when p.since is not null then 'pending' else 'in_transit' end`;

type Row = {
  disbursement_id: string; batch_id: string; case_id: string; partner_id: string; amount_minor: string; currency: string; issued_on: string; outcome: 'posted' | 'returned' | null;
  settled_on: string | null; pending_since: string | null; is_recovered: boolean; rate: string | null; fee_minor: string | null; settled_minor: string | null;
  settled_currency: string | null; reference: string | null; payee_said: string | null; payee_minor: string | null; payee_currency: string | null; total: number; frozen_rate: string | null; base: string; quote: string; source: string; quoted_on: string;
};

/** What is counted and paged. What became of each is asked only where the list keeps to some of it; open is what nothing has settled. */
function foundBy(states: readonly string[] | null): string {
  if (states === null) return `from disbursements d where ${SENT} and $3::text[] is null`;
  if (states.length !== OPEN_STATES.length || !OPEN_STATES.every((state) => states.includes(state))) return `${SETTLED} and ${STATE} = any ($3::text[])`;
  return `from disbursements d where ${SENT} and $3::text[] is not null
    and not exists (select from line_outcomes o where o.agency_id = $1 and o.disbursement_id = d.disbursement_id and o.kind = 'forwarding' and o.outcome in ('posted', 'returned'))
    and not exists (select from settled_notices n where n.agency_id = $1 and n.disbursement_id = d.disbursement_id)`;
}

const minor = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

export const OUTGOING_SORTS = ['issued', 'partner', 'amount'] as const;
export type OutgoingOrder = Order<(typeof OUTGOING_SORTS)[number]>;
const OUTGOING_BY = { issued: ['d.issued_on'], partner: ['d.partner_id', 'd.issued_on'], amount: ['d.currency', 'd.amount_minor'] } as const;

/** Disbursements through partners, with what became of them, in the order asked for. */
export async function selectOutgoing(ctx: TxCtx, wanted: { order: OutgoingOrder; partnerId: string | null; states: readonly string[] | null; month: string | null; limit: number; offset: number }): Promise<{ rows: OutgoingRow[]; total: number }> {
  const rows = await ctx.tx.query<Row[]>(
    `select d.disbursement_id, d.batch_id, d.case_id, d.partner_id, d.amount_minor::text, d.currency, d.issued_on::text, coalesce(o.outcome, case when n.disbursement_id is not null then 'returned' end) as outcome,
            coalesce(o.happened_on, n.happened_on)::text as settled_on, p.since::text as pending_since, v.disbursement_id is not null as is_recovered, l.rate::text, l.fee_minor::text, l.settled_minor::text, l.settled_currency, l.reference,
            c.outcome as payee_said, c.amount_minor::text as payee_minor, c.currency as payee_currency, d.total,
            z.rate::text as frozen_rate, z.base, z.quote, z.source, z.quoted_on::text
       from (select d.*, count(*) over ()::int as total ${foundBy(wanted.states)} and ($4::text is null or to_char(d.issued_on, 'YYYY-MM') = $4)
             order by ${orderBy(OUTGOING_BY, wanted.order, ['d.disbursement_id'])} limit $5 offset $6) d
       left join line_outcomes o on o.agency_id = d.agency_id and o.disbursement_id = d.disbursement_id and o.kind = 'forwarding' and o.outcome in ('posted', 'returned')
       left join payment_lines l on l.agency_id = o.agency_id and l.file_id = o.file_id and l.line_number = o.line_number
       left join frozen_rates z on z.agency_id = o.agency_id and z.file_id = o.file_id and z.line_number = o.line_number and z.rate is not null
       left join recovered_disbursements v on v.agency_id = d.agency_id and v.disbursement_id = d.disbursement_id
       left join settled_notices n on n.agency_id = d.agency_id and n.disbursement_id = d.disbursement_id
       left join lateral (select min(x.happened_on) as since from line_outcomes x
          where x.agency_id = d.agency_id and x.disbursement_id = d.disbursement_id and x.kind = 'forwarding' and x.outcome = 'pending') p on true
       left join lateral (select x.outcome, x.amount_minor, x.currency from payee_confirmations x where x.agency_id = d.agency_id and x.disbursement_id = d.disbursement_id
          order by x.confirmed_on desc, x.recorded_at desc, x.confirmation_id desc limit 1) c on true
      order by ${orderBy(OUTGOING_BY, wanted.order, ['d.disbursement_id'])}`,
    [ctx.actor.agency, wanted.partnerId, wanted.states, wanted.month, wanted.limit, wanted.offset],
  );
  return {
    total: rows[0]?.total ?? 0,
    rows: rows.map((r) => ({
      disbursementId: r.disbursement_id, batchId: r.batch_id, caseId: r.case_id, partnerId: r.partner_id, amountMinor: BigInt(r.amount_minor), currency: r.currency,
      issuedOn: r.issued_on as CalendarDate, outcome: r.outcome, isPending: r.pending_since !== null, isRecovered: r.is_recovered, settledOn: r.settled_on as CalendarDate | null,
      pendingSince: r.pending_since as CalendarDate | null, rate: r.rate, feeMinor: minor(r.fee_minor), deliveredMinor: minor(r.settled_minor), deliveredCurrency: r.settled_currency,
      frozen: r.frozen_rate === null ? null : { rate: r.frozen_rate, base: r.base, quote: r.quote, source: r.source, quotedOn: r.quoted_on as CalendarDate },
      reference: r.reference, payeeSaid: r.payee_said, payeeMinor: minor(r.payee_minor), payeeCurrency: r.payee_currency,
    })),
  };
}

export interface OutgoingGroup {
  readonly partnerId: string;
  readonly currency: string;
  readonly state: string;
  readonly issuedOn: CalendarDate;
  readonly count: number;
  readonly amountMinor: bigint;
}

/** Open disbursements by partner, currency, state and day of issue; settled ones by partner, currency and state. */
export async function selectOutgoingGroups(ctx: TxCtx, partnerId: string | null): Promise<OutgoingGroup[]> {
  const rows = await ctx.tx.query<{ partner_id: string; currency: string; state: string; issued_on: string; count: number; amount_minor: string }[]>(
    `select d.partner_id, d.currency, ${STATE} as state, (case when o.outcome is null then d.issued_on else date '1970-01-01' end)::text as issued_on,
            count(*)::int as count, sum(d.amount_minor)::text as amount_minor
       ${SETTLED} group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
    [ctx.actor.agency, partnerId],
  );
  return rows.map((r) => ({ partnerId: r.partner_id, currency: r.currency, state: r.state, issuedOn: r.issued_on as CalendarDate, count: r.count, amountMinor: BigInt(r.amount_minor) }));
}

/** What the ledger says is in transit, by partner and currency. */
export async function selectInTransit(ctx: TxCtx, partnerId: string | null): Promise<Map<string, bigint>> {
  const rows = await ctx.tx.query<{ partner_id: string; currency: string; minor: string }[]>(
    `select a.partner_id, a.currency, sum(b.balance_minor)::text as minor from ledger_balances b join ledger_accounts a on a.agency_id = b.agency_id and a.account_id = b.account_id
      where b.agency_id = $1 and a.account_kind = 'in_transit' and ($2::text is null or a.partner_id = $2) group by 1, 2`,
    [ctx.actor.agency, partnerId],
  );
  return new Map(rows.map((r) => [`${r.partner_id} ${r.currency}`, BigInt(r.minor)]));
}

export interface MonthRow {
  readonly partnerId: string;
  readonly month: string;
  readonly currency: string;
  readonly deliveredCurrency: string;
  readonly count: number;
  readonly sentMinor: bigint;
  /** What partners kept, in the currency sent (as booked) and in the currency delivered (as told). */
  readonly feeBookedMinor: bigint;
  readonly feeMinor: bigint;
  readonly deliveredMinor: bigint;
}

/** Delivered disbursements by partner, month of delivery and pair of currencies. */
export async function selectMonths(ctx: TxCtx, partnerId: string | null): Promise<MonthRow[]> {
  const rows = await ctx.tx.query<{ partner_id: string; month: string; currency: string; settled_currency: string; count: number; sent: string; booked: string; fee: string; delivered: string }[]>(
    `select o.partner_id, to_char(o.happened_on, 'YYYY-MM') as month, o.currency, coalesce(l.settled_currency, o.currency) as settled_currency, count(*)::int as count,
            sum(o.amount_minor)::text as sent, sum(o.fee_minor)::text as booked, coalesce(sum(l.fee_minor), 0)::text as fee, coalesce(sum(l.settled_minor), 0)::text as delivered
       from line_outcomes o join payment_lines l on l.agency_id = o.agency_id and l.file_id = o.file_id and l.line_number = o.line_number
      where o.agency_id = $1 and o.kind = 'forwarding' and o.outcome = 'posted' and ($2::text is null or o.partner_id = $2)
      group by 1, 2, 3, 4 order by 2 desc, 1, 3, 4 limit 1000`,
    [ctx.actor.agency, partnerId],
  );
  return rows.map((r) => ({
    partnerId: r.partner_id, month: r.month, currency: r.currency, deliveredCurrency: r.settled_currency, count: r.count, sentMinor: BigInt(r.sent),
    feeBookedMinor: BigInt(r.booked), feeMinor: BigInt(r.fee), deliveredMinor: BigInt(r.delivered),
  }));
}

export interface ReceiptRow {
  readonly postingId: string;
  readonly caseId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly receivedOn: CalendarDate;
  readonly proposedAt: Date;
  readonly status: string;
  readonly processedOn: CalendarDate | null;
}

/** Collections that are on their way to the State's case system, the earliest receipt first; answered ones only from a day on. */
export async function selectReceipts(ctx: TxCtx, wanted: { answeredSince: CalendarDate; limit: number; offset: number }): Promise<{ rows: ReceiptRow[]; total: number; unidentified: number }> {
  const rows = await ctx.tx.query<{ posting_id: string; case_id: string; amount_minor: string; currency: string; received_on: string; proposed_at: Date; status: string; processed_on: string | null; total: number }[]>(
    `with found as materialized (
       select p.posting_id, p.status = 'accepted' as is_accepted, p.received_on from posting_proposals p
        where p.agency_id = $1 and p.reversal_of is null and p.status <> 'withdrawn' and (p.status <> 'accepted' or p.processed_on >= $2::date)
          and not exists (select from posting_proposals w where w.agency_id = $1 and w.reversal_of = p.posting_id)),
     picked as materialized (select posting_id, is_accepted, received_on from found order by is_accepted, received_on, posting_id limit $3 offset $4)
     select p.posting_id, p.case_id, p.amount_minor::text, p.currency, p.received_on::text, p.proposed_at, p.status, p.processed_on::text, (select count(*) from found)::int as total
       from picked f join posting_proposals p on p.agency_id = $1 and p.posting_id = f.posting_id
      order by f.is_accepted, f.received_on, f.posting_id`,
    [ctx.actor.agency, wanted.answeredSince, wanted.limit, wanted.offset],
  );
  const [waiting] = await ctx.tx.query<{ lines: number }[]>(
    "select count(*)::int as lines from line_outcomes where agency_id = $1 and kind = 'remittance' and outcome = 'suspense'", [ctx.actor.agency]);
  return {
    total: rows[0]?.total ?? 0, unidentified: waiting?.lines ?? 0,
    rows: rows.map((r) => ({
      postingId: r.posting_id, caseId: r.case_id, amountMinor: BigInt(r.amount_minor), currency: r.currency, receivedOn: r.received_on as CalendarDate, proposedAt: r.proposed_at,
      status: r.status, processedOn: r.processed_on as CalendarDate | null,
    })),
  };
}
