import type { TxCtx } from '../../../platform/context.ts';

/** How a partner has told of a disbursement without settling it: as pending, on a line that waits for a person, in a list that no run has looked at. */
export type ReportedAs = 'pending' | 'waiting' | 'unreconciled';

export interface Reported {
  readonly disbursementId: string;
  readonly as: ReportedAs;
  readonly file: string;
  readonly line: number;
}

const PLAIN = (column: string): string => `upper(regexp_replace(${column}, '[^A-Za-z0-9]', '', 'g'))`;

// A line means the disbursement whose number it prints; where that is nobody's, each of its case and amount that was issued by then.
const REPORTED = `
with told as materialized (
  select o.file_id, o.line_number, o.disbursement_id, coalesce(o.candidate_case_id, o.case_id) as case_id, case o.outcome when 'pending' then 'pending' else 'waiting' end as told_as
    from line_outcomes o
   where o.agency_id = $1 and o.partner_id = $2 and o.kind = 'forwarding' and o.outcome in ('pending', 'suspense', 'rejected')
  union all
  select l.file_id, l.line_number, null, null, 'unreconciled'
    from received_files f join payment_lines l on l.agency_id = f.agency_id and l.file_id = f.file_id
   where f.agency_id = $1 and f.partner_id = $2 and f.kind = 'forwarding'
     and not exists (select from reconciliation_run_files h where h.agency_id = $1 and h.file_id = f.file_id)),
lines as materialized (
  select t.file_id, t.line_number, t.told_as, t.disbursement_id, coalesce(t.case_id, l.given_case_id) as case_id, ${PLAIN('l.given_disbursement_id')} as number, l.amount_minor, l.currency, l.happened_on
    from told t join payment_lines l on l.agency_id = $1 and l.file_id = t.file_id and l.line_number = t.line_number),
sent as materialized (select d.disbursement_id, ${PLAIN('d.disbursement_id')} as number, d.case_id, d.amount_minor, d.currency, d.issued_on from disbursements d where d.agency_id = $1 and d.partner_id = $2),
met as (
  select l.file_id, l.line_number, l.told_as, l.disbursement_id from lines l where l.disbursement_id is not null
  union all
  select l.file_id, l.line_number, l.told_as, s.disbursement_id from lines l join sent s on s.number = l.number
  union all
  select l.file_id, l.line_number, l.told_as, s.disbursement_id
    from lines l join sent s on s.case_id = l.case_id and s.amount_minor = l.amount_minor and s.currency = l.currency and s.issued_on <= coalesce(l.happened_on, s.issued_on)
   where l.disbursement_id is null and not exists (select from sent x where x.number = l.number))
select distinct on (m.disbursement_id) m.disbursement_id, m.told_as, f.file_name, m.line_number
  from met m join received_files f on f.agency_id = $1 and f.file_id = m.file_id
 order by m.disbursement_id, m.told_as, f.imported_seq, m.line_number`;

/**
 * What a partner has reported on without settling it, with the line that says so: to order it would be to pay it twice. Outcomes are
 * reconciliation's and read from its tables, as a module may not import a later one.
 */
export async function selectReported(ctx: TxCtx, partnerId: string): Promise<Map<string, Reported>> {
  const rows = await ctx.tx.query<{ disbursement_id: string; told_as: ReportedAs; file_name: string; line_number: number }[]>(REPORTED, [ctx.actor.agency, partnerId]);
  return new Map(rows.map((r) => [r.disbursement_id, { disbursementId: r.disbursement_id, as: r.told_as, file: r.file_name, line: r.line_number }]));
}
