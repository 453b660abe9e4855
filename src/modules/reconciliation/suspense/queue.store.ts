import type { TxCtx } from '../../../platform/context.ts';
import { NORMAL } from '../bank/transfer.store.ts';
import type { BucketLimits, ItemKind } from './suspense.rules.ts';

export type QueueRow = {
  readonly itemKey: string;
  readonly kind: ItemKind;
  readonly partnerId: string | null;
  readonly fileName: string;
  readonly lineNumber: number | null;
  readonly reference: string;
  readonly names: readonly string[];
  readonly lineKind: 'forwarding' | 'remittance' | null;
  readonly outcome: string;
  readonly reasons: readonly string[];
  readonly candidateCaseId: string | null;
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
  /** When the money was received; null where none is (yet). */
  readonly receivedOn: string | null;
  /** The day from which it is old: of the money, else of the file. */
  readonly sinceOn: string;
  readonly claimedBy: string | null;
  readonly claimedUntil: Date | null;
  readonly heldUntil: string | null;
  readonly proposal: string | null;
  readonly proposedBy: string | null;
  readonly isReturnOrdered: boolean;
};

type Row = Omit<QueueRow, 'amountMinor'> & { readonly amountMinor: string | null; readonly total: number; readonly sums: readonly (readonly [QueueSum['kind'], string, string])[] | null };

export type QueueFilter = {
  readonly kind: ItemKind | null;
  readonly partnerId: string | null;
  readonly show: 'open' | 'mine' | 'held' | 'proposed' | 'all';
  readonly bucket: BucketLimits | null;
  readonly today: string;
  /** Part of a name, or of a reference or case number, without marks and in small letters. */
  readonly search?: string | null;
  /** These items and no others. */
  readonly itemKeys?: readonly string[] | null;
};

export const QUEUE_SORTS = ['since', 'amount', 'partner', 'kind'] as const;
export type QueueSort = { readonly by: (typeof QUEUE_SORTS)[number]; readonly isDescending: boolean };

/** Amounts of different currencies are not compared: the currency stands first. */
const SORTED_BY: Readonly<Record<QueueSort['by'], readonly string[]>> = {
  since: ['q.since_on'], amount: ['q.currency', 'q.amount_minor'], partner: ['q.partner_id', 'q.since_on'], kind: ['q.kind', 'q.since_on'],
};
const orderOf = ({ by, isDescending }: QueueSort): string => [...SORTED_BY[by].map((column) => `${column} ${isDescending ? 'desc nulls last' : 'nulls last'}`), 'q.item_key'].join(', ');

const PLAIN = (text: string): string => `regexp_replace(normalize(lower(${text}), NFKD), '[\\u0300-\\u036f]', '', 'g')`;
/** Part of any of these texts, where anything is looked for ($9). */
const LOOKED_FOR = (texts: string): string => `($9::text is null or exists (select from unnest(array[${texts}]) n (text) where strpos(${PLAIN('n.text')}, $9) > 0))`;

