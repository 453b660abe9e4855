import type { TxCtx } from '../../../platform/context.ts';
import { copyRows } from '../../../platform/database/index.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { AllocationPart, Bucket } from './allocation.rules.ts';

/** What is known of a case's debts, as the State's newest figures and the orders tell it. */
export interface CaseDebts {
  caseId: string;
  county: string;
  assistance: string;
  obligations: { obligationId: string; bucket: 'current_support' | 'medical'; amountMinor: bigint; currency: string; frequency: string; startsOn: CalendarDate; endsOn: CalendarDate | null }[];
  balances: { bucket: Bucket; amountMinor: bigint; currency: string; asOf: CalendarDate }[];
}

interface DebtRow {
  case_id: string; county: string; assistance: string;
  obligations: { id: string; bucket: 'current_support' | 'medical'; minor: string; currency: string; frequency: string; starts: string; ends: string | null }[] | null;
  balances: { bucket: Bucket; minor: string; currency: string; as_of: string }[] | null;
}

// The cases' own tables, as a module may read what it may use; the State's figures are shown and reckoned with, never booked.
export async function selectDebts(ctx: TxCtx, caseIds: readonly string[]): Promise<Map<string, CaseDebts>> {
  const rows = await ctx.tx.query<DebtRow[]>(
    `select c.case_id, c.county, c.assistance,
            (select jsonb_agg(jsonb_build_object('id', o.obligation_id, 'bucket', case o.kind when 'medical_support' then 'medical' else 'current_support' end,
                     'minor', o.amount_minor::text, 'currency', o.currency, 'frequency', o.frequency, 'starts', o.starts_on, 'ends', o.ends_on) order by o.obligation_id)
               from case_obligations o where o.agency_id = $1 and o.case_id = c.case_id and o.kind <> 'arrears_payment') as obligations,
            (select jsonb_agg(jsonb_build_object('bucket', b.bucket, 'minor', b.amount_minor::text, 'currency', b.currency, 'as_of', b.as_of) order by b.position)
               from case_balances b where b.agency_id = $1 and b.case_id = c.case_id) as balances
       from support_cases c where c.agency_id = $1 and c.case_id = any($2::text[])`, [ctx.actor.agency, caseIds]);
  return new Map(rows.map((row) => [row.case_id, {
    caseId: row.case_id, county: row.county, assistance: row.assistance,
    obligations: (row.obligations ?? []).map((o) => ({ obligationId: o.id, bucket: o.bucket, amountMinor: BigInt(o.minor), currency: o.currency, frequency: o.frequency, startsOn: o.starts, endsOn: o.ends })),
    balances: (row.balances ?? []).map((b) => ({ bucket: b.bucket, amountMinor: BigInt(b.minor), currency: b.currency, asOf: b.as_of })),
  }]));
}

/** A part that an earlier export proposed for a case. */
export interface EarlierPart { caseId: string; bucket: Bucket; obligationId: string | null; currency: string; receivedOn: CalendarDate; amountMinor: bigint }

/** What was proposed of these cases already, by day of receipt. */
export async function selectEarlierParts(ctx: TxCtx, caseIds: readonly string[]): Promise<EarlierPart[]> {
  const rows = await ctx.tx.query<{ case_id: string; bucket: Bucket; obligation_id: string | null; currency: string; received_on: string; minor: string }[]>(
    `select case_id, bucket, obligation_id, currency, received_on::text as received_on, sum(amount_minor)::text as minor from posting_allocations
      where agency_id = $1 and case_id = any($2::text[]) and bucket is not null group by 1, 2, 3, 4, 5`, [ctx.actor.agency, caseIds]);
  return rows.map((row) => ({ caseId: row.case_id, bucket: row.bucket, obligationId: row.obligation_id, currency: row.currency, receivedOn: row.received_on, amountMinor: BigInt(row.minor) }));
}

/** What was tendered abroad for postings, in its own currency, as the partner's lines print it. */
export async function selectTendered(ctx: TxCtx, postingIds: readonly string[]): Promise<Map<string, { amountMinor: bigint; currency: string }>> {
  const rows = await ctx.tx.query<{ posting_id: string; amount_minor: string; currency: string }[]>(
    `select p.posting_id, l.amount_minor, l.currency from posting_proposals p
       join payment_lines l on l.agency_id = $1 and l.file_id = p.file_id and l.line_number = p.line_number
      where p.agency_id = $1 and p.posting_id = any($2::text[]) and l.kind = 'remittance' and l.amount_minor is not null and l.currency is not null`,
    [ctx.actor.agency, postingIds]);
  return new Map(rows.map((row) => [row.posting_id, { amountMinor: BigInt(row.amount_minor), currency: row.currency }]));
}

export interface StoredPart extends AllocationPart { currency: string }

/** The parts of postings that were exported, in their order. */
export async function selectParts(ctx: TxCtx, postingIds: readonly string[]): Promise<Map<string, StoredPart[]>> {
  const rows = await ctx.tx.query<{ posting_id: string; case_id: string; bucket: Bucket | null; obligation_id: string | null; amount_minor: string; currency: string }[]>(
    'select posting_id, case_id, bucket, obligation_id, amount_minor, currency from posting_allocations where agency_id = $1 and posting_id = any($2::text[]) order by posting_id, position',
    [ctx.actor.agency, postingIds]);
  const parts = new Map<string, StoredPart[]>();
  for (const row of rows) {
    const one = { caseId: row.case_id, bucket: row.bucket, obligationId: row.obligation_id, amountMinor: BigInt(row.amount_minor), currency: row.currency };
    parts.set(row.posting_id, [...(parts.get(row.posting_id) ?? []), one]);
  }
  return parts;
}

export interface NewParts { postingId: string; county: string | null; receivedOn: CalendarDate; currency: string; ruleId: string; ruleVersion: string; parts: readonly AllocationPart[] }

export async function insertParts(ctx: TxCtx, all: readonly NewParts[]): Promise<void> {
  const at = ctx.clock.now().toISOString();
  await copyRows(ctx, 'posting_allocations (agency_id, posting_id, position, case_id, county, bucket, obligation_id, amount_minor, currency, received_on, rule_id, rule_version, allocated_at)',
    all.flatMap((one) => one.parts.map((part, index) => [
      ctx.actor.agency, one.postingId, String(index + 1), part.caseId, one.county, part.bucket, part.obligationId, part.amountMinor.toString(), one.currency, one.receivedOn, one.ruleId, one.ruleVersion, at,
    ])));
}

/** Moves what was allocated from the case's collections without a bucket to those with one; into the open batch of the ledger. */
export async function addAllocationLegs(ctx: TxCtx, exportId: string): Promise<void> {
  await ctx.tx.query(
    `insert into pg_temp.posting_legs (transfer_key, event, occurred_on, account_kind, partner_id, case_id, county, currency, amount_minor, reverses_key, bucket)
     select 'allocation:' || a.posting_id, 'collection.allocated', a.received_on, 'proposed_collection', null, a.case_id, p.county, a.currency, leg.amount, null, leg.bucket
       from posting_proposals p
       join posting_allocations a on a.agency_id = $1 and a.posting_id = p.posting_id
      cross join lateral (select sum(x.amount_minor) as amount, null::text as bucket from posting_allocations x
                           where x.agency_id = $1 and x.posting_id = a.posting_id and x.bucket is not null and a.position = 1
                          union all select -a.amount_minor, a.bucket where a.bucket is not null) leg
      where p.agency_id = $1 and p.export_id = $2 and a.currency = p.currency and leg.amount is not null`,
    [ctx.actor.agency, exportId]);
}
