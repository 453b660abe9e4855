import type { TxCtx } from '../../../platform/context.ts';
import { copyRows } from '../../../platform/database/index.ts';
import type { CopyRow } from '../../../platform/database/index.ts';
import type { OpenLine } from './line.store.ts';
import { RULE_VERSION } from '../matching/reason.rules.ts';
import type { Decision } from '../matching/reason.rules.ts';

export type DecidedLine = { readonly line: OpenLine; readonly decision: Decision };

const STAGED = 'line_number, outcome, case_id, disbursement_id, county, amount_minor, currency, fee_minor, method, score, reasons, candidate_case_id, posting_key, weights';

export async function stageOutcomes(ctx: TxCtx): Promise<void> {
  await ctx.tx.query(`create temporary table staged_outcomes on commit drop as select ${STAGED} from line_outcomes with no data`);
}

export async function addStaged(ctx: TxCtx, decided: readonly DecidedLine[]): Promise<void> {
  await copyRows(ctx, `staged_outcomes (${STAGED})`, rows(decided));
}

function* rows(decided: readonly DecidedLine[]): Generator<CopyRow> {
  for (const { line, decision: d } of decided) {
    yield [line.lineNumber, d.outcome, d.caseId, d.disbursementId, d.county, d.amountMinor, d.currency, d.feeMinor, d.method, d.score,
      `{${d.reasons.map((r) => `"${r}"`).join(',')}}`, d.candidateCaseId, line.postingKey, d.weights === undefined || d.weights === null ? null : JSON.stringify(d.weights)];
  }
}

/** Makes the staged decisions the current ones of their lines; what was decided before moves to the history. */
export async function saveOutcomes(ctx: TxCtx, runId: string, fileId: string): Promise<void> {
  await ctx.tx.query('analyze staged_outcomes (line_number)');
  const again = await ctx.tx.query<unknown[]>(
    `insert into line_outcome_history (agency_id, file_id, line_number, partner_id, outcome, case_id, disbursement_id, method, score, reasons, rule_version, run_id, decided_at, weights)
     select o.agency_id, o.file_id, o.line_number, o.partner_id, o.outcome, o.case_id, o.disbursement_id, o.method, o.score, o.reasons, o.rule_version, o.run_id, o.decided_at, o.weights
       from open_lines l
      cross join lateral (select * from line_outcomes x where x.agency_id = $1 and x.file_id = $2 and x.line_number = l.line_number limit 1) o
      where l.is_again
     on conflict do nothing returning 1`,
    [ctx.actor.agency, fileId],
  );
  const values = [ctx.actor.agency, fileId, RULE_VERSION, runId, ctx.clock.now()];
  // Nobody else decides lines of this file meanwhile: one that is there unawares is a fault, and refused by the key.
  await ctx.tx.query(
    `insert into line_outcomes (agency_id, file_id, partner_id, kind, happened_on, rule_version, run_id, decided_at, ${STAGED})
     select $1, $2, l.partner_id, l.kind, l.happened_on, $3, $4, $5, ${STAGED.split(', ').map((c) => `s.${c}`).join(', ')}
       from staged_outcomes s join open_lines l on l.line_number = s.line_number
      where not l.is_again`,
    values,
  );
  if (again.length > 0) await ctx.tx.query(REPLACE, values);
}

const REPLACE = `
update line_outcomes o
   set outcome = s.outcome, case_id = s.case_id, disbursement_id = s.disbursement_id, county = s.county, amount_minor = s.amount_minor, currency = s.currency,
       fee_minor = s.fee_minor, method = s.method, score = s.score, reasons = s.reasons, candidate_case_id = s.candidate_case_id, posting_key = s.posting_key,
       weights = s.weights, rule_version = $3, run_id = $4, decided_at = $5
  from staged_outcomes s join open_lines l on l.line_number = s.line_number
 where l.is_again and o.agency_id = $1 and o.file_id = $2 and o.line_number = s.line_number
`;

/** A disbursement that came back holds the next one of its case. */
export async function holdReturned(ctx: TxCtx): Promise<void> {
  await ctx.tx.query(
    `insert into disbursement_holds as h (agency_id, case_id, disbursement_id, reason, since_on)
     select $1, s.case_id, s.disbursement_id, 'disbursement.returned', l.happened_on
       from staged_outcomes s join open_lines l on l.line_number = s.line_number
      where s.outcome = 'returned'
     on conflict (agency_id, case_id, cause) do update set released_at = null, release_reason = null, since_on = excluded.since_on where h.release_reason = 'line.unmatched'`,
    [ctx.actor.agency],
  );
}