// $1 agency, $2 the office's time zone, $3 kind, $4 partner, $9 what is looked for. Of each item only what it is found and sorted by. Rejected lines are looked at where their
// money has come: it is in suspense as well. Money is looked up once for a transfer of a list, however many of its lines wait; lines are gathered into
// arrays for that, because a join back to them would be planned for one row and compare each with each.
const ITEMS = `
  waiting as materialized (
    select o.partner_id, o.file_id, o.kind as line_kind, o.line_number, o.outcome, case o.kind when 'remittance' then l.transfer_reference end as printed,
           case o.kind when 'remittance' then l.settled_minor else l.amount_minor end as amount_minor,
           case o.kind when 'remittance' then coalesce(l.settled_currency, 'USD') else l.currency end as currency
      from line_outcomes o
      join payment_lines l on l.agency_id = o.agency_id and l.file_id = o.file_id and l.line_number = o.line_number
     where o.agency_id = $1 and o.outcome in ('suspense', 'rejected') and (o.outcome = 'suspense' or o.kind = 'remittance')
       and ($3::text is null or $3 = 'line') and ($4::text is null or o.partner_id = $4)
       and ${LOOKED_FOR('l.reference, o.candidate_case_id, l.payee_name, l.obligor_name, l.obligee_name')}),
  gathered as materialized (
    select partner_id, file_id, line_kind, printed, array_agg(line_number) as line_numbers, array_agg(outcome) as outcomes, array_agg(amount_minor) as minors, array_agg(currency) as currencies
      from waiting group by 1, 2, 3, 4),
  item as (
    select 'line-' || g.file_id || '-' || x.line_number as item_key, 'line' as kind, g.line_kind, g.partner_id, g.file_id, x.line_number, null as credit_id, null as outcome, null::text[] as reasons,
           x.amount_minor, x.currency, m.received_on, coalesce(m.received_on, (f.imported_at at time zone $2)::date) as since_on
      from gathered g
      join received_files f on f.agency_id = $1 and f.file_id = g.file_id
      left join lateral (select t.state, coalesce(c.booked_on, c.value_on) as received_on from transfer_states t left join bank_credits c on c.agency_id = $1 and c.credit_id = t.credit_id
                          where t.agency_id = $1 and t.partner_id = g.partner_id and t.transfer = ${NORMAL('g.printed')} limit 1) m on true
     cross join lateral unnest(g.line_numbers, g.outcomes, g.minors, g.currencies) as x (line_number, outcome, amount_minor, currency)
     where x.outcome = 'suspense' or m.state in ('agrees', 'differs')
    union all
    select 'credit-' || c.credit_id, 'credit', 'credit', o.partner_id, c.file_id, null, c.credit_id, o.outcome, o.reasons, c.amount_minor, c.currency,
           coalesce(c.booked_on, c.value_on), coalesce(c.booked_on, c.value_on, (f.imported_at at time zone $2)::date)
      from bank_credit_outcomes o join bank_credits c on c.agency_id = o.agency_id and c.credit_id = o.credit_id
      join received_files f on f.agency_id = c.agency_id and f.file_id = c.file_id
     where o.agency_id = $1 and o.outcome = 'unmatched' and o.reasons[1] is distinct from 'recovery.agrees'
       and not exists (select from taken_back_credits b where b.agency_id = $1 and b.credit_id = c.credit_id)
       and not exists (select from suspense_returns r where r.agency_id = $1 and r.credit_id = c.credit_id and r.state = 'sent') and ${LOOKED_FOR('c.entry_ref')}
    union all
    select 'debit-' || c.credit_id, 'debit', 'debit', o.partner_id, c.file_id, null, c.credit_id, o.outcome, o.reasons, c.amount_minor, c.currency,
           null, coalesce(c.booked_on, c.value_on, (f.imported_at at time zone $2)::date)
      from bank_debit_outcomes o join bank_credits c on c.agency_id = o.agency_id and c.credit_id = o.debit_id
      join received_files f on f.agency_id = c.agency_id and f.file_id = c.file_id
     where o.agency_id = $1 and o.outcome = 'unexplained' and ${LOOKED_FOR('c.entry_ref')})`;

const PROPOSED = "select d.item_key from suspense_decisions d where d.agency_id = $1 and d.state = 'proposed'";

const SHOWN: Readonly<Record<QueueFilter['show'], string>> = {
  open: `(i.held_until is null or i.held_until <= $6::date) and q.item_key not in (${PROPOSED})`,
  mine: 'i.claimed_by = $7 and i.claimed_until > $8',
  held: 'i.held_until > $6::date',
  proposed: `q.item_key in (${PROPOSED})`,
  all: 'true',
};

