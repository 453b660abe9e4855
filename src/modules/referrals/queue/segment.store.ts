import type { TxCtx } from '../../../platform/context.ts';

/** A segment with its parameters as the database takes them. */
export type SegmentQuery =
  | { readonly kind: 'payment'; readonly standing: 'full' | 'partial' | 'none'; readonly months: number }
  | { readonly kind: 'no_acknowledgment'; readonly sentBefore: Date }
  | { readonly kind: 'no_address' }
  | { readonly kind: 'arrears_over'; readonly amountMinor: bigint; readonly currency: string; readonly buckets: readonly string[] };

/** A case in a segment. Of the amounts those stand here that the segment is about. */
export interface SegmentRow {
  readonly caseId: string;
  readonly county: string;
  readonly referralId: string | null;
  readonly chargedMinor: bigint | null;
  readonly paidMinor: bigint | null;
  readonly arrearsMinor: bigint | null;
  readonly currency: string | null;
  readonly since: string | null;
}

// In which the cases of a segment give these columns, whatever it is about.
const NONE = { charged: 'null::bigint', paid: 'null::bigint', arrears: 'null::bigint', currency: 'null::text', since: 'null::date', referral: 'null::text' };
const columns = (given: Partial<typeof NONE>): string => {
  const all = { ...NONE, ...given };
  return `c.case_id, c.county, ${all.referral} as referral_id, ${all.charged} as charged, ${all.paid} as paid, ${all.arrears} as arrears, ${all.currency} as currency, ${all.since} as since`;
};
const OPEN_CASES = "c.agency_id = $1 and c.status = 'open'";
const STANDING = 'support_cases c join case_standing s on s.agency_id = c.agency_id and s.case_id = c.case_id';
const HAS_ARREARS = `exists (select from case_balances b where b.agency_id = c.agency_id and b.case_id = c.case_id
  and b.bucket in ('arrears_unassigned', 'arrears_assigned', 'interest') and b.amount_minor > 0)`;
// Where support falls due, it is measured by what was paid of it; where only arrears are left, by whether anything was paid.
const PAYMENT = {
  full: 'f.charged > 0 and f.paid_current >= f.charged',
  partial: `(f.charged > 0 and f.paid > 0 and f.paid_current < f.charged) or (f.charged = 0 and f.paid > 0 and ${HAS_ARREARS})`,
  none: `(f.charged > 0 and f.paid = 0) or (f.charged = 0 and f.paid = 0 and ${HAS_ARREARS})`,
};

/** The cases of a segment, as a query whose first parameter is the agency; its own parameters are added to `values`. */
export function segmentSql(segment: SegmentQuery, values: unknown[]): string {
  const bind = (value: unknown): string => `$${values.push(value)}`;
  switch (segment.kind) {
    case 'payment': {
      const months = bind(segment.months);
      const sum = (column: string): string => `(select coalesce(sum(v), 0)::bigint from unnest(s.${column}[1:${months}::int]) v)`;
      return `select ${columns({ charged: 'f.charged', paid: 'f.paid', currency: 's.currency' })}
        from ${STANDING} cross join lateral (select ${sum('charged')} as charged, ${sum('paid')} as paid, ${sum('paid_current')} as paid_current) f
        where ${OPEN_CASES} and s.through_month is not null and (${PAYMENT[segment.standing]})`;
    }
    case 'no_acknowledgment':
      return `select ${columns({ referral: 'c.referral_id', since: "(c.sent_at at time zone 'America/Los_Angeles')::date" })} from referrals c
        where c.agency_id = $1 and c.direction = 'outgoing' and c.status in ('sent', 'delivered', 'forwarded') and c.sent_at < ${bind(segment.sentBefore)}`;
    case 'no_address':
      return `select ${columns({})} from ${STANDING} where ${OPEN_CASES} and not s.has_debtor_address`;
    case 'arrears_over': {
      const [buckets, currency] = [bind(segment.buckets), bind(segment.currency)];
      return `select ${columns({ arrears: 'b.sum', currency: `${currency}::text` })} from support_cases c
        cross join lateral (select sum(amount_minor)::bigint as sum from case_balances b
               where b.agency_id = c.agency_id and b.case_id = c.case_id and b.bucket = any(${buckets}) and b.currency = ${currency}) b
        where ${OPEN_CASES} and b.sum > ${bind(segment.amountMinor)}`;
    }
  }
}

const WITHOUT_FIGURES = `select c.county from support_cases c where ${OPEN_CASES}
  and not exists (select from case_standing s where s.agency_id = c.agency_id and s.case_id = c.case_id)`;

interface RawRow { case_id: string; county: string; referral_id: string | null; charged: string | null; paid: string | null; arrears: string | null; currency: string | null; since: string | null }

const big = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

/** Where a page of a segment begins: behind a row, or so many rows on. */
export interface SegmentPlace { readonly behind: { readonly caseId: string; readonly referralId: string | null } | null; readonly offset: number; readonly limit: number }

/** The cases of a segment, found now; of a segment that is large the first are found at once. */
export async function selectSegment(ctx: TxCtx, segment: SegmentQuery, place: SegmentPlace): Promise<SegmentRow[]> {
  const values: unknown[] = [ctx.actor.agency];
  return pageOf(ctx, segmentSql(segment, values), values, place);
}

