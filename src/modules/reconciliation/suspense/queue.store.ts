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

type Row = Omit<QueueRow, 'amountMinor'> & { readonly amountMinor: string | null; readonly total: number };

export type QueueFilter = {
  readonly kind: ItemKind | null;
  readonly partnerId: string | null;
  readonly show: 'open' | 'mine' | 'held' | 'proposed' | 'all';
  readonly bucket: BucketLimits | null;
  readonly today: string;
};

export const QUEUE_SORTS = ['since', 'amount', 'partner', 'kind'] as const;
export type QueueSort = { readonly by: (typeof QUEUE_SORTS)[number]; readonly isDescending: boolean };

/** Amounts of different currencies are not compared: the currency stands first. */
const SORTED_BY: Readonly<Record<QueueSort['by'], readonly string[]>> = {
  since: ['q.since_on'], amount: ['q.currency', 'q.amount_minor'], partner: ['q.partner_id', 'q.since_on'], kind: ['q.kind', 'q.since_on'],
};
const orderOf = ({ by, isDescending }: QueueSort): string => [...SORTED_BY[by].map((column) => `${column} ${isDescending ? 'desc nulls last' : 'nulls last'}`), 'q.item_key'].join(', ');

// $1 agency, $2 the office's time zone. Rejected lines are looked at where their money has come: it is in suspense as well.
const ITEMS = `
  select 'line-' || o.file_id || '-' || o.line_number as item_key, 'line' as kind, o.partner_id, f.file_name, o.line_number, l.reference, o.kind as line_kind, o.outcome, o.reasons, o.candidate_case_id,
         array_remove(array[nullif(l.payee_name, ''), nullif(l.obligor_name, ''), nullif(l.obligee_name, '')], null) as names,
         case o.kind when 'remittance' then l.settled_minor else l.amount_minor end as amount_minor,
         case o.kind when 'remittance' then coalesce(l.settled_currency, 'USD') else l.currency end as currency,
         m.received_on, coalesce(m.received_on, (f.imported_at at time zone $2)::date) as since_on, o.reasons @> '{decided.return_ordered}' as is_return_ordered
    from line_outcomes o
    join payment_lines l on l.agency_id = o.agency_id and l.file_id = o.file_id and l.line_number = o.line_number
    join received_files f on f.agency_id = o.agency_id and f.file_id = o.file_id
    left join lateral (select t.state, coalesce(c.booked_on, c.value_on) as received_on from transfer_states t left join bank_credits c on c.agency_id = $1 and c.credit_id = t.credit_id
                        where t.agency_id = $1 and t.partner_id = o.partner_id and t.transfer = ${NORMAL('l.transfer_reference')} and o.kind = 'remittance' limit 1) m on true
   where o.agency_id = $1 and o.outcome in ('suspense', 'rejected') and (o.outcome = 'suspense' or (o.outcome = 'rejected' and o.kind = 'remittance' and m.state in ('agrees', 'differs')))
  union all
  select 'credit-' || c.credit_id, 'credit', o.partner_id, f.file_name, null, c.entry_ref, null, o.outcome, o.reasons, null, '{}', c.amount_minor, c.currency,
         coalesce(c.booked_on, c.value_on), coalesce(c.booked_on, c.value_on, (f.imported_at at time zone $2)::date),
         exists (select from suspense_returns r where r.agency_id = $1 and r.credit_id = c.credit_id and r.state = 'ordered')
    from bank_credit_outcomes o join bank_credits c on c.agency_id = o.agency_id and c.credit_id = o.credit_id
    join received_files f on f.agency_id = c.agency_id and f.file_id = c.file_id
   where o.agency_id = $1 and o.outcome = 'unmatched' and o.reasons[1] is distinct from 'recovery.agrees'
     and not exists (select from taken_back_credits b where b.agency_id = $1 and b.credit_id = c.credit_id)
     and not exists (select from suspense_returns r where r.agency_id = $1 and r.credit_id = c.credit_id and r.state = 'sent')
  union all
  select 'debit-' || c.credit_id, 'debit', o.partner_id, f.file_name, null, c.entry_ref, null, o.outcome, o.reasons, null, '{}', c.amount_minor, c.currency,
         null, coalesce(c.booked_on, c.value_on, (f.imported_at at time zone $2)::date), false
    from bank_debit_outcomes o join bank_credits c on c.agency_id = o.agency_id and c.credit_id = o.debit_id
    join received_files f on f.agency_id = c.agency_id and f.file_id = c.file_id
   where o.agency_id = $1 and o.outcome = 'unexplained'`;