// $5 bucket, $6 today, $7 actor, $8 now, $9 what is looked for, $10 these items only.
const FOUND = (show: QueueFilter['show']): string => `
       from item q
       left join suspense_items i on i.agency_id = $1 and i.item_key = q.item_key
      where ($3::text is null or q.kind = $3) and ($4::text is null or q.partner_id = $4)
        and ($5::jsonb is null or (q.since_on >= coalesce(($5::jsonb ->> 'from')::date, '-infinity') and q.since_on <= coalesce(($5::jsonb ->> 'to')::date, 'infinity')))
        and not (i.seen_to_at is not null and q.kind <> 'line' and i.seen_to_state is not distinct from q.reasons[1])
        and ($10::text[] is null or q.item_key = any($10)) and $6::date is not null and $7::text is not null and $8::timestamptz is not null and ${SHOWN[show]}`;

const valuesOf = (ctx: TxCtx, timeZone: string, wanted: QueueFilter): unknown[] =>
  [ctx.actor.agency, timeZone, wanted.kind, wanted.partnerId, wanted.bucket === null ? null : JSON.stringify(wanted.bucket), wanted.today, ctx.actor.id, ctx.clock.now(), wanted.search ?? null, wanted.itemKeys ?? null];

/** The item that follows another one in the list, or goes before it; only one that nobody else works on. Null at the end. */
export async function selectNeighbour(ctx: TxCtx, timeZone: string, wanted: QueueFilter, from: { readonly itemKey: string; readonly sort: QueueSort; readonly isBack: boolean }): Promise<string | null> {
  const [row] = await ctx.tx.query<{ itemKey: string }[]>(
    `with ${ITEMS},
     ordered as materialized (select q.item_key, row_number() over (order by ${orderOf(from.sort)}) as place, coalesce(i.claimed_until > $8 and i.claimed_by <> $7, false) as is_taken ${FOUND(wanted.show)})
     select o.item_key as "itemKey" from ordered o
      where o.item_key <> $11 and not o.is_taken and (o.place ${from.isBack ? '<' : '>'} (select h.place from ordered h where h.item_key = $11)) is not false order by o.place ${from.isBack ? 'desc' : ''} limit 1`,
    [...valuesOf(ctx, timeZone, wanted), from.itemKey]);
  return row?.itemKey ?? null;
}

export type QueuePart = { readonly sort: QueueSort; readonly limit: number; readonly offset: number };

/** `forwarding`: reports of what became of money that was sent; they bring none themselves. */
export type QueueSum = { readonly kind: 'remittance' | 'forwarding' | 'credit' | 'debit'; readonly currency: string; readonly minor: bigint };