async function pageOf(ctx: TxCtx, sql: string, values: unknown[], { behind, offset, limit }: SegmentPlace): Promise<SegmentRow[]> {
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const from = behind === null ? '' : `where (case_id, coalesce(referral_id, '')) > (${bind(behind.caseId)}, ${bind(behind.referralId ?? '')})`;
  // The first comparison is what an index can begin at.
  const begin = behind === null ? '' : ` and case_id >= ${bind(behind.caseId)}`;
  const rows = await ctx.tx.query<RawRow[]>(
    `select case_id, county, referral_id, charged, paid, arrears, currency, since::text as since from (${sql}) s ${from}${begin}
      order by case_id, referral_id offset ${bind(behind === null ? offset : 0)} limit ${bind(limit)}`, values);
  return rows.map((row) => ({
    caseId: row.case_id, county: row.county, referralId: row.referral_id, chargedMinor: big(row.charged), paidMinor: big(row.paid),
    arrearsMinor: big(row.arrears), currency: row.currency, since: row.since,
  }));
}

export async function countSegmentNow(ctx: TxCtx, segment: SegmentQuery): Promise<number> {
  const values: unknown[] = [ctx.actor.agency];
  const [row] = await ctx.tx.query<{ total: string }[]>(`select count(*) as total from (${segmentSql(segment, values)}) s`, values);
  return Number(row?.total ?? 0);
}

/** Of a county's segment that has no more cases than this, the cases themselves are kept; of a larger one the first are found at once. */
export const KEPT_CASES_MAX = 2_000;

export interface KeptCount { readonly total: number; readonly withoutFigures: number; readonly countedAt: Date }

/** How many cases of the actor's counties a segment had when it was counted last; null where it never was. */
export async function keptCount(ctx: TxCtx, segmentId: string): Promise<KeptCount | null> {
  const [row] = await ctx.tx.query<{ countedAt: Date; total: string; withoutFigures: string }[]>(
    `select t.counted_at as "countedAt",
            (select coalesce(sum(count), 0) from work_figures where agency_id = $1 and figure = 'segment' and key = $2) as total,
            (select coalesce(sum(count), 0) from work_figures where agency_id = $1 and figure = 'without_figures') as "withoutFigures"
       from work_figure_times t where t.agency_id = $1 and t.part = $3`, [ctx.actor.agency, segmentId, partOf(segmentId)]);
  return row ? { total: Number(row.total), withoutFigures: Number(row.withoutFigures), countedAt: row.countedAt } : null;
}

const partOf = (segmentId: string): string => `segment ${segmentId}`;

/** The cases of a small segment, as they were counted last. */
export async function selectKept(ctx: TxCtx, segmentId: string, place: SegmentPlace): Promise<SegmentRow[]> {
  return pageOf(ctx, 'select * from segment_cases where agency_id = $1 and segment_id = $2', [ctx.actor.agency, segmentId], place);
}

/** Counts a segment by county, and keeps its cases where they are few. */
export async function keepSegment(ctx: TxCtx, segmentId: string, segment: SegmentQuery): Promise<void> {
  const values: unknown[] = [ctx.actor.agency];
  const sql = segmentSql(segment, values);
  const id = `$${values.push(segmentId)}`;
  await ctx.tx.query(
    `with s as materialized (${sql}), counted as (select county, count(*) as count from s group by county),
          told as (insert into work_figures (agency_id, county, figure, partner_id, key, part, count) select $1, county, 'segment', '', ${id}, '', count from counted)
     insert into segment_cases (agency_id, segment_id, county, case_id, referral_id, charged, paid, arrears, currency, since)
     select $1, ${id}, s.county, s.case_id, s.referral_id, s.charged, s.paid, s.arrears, s.currency, s.since from s join counted using (county) where counted.count <= ${KEPT_CASES_MAX}`, values);
  await ctx.tx.query(
    'insert into work_figure_times (agency_id, part, counted_at) values ($1, $2, $3) on conflict (agency_id, part) do update set counted_at = excluded.counted_at', [ctx.actor.agency, partOf(segmentId), ctx.clock.now()]);
}

/** What was kept of segments goes, to be counted anew. */
export async function dropKept(ctx: TxCtx): Promise<void> {
  await ctx.tx.query('delete from segment_cases where agency_id = $1', [ctx.actor.agency]);
  await ctx.tx.query(`delete from work_figure_times where agency_id = $1 and part like 'segment %'`, [ctx.actor.agency]);
}

/** How many open cases of each county have no figures yet. */
export async function keepWithoutFigures(ctx: TxCtx): Promise<void> {
  await ctx.tx.query(`insert into work_figures (agency_id, county, figure, partner_id, key, part, count) select $1, county, 'without_figures', '', '', '', count(*) from (${WITHOUT_FIGURES}) c group by county`, [ctx.actor.agency]);
}

/** How many open cases have no figures yet, because they came in before figures were made: they are in no segment that needs them. */
export async function countWithoutFigures(ctx: TxCtx): Promise<number> {
  const [row] = await ctx.tx.query<{ total: string }[]>(`select count(*) as total from (${WITHOUT_FIGURES}) c`, [ctx.actor.agency]);
  return Number(row?.total ?? 0);
}
