import type { TxCtx } from '../../../platform/context.ts';
import { orderBy } from '../../../platform/order-by.ts';
import type { Order } from '../../../platform/order-by.ts';
import { copyRows } from '../../../platform/database/index.ts';
import type { Role } from '../matching/person.rules.ts';
import type { Difference, OurCase } from './caseload.rules.ts';

interface CaseRow {
  case_id: string; county: string; status: 'open' | 'closed'; closed_on: string | null; numbers: string[]; is_exchanged: boolean;
  persons: { role: Role; given: string; family: string; second: string | null; native: string | null; aliases: string[] }[];
}

/** Our cases that have to do with a partner: its numbers, its disbursements and postings, papers exchanged (`exchanged`), and whatever case its list names. */
export async function selectOurCases(ctx: TxCtx, partnerId: string, named: readonly string[], exchanged: readonly string[]): Promise<OurCase[]> {
  const rows = await ctx.tx.query<CaseRow[]>(
    `with money as (
       select case_id from disbursements where agency_id = $1 and partner_id = $2 and method = 'consulate'
       union select case_id from line_outcomes where agency_id = $1 and partner_id = $2 and outcome in ('posted', 'returned') and case_id is not null
       union select unnest($4::text[])),
     wanted as (
       select case_id from money
       union select case_id from partner_case_numbers where agency_id = $1 and partner_id = $2
       union select case_id from support_cases where agency_id = $1 and regexp_replace(upper(case_id), '[^A-Z0-9]', '', 'g') = any($3::text[]))
     select c.case_id, c.county, c.status, c.closed_on::text as closed_on, exists (select from money m where m.case_id = c.case_id) as is_exchanged,
            coalesce((select array_agg(n.value order by n.value) from partner_case_numbers n where n.agency_id = $1 and n.partner_id = $2 and n.case_id = c.case_id), '{}') as numbers,
            (select jsonb_agg(jsonb_build_object('role', p.role, 'given', p.given, 'family', p.family, 'second', p.second_family, 'native', p.native, 'aliases', to_jsonb(p.aliases)) order by p.participant_id)
               from case_participants p where p.agency_id = $1 and p.case_id = c.case_id) as persons
       from support_cases c join wanted w using (case_id) where c.agency_id = $1 order by c.case_id`,
    [ctx.actor.agency, partnerId, named, exchanged]);
  return rows.map((row) => ({
    caseId: row.case_id, county: row.county, status: row.status, closedOn: row.closed_on, partnerNumbers: row.numbers, isExchanged: row.is_exchanged || row.numbers.length > 0,
    persons: row.persons.map((p) => ({ role: p.role, name: { given: p.given, family: p.family, ...(p.second === null ? {} : { secondFamily: p.second }), ...(p.native === null ? {} : { native: p.native }), aliases: p.aliases } })),
  }));
}

export interface ComparisonRow { comparisonId: string; partnerId: string; fileId: string; fileName: string; lines: number; agreeing: number; differing: number; comparedBy: string; comparedAt: Date }

export async function findComparison(ctx: TxCtx, partnerId: string, fileName: string): Promise<string | null> {
  const rows = await ctx.tx.query<{ comparisonId: string }[]>('select comparison_id as "comparisonId" from caseload_comparisons where agency_id = $1 and partner_id = $2 and file_name = $3 limit 1', [ctx.actor.agency, partnerId, fileName]);
  return rows[0]?.comparisonId ?? null;
}

export async function insertComparison(ctx: TxCtx, row: Omit<ComparisonRow, 'comparedBy' | 'comparedAt'>, differences: readonly Difference[]): Promise<void> {
  await ctx.tx.query(
    `insert into caseload_comparisons (agency_id, comparison_id, partner_id, file_id, file_name, lines, agreeing, differing, compared_by, compared_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [ctx.actor.agency, row.comparisonId, row.partnerId, row.fileId, row.fileName, row.lines, row.agreeing, row.differing, ctx.actor.id, ctx.clock.now()]);
  await copyRows(ctx, 'caseload_differences (agency_id, comparison_id, position, code, line_number, partner_number, printed_case_id, case_id, county)', differences.map((one, index) => [
    ctx.actor.agency, row.comparisonId, String(index + 1), one.code, one.line === null ? null : String(one.line), one.partnerNumber, one.printedCaseId, one.caseId, one.county]));
}

const COMPARISON = `comparison_id as "comparisonId", partner_id as "partnerId", file_id as "fileId", file_name as "fileName", lines, agreeing, differing, compared_by as "comparedBy", compared_at as "comparedAt"`;

export async function selectNewest(ctx: TxCtx, partnerId: string): Promise<ComparisonRow | null> {
  const rows = await ctx.tx.query<ComparisonRow[]>(`select ${COMPARISON} from caseload_comparisons where agency_id = $1 and partner_id = $2 order by compared_at desc, comparison_id desc limit 1`, [ctx.actor.agency, partnerId]);
  return rows[0] ?? null;
}

export const DIFFERENCE_SORTS = ['line', 'difference', 'case'] as const;
export type DifferenceOrder = Order<(typeof DIFFERENCE_SORTS)[number]>;
const DIFFERENCES_BY = { line: ['line_number'], difference: ['code'], case: ['case_id'] } as const;

/** A page of the differences of one comparison, of one kind or of all; and how many of them there are. */
export async function selectDifferences(ctx: TxCtx, comparisonId: string, page: { code: string | null; order: DifferenceOrder; limit: number; offset: number }): Promise<{ rows: Difference[]; total: number }> {
  const from = 'from caseload_differences where agency_id = $1 and comparison_id = $2 and ($3::text is null or code = $3)';
  const values = [ctx.actor.agency, comparisonId, page.code];
  const rows = await ctx.tx.query<Difference[]>(
    `select code, line_number as line, partner_number as "partnerNumber", printed_case_id as "printedCaseId", case_id as "caseId", county ${from}
      order by ${orderBy(DIFFERENCES_BY, page.order, ['position'])} limit $4 offset $5`, [...values, page.limit, page.offset]);
  const [counted] = await ctx.tx.query<{ total: number }[]>(`select count(*)::int as total ${from}`, values);
  return { rows, total: counted?.total ?? 0 };
}