/** What waits for people, in the order asked for; how much it all comes to, by currency, is told with it. */
export async function selectQueue(ctx: TxCtx, timeZone: string, wanted: QueueFilter, part: QueuePart): Promise<{ rows: QueueRow[]; total: number; sums: QueueSum[] }> {
  const rows = await ctx.tx.query<Row[]>(
    `with ${ITEMS},
     found as materialized (select q.*, i.claimed_by, i.claimed_until, i.held_until ${FOUND(wanted.show)}),
     summed as (select jsonb_agg(jsonb_build_array(line_kind, currency, minor) order by line_kind desc, currency) as sums from (select line_kind, currency, sum(amount_minor)::text as minor from found where amount_minor is not null and currency is not null group by 1, 2) s),
     picked as materialized (
       select q.*, count(*) over ()::int as total, row_number() over (order by ${orderOf(part.sort)}) as place from found q
        order by ${orderOf(part.sort)} limit $11 offset $12)
     select q.item_key as "itemKey", q.kind, q.partner_id as "partnerId", f.file_name as "fileName", q.line_number as "lineNumber", case q.kind when 'line' then l.reference else c.entry_ref end as reference,
            case q.kind when 'line' then array_remove(array[nullif(l.payee_name, ''), nullif(l.obligor_name, ''), nullif(l.obligee_name, '')], null) else '{}' end as names,
            o.kind as "lineKind", coalesce(q.outcome, o.outcome) as outcome, coalesce(q.reasons, o.reasons) as reasons,
            o.candidate_case_id as "candidateCaseId", q.amount_minor as "amountMinor", q.currency, q.received_on::text as "receivedOn", q.since_on::text as "sinceOn",
            case when q.claimed_until > $8 then q.claimed_by end as "claimedBy", case when q.claimed_until > $8 then q.claimed_until end as "claimedUntil",
            q.held_until::text as "heldUntil", d.decision_id as proposal, d.proposed_by as "proposedBy",
            case q.kind when 'line' then o.reasons @> '{decided.return_ordered}'
              when 'credit' then exists (select from suspense_returns r where r.agency_id = $1 and r.credit_id = q.credit_id and r.state = 'ordered') else false end as "isReturnOrdered", q.total, s.sums
       from picked q
       cross join summed s
       join received_files f on f.agency_id = $1 and f.file_id = q.file_id
       left join line_outcomes o on o.agency_id = $1 and o.file_id = q.file_id and o.line_number = q.line_number
       left join payment_lines l on l.agency_id = $1 and l.file_id = q.file_id and l.line_number = q.line_number
       left join bank_credits c on c.agency_id = $1 and c.credit_id = q.credit_id
       left join suspense_decisions d on d.agency_id = $1 and d.item_key = q.item_key and d.state = 'proposed'
      order by q.place`,
    [...valuesOf(ctx, timeZone, wanted), part.limit, part.offset],
  );
  return {
    rows: rows.map(({ total: _, sums: __, ...r }) => ({ ...r, amountMinor: r.amountMinor === null ? null : BigInt(r.amountMinor) })), total: rows[0]?.total ?? 0,
    sums: (rows[0]?.sums ?? []).map(([kind, currency, minor]) => ({ kind, currency, minor: BigInt(minor) })),
  };
}

export type SuspenseSum = { readonly partnerId: string; readonly currency: string; readonly minor: bigint; readonly transfers: number };

/**
 * What lies in suspense by lists and bank, transfer by transfer: the credits that came for it and are still there, with the fee by which they fell
 * short, less what of its lines was booked or went back.
 */
export async function selectSuspenseSums(ctx: TxCtx, feeOf: string, bookedCredits: string): Promise<SuspenseSum[]> {
  const rows = await ctx.tx.query<(Omit<SuspenseSum, 'minor'> & { minor: string })[]>(
    `with booked as (${bookedCredits}),
     open_credit as materialized (
       select b.partner_id, b.transfer, b.currency, sum(b.amount_minor) as minor from booked b
        where not exists (select from taken_back_credits k where k.agency_id = $1 and k.credit_id = b.credit_id)
          and not exists (select from suspense_returns r where r.agency_id = $1 and r.credit_id = b.credit_id and r.state = 'sent')
        group by 1, 2, 3),
     rest as (
       select c.partner_id, c.currency, c.minor + coalesce((select ${feeOf} from transfer_states s where s.agency_id = $1 and s.partner_id = c.partner_id and s.transfer = c.transfer), 0)
              - coalesce((select sum(o.amount_minor) from transfer_states s cross join lateral unnest(s.printed) as p (printed)
                   join payment_lines l on l.agency_id = $1 and l.transfer_reference = p.printed and l.partner_id = s.partner_id and l.kind = 'remittance'
                   join line_outcomes o on o.agency_id = $1 and o.file_id = l.file_id and o.line_number = l.line_number and o.outcome in ('posted', 'returned')
                  where s.agency_id = $1 and s.partner_id = c.partner_id and s.transfer = c.transfer), 0) as minor
         from open_credit c)
     select partner_id as "partnerId", currency, sum(minor)::text as minor, count(*)::int as transfers from rest where minor <> 0 group by 1, 2 order by 1, 2`,
    [ctx.actor.agency],
  );
  return rows.map((r) => ({ ...r, minor: BigInt(r.minor) }));
}