const SHOWN: Readonly<Record<QueueFilter['show'], string>> = {
  open: '(i.held_until is null or i.held_until <= $6::date) and d.decision_id is null',
  mine: 'i.claimed_by = $7 and i.claimed_until > $8',
  held: 'i.held_until > $6::date',
  proposed: 'd.decision_id is not null',
  all: 'true',
};

// $3 kind, $4 partner, $5 bucket, $6 today, $7 actor, $8 now.
const FOUND = (show: QueueFilter['show']): string => `
       from item q
       left join suspense_items i on i.agency_id = $1 and i.item_key = q.item_key
       left join suspense_decisions d on d.agency_id = $1 and d.item_key = q.item_key and d.state = 'proposed'
      where ($3::text is null or q.kind = $3) and ($4::text is null or q.partner_id = $4)
        and ($5::jsonb is null or (q.since_on >= coalesce(($5::jsonb ->> 'from')::date, '-infinity') and q.since_on <= coalesce(($5::jsonb ->> 'to')::date, 'infinity')))
        and not (i.seen_to_at is not null and q.kind <> 'line' and i.seen_to_state is not distinct from q.reasons[1])
        and $6::date is not null and $7::text is not null and $8::timestamptz is not null and ${SHOWN[show]}`;

const valuesOf = (ctx: TxCtx, timeZone: string, wanted: QueueFilter): unknown[] =>
  [ctx.actor.agency, timeZone, wanted.kind, wanted.partnerId, wanted.bucket === null ? null : JSON.stringify(wanted.bucket), wanted.today, ctx.actor.id, ctx.clock.now()];

/** The item that follows another one in the list, or goes before it; only one that nobody else works on. Null at the end. */
export async function selectNeighbour(ctx: TxCtx, timeZone: string, wanted: QueueFilter, from: { readonly itemKey: string; readonly sort: QueueSort; readonly isBack: boolean }): Promise<string | null> {
  const [row] = await ctx.tx.query<{ itemKey: string }[]>(
    `with item as (${ITEMS}),
     ordered as (select q.item_key, row_number() over (order by ${orderOf(from.sort)}) as place, coalesce(i.claimed_until > $8 and i.claimed_by <> $7, false) as is_taken ${FOUND(wanted.show)})
     select o.item_key as "itemKey" from ordered o left join ordered h on h.item_key = $9
      where o.item_key <> $9 and not o.is_taken and (h.place is null or o.place ${from.isBack ? '<' : '>'} h.place) order by o.place ${from.isBack ? 'desc' : ''} limit 1`,
    [...valuesOf(ctx, timeZone, wanted), from.itemKey]);
  return row?.itemKey ?? null;
}

export type QueuePart = { readonly sort: QueueSort; readonly limit: number; readonly offset: number };

/** What waits for people, in the order asked for. */
export async function selectQueue(ctx: TxCtx, timeZone: string, wanted: QueueFilter, part: QueuePart): Promise<{ rows: QueueRow[]; total: number }> {
  const rows = await ctx.tx.query<Row[]>(
    `with item as (${ITEMS})
     select q.item_key as "itemKey", q.kind, q.partner_id as "partnerId", q.file_name as "fileName", q.line_number as "lineNumber", q.reference, q.names, q.line_kind as "lineKind", q.outcome, q.reasons,
            q.candidate_case_id as "candidateCaseId", q.amount_minor as "amountMinor", q.currency, q.received_on::text as "receivedOn", q.since_on::text as "sinceOn",
            case when i.claimed_until > $8 then i.claimed_by end as "claimedBy", case when i.claimed_until > $8 then i.claimed_until end as "claimedUntil",
            i.held_until::text as "heldUntil", d.decision_id as proposal, d.proposed_by as "proposedBy", q.is_return_ordered as "isReturnOrdered", count(*) over ()::int as total
       ${FOUND(wanted.show)}
      order by ${orderOf(part.sort)} limit $9 offset $10`,
    [...valuesOf(ctx, timeZone, wanted), part.limit, part.offset],
  );
  return { rows: rows.map(({ total: _, ...r }) => ({ ...r, amountMinor: r.amountMinor === null ? null : BigInt(r.amountMinor) })), total: rows[0]?.total ?? 0 };
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
