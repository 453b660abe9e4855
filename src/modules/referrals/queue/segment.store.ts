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
        join (select agency_id, case_id, sum(amount_minor)::bigint as sum from case_balances
               where agency_id = $1 and bucket = any(${buckets}) and currency = ${currency} group by agency_id, case_id having sum(amount_minor) > ${bind(segment.amountMinor)}) b
          on b.agency_id = c.agency_id and b.case_id = c.case_id
        where ${OPEN_CASES}`;
    }
  }
}

interface RawRow { case_id: string; county: string; referral_id: string | null; charged: string | null; paid: string | null; arrears: string | null; currency: string | null; since: string | null }

const big = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

export async function selectSegment(ctx: TxCtx, segment: SegmentQuery, offset: number, limit: number): Promise<{ rows: SegmentRow[]; total: number }> {
  const values: unknown[] = [ctx.actor.agency];
  const sql = segmentSql(segment, values);
  const [counted] = await ctx.tx.query<{ total: string }[]>(`select count(*) as total from (${sql}) s`, values);
  const paged = [...values, offset, limit];
  const rows = await ctx.tx.query<RawRow[]>(
    `select case_id, county, referral_id, charged, paid, arrears, currency, since::text as since from (${sql}) s
      order by case_id, referral_id offset $${paged.length - 1} limit $${paged.length}`, paged,
  );
  return {
    total: Number(counted?.total ?? 0),
    rows: rows.map((row) => ({
      caseId: row.case_id, county: row.county, referralId: row.referral_id, chargedMinor: big(row.charged), paidMinor: big(row.paid),
      arrearsMinor: big(row.arrears), currency: row.currency, since: row.since,
    })),
  };
}

/** How many open cases have no figures yet, because they came in before figures were made: they are in no segment that needs them. */
export async function countWithoutFigures(ctx: TxCtx): Promise<number> {
  const [row] = await ctx.tx.query<{ total: string }[]>(
    `select count(*) as total from support_cases c where c.agency_id = $1 and c.status = 'open'
        and not exists (select from case_standing s where s.agency_id = c.agency_id and s.case_id = c.case_id)`, [ctx.actor.agency],
  );
  return Number(row?.total ?? 0);
}
