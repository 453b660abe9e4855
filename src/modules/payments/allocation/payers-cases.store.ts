import type { TxCtx } from '../../../platform/context.ts';

const CASES_MAX = 50;

/** Other open cases in which a payer of this one pays too, told by the same identifier (keyed hashes are compared, nothing is read). */
export async function selectPayersCases(ctx: TxCtx, caseId: string): Promise<string[]> {
  const rows = await ctx.tx.query<{ case_id: string }[]>(
    `select distinct o.case_id
       from case_participants p
       join case_identifiers i on i.agency_id = $1 and i.case_id = p.case_id and i.participant_id = p.participant_id
       join case_identifiers o on o.agency_id = $1 and o.lookup = i.lookup and o.type = i.type and o.case_id <> p.case_id
       join case_participants q on q.agency_id = $1 and q.case_id = o.case_id and q.participant_id = o.participant_id and q.role in ('obligor', 'alleged_parent')
       join support_cases c on c.agency_id = $1 and c.case_id = o.case_id and c.status = 'open'
      where p.agency_id = $1 and p.case_id = $2 and p.role in ('obligor', 'alleged_parent')
      order by 1 limit ${CASES_MAX}`, [ctx.actor.agency, caseId]);
  return rows.map((row) => row.case_id);
}
