import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';

/** A partner's line that is about a case, or may be. */
export interface CaseMoneyRow {
  readonly fileId: string;
  readonly line: number;
  readonly partnerId: string;
  readonly kind: 'forwarding' | 'remittance';
  readonly outcome: string;
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
  readonly happenedOn: CalendarDate | null;
  /** Nobody has said yet that it is this case's. */
  readonly isOnlyCandidate: boolean;
}

type Raw = Omit<CaseMoneyRow, 'amountMinor'> & { readonly amountMinor: string | null };

const COLUMNS = `file_id as "fileId", line_number as line, partner_id as "partnerId", kind, outcome, amount_minor as "amountMinor", currency, happened_on::text as "happenedOn"`;

/** The newest lines first; with `candidates` also those in suspense that may belong to the case. */
export async function selectMoneyOfCase(ctx: TxCtx, caseId: string, candidates: boolean, limit: number): Promise<CaseMoneyRow[]> {
  const rows = await ctx.tx.query<Raw[]>(
    `select * from (
       select ${COLUMNS}, false as "isOnlyCandidate", decided_at from line_outcomes where agency_id = $1 and case_id = $2
       union all
       select ${COLUMNS}, true, decided_at from line_outcomes where agency_id = $1 and candidate_case_id = $2 and outcome = 'suspense' and case_id is null and $3::boolean) x
     order by "happenedOn" desc nulls last, decided_at desc, "fileId", line limit $4`, [ctx.actor.agency, caseId, candidates, limit]);
  return rows.map(({ amountMinor, ...row }) => ({ ...row, amountMinor: amountMinor === null ? null : BigInt(amountMinor) }));
}
