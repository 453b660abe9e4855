import type { TxCtx } from '../../../platform/context.ts';
import { selectPage } from '../../../platform/list-page.ts';
import type { Place } from '../../../platform/list-page.ts';
import { orderBy } from '../../../platform/order-by.ts';
import type { Order } from '../../../platform/order-by.ts';
import { NORMAL } from '../bank/transfer.store.ts';
import type { BankTally } from './run-summary.rules.ts';

/** One line of the result (contract 6). */
export type LineOutcome = {
  readonly file: string;
  readonly sha256: string;
  readonly line: number;
  readonly reference: string;
  readonly outcome: string;
  readonly caseId: string | null;
  readonly disbursementId: string | null;
  readonly amountMinor: number | null;
  readonly currency: string | null;
  readonly method: string | null;
  readonly score: number | null;
  readonly reasons: readonly string[];
};

export type PlacedOutcome = LineOutcome & { readonly importedSeq: string };
export type OutcomePlace = { readonly importedSeq: string; readonly line: number };

type Row = Omit<LineOutcome, 'amountMinor' | 'score'> & { imported_seq: string; amount_minor: string | null; score_text: string | null };

// Of a collection the amount remitted, whatever became of it, as far as it could be read; of a disbursement its own.
const TOLD_AMOUNT = `case when o.kind = 'remittance' then coalesce(o.amount_minor, l.settled_minor) else o.amount_minor end as amount_minor,
  case when o.kind = 'remittance' and o.amount_minor is null then case when l.settled_minor is not null then coalesce(l.settled_currency, 'USD') end else o.currency end as currency`;
const BOOKED_AMOUNT = 'o.amount_minor, o.currency';

const columns = (amount: string): string => `f.file_name as file, f.sha256, o.line_number as line, l.reference, o.outcome, o.case_id as "caseId", o.disbursement_id as "disbursementId",
  ${amount}, o.method, o.score::text as score_text, o.reasons, f.imported_seq`;

function outcomeOf(r: Row): PlacedOutcome {
  return {
    file: r.file, sha256: r.sha256, line: r.line, reference: r.reference, outcome: r.outcome, caseId: r.caseId, disbursementId: r.disbursementId,
    amountMinor: r.amount_minor === null ? null : Number(r.amount_minor), currency: r.currency, method: r.method,
    score: r.score_text === null ? null : Number(r.score_text), reasons: r.reasons, importedSeq: r.imported_seq,
  };
}

/** The next lines after a place, file by file; each line's own report is fetched by its key. */
export async function selectOutcomePage(ctx: TxCtx, runId: string, after: OutcomePlace | null, limit: number): Promise<PlacedOutcome[]> {
  const rows = await ctx.tx.query<Row[]>(
    `select ${columns(TOLD_AMOUNT)}
       from (select f.* from reconciliation_run_files r join received_files f on f.agency_id = r.agency_id and f.file_id = r.file_id
              where r.agency_id = $1 and r.run_id = $2 and f.imported_seq >= coalesce($3::bigint, 0) order by f.imported_seq) f
      cross join lateral (select * from line_outcomes x where x.agency_id = $1 and x.file_id = f.file_id
                            and (f.imported_seq > coalesce($3::bigint, 0) or x.line_number > $4::int) order by x.line_number limit $5) o
      cross join lateral (select x.reference, x.settled_minor, x.settled_currency from payment_lines x where x.agency_id = $1 and x.file_id = o.file_id and x.line_number = o.line_number limit 1) l
      limit $5`,
    [ctx.actor.agency, runId, after?.importedSeq ?? null, after?.line ?? 0, limit],
  );
  return rows.map(outcomeOf);
}

/** A line as a clerk needs it: its amount where it was matched, and besides the outcome what the partner printed, which is all there is of a line that is tied to nothing. */
export type LineToShow = LineOutcome & {
  readonly fileId: string;
  readonly kind: string;
  readonly partnerId: string;
  readonly candidateCaseId: string | null;
  /** Payee of a forwarding report; obligor, then obligee of a remittance. */
  readonly printedNames: readonly string[];
  /** The amount of a forwarding report; the amount remitted of a remittance. Minor units. */
  readonly printedMinor: number | null;
  readonly printedCurrency: string | null;
  /** What a bank kept of the line's whole transfer; null where it kept nothing. */
  readonly transferFee: { readonly minor: bigint; readonly currency: string } | null;
};

type RowToShow = Row & Pick<LineToShow, 'fileId' | 'kind' | 'partnerId' | 'candidateCaseId' | 'printedNames' | 'printedCurrency'> & { printedMinor: string | null; feeMinor: string | null; feeCurrency: string | null };

export const LINE_SORTS = ['place', 'outcome', 'case', 'amount'] as const;
export type LineOrder = Order<(typeof LINE_SORTS)[number]>;
const linesBy = (outcome: string, place: string) =>
  ({ place: [`${place}.imported_seq`], outcome: [`${outcome}.outcome`], case: [`${outcome}.case_id`], amount: [`${outcome}.currency`, `${outcome}.amount_minor`] }) as const;
const RUNS_BY = { started: 'started_at', state: 'state', files: "(summary ->> 'files')::int" } as const;
export const RUN_SORTS = ['started', 'state', 'files'] as const;
export type RunOrder = Order<(typeof RUN_SORTS)[number]>;

/** A page of a run's lines: first which they are, then what there is to show of them alone. */
export async function selectRunLines(ctx: TxCtx, runId: string, wanted: { outcome: string | null; order: LineOrder; limit: number; offset: number }): Promise<LineToShow[]> {
  const rows = await ctx.tx.query<RowToShow[]>(
    `select ${columns(BOOKED_AMOUNT)}, o.file_id as "fileId", o.kind, o.partner_id as "partnerId", o.candidate_case_id as "candidateCaseId",
            array_remove(array[nullif(l.payee_name, ''), nullif(l.obligor_name, ''), nullif(l.obligee_name, '')], null) as "printedNames",
            case o.kind when 'remittance' then l.settled_minor else l.amount_minor end as "printedMinor",
            case o.kind when 'remittance' then coalesce(l.settled_currency, 'USD') else l.currency end as "printedCurrency", t.fee_minor as "feeMinor", t.currency as "feeCurrency"
       from (select x.file_id, x.line_number, f.imported_seq
               from reconciliation_run_files r
               join received_files f on f.agency_id = r.agency_id and f.file_id = r.file_id
               join line_outcomes x on x.agency_id = r.agency_id and x.file_id = r.file_id
              where r.agency_id = $1 and r.run_id = $2 and ($3::text is null or x.outcome = $3)
              order by ${orderBy(linesBy('x', 'f'), wanted.order, ['f.imported_seq', 'x.line_number'])} limit $4 offset $5) k
      cross join lateral (select x.* from line_outcomes x where x.agency_id = $1 and x.file_id = k.file_id and x.line_number = k.line_number limit 1) o
      cross join lateral (select x.* from payment_lines x where x.agency_id = $1 and x.file_id = k.file_id and x.line_number = k.line_number limit 1) l
      left join lateral (select s.fee_minor, s.currency from transfer_states s
                           where s.agency_id = $1 and o.kind = 'remittance' and s.partner_id = o.partner_id and s.transfer = ${NORMAL('l.transfer_reference')} and s.fee_minor > 0 limit 1) t on true
       join received_files f on f.agency_id = $1 and f.file_id = k.file_id
      order by ${orderBy(linesBy('o', 'k'), wanted.order, ['k.imported_seq', 'k.line_number'])}`,
    [ctx.actor.agency, runId, wanted.outcome, wanted.limit, wanted.offset],
  );
  return rows.map((r) => {
    const { importedSeq: _, ...outcome } = outcomeOf(r);
    return {
      ...outcome, fileId: r.fileId, kind: r.kind, partnerId: r.partnerId, candidateCaseId: r.candidateCaseId,
      printedNames: r.printedNames, printedMinor: r.printedMinor === null ? null : Number(r.printedMinor), printedCurrency: r.printedCurrency,
      transferFee: r.feeMinor === null || r.feeCurrency === null ? null : { minor: BigInt(r.feeMinor), currency: r.feeCurrency },
    };
  });
}

/** How many lines of a run have each outcome now. */
export async function countRunLines(ctx: TxCtx, runId: string): Promise<Readonly<Record<string, number>>> {
  const rows = await ctx.tx.query<{ outcome: string; lines: number }[]>(
    `select x.outcome, count(*)::int as lines from reconciliation_run_files r join line_outcomes x on x.agency_id = r.agency_id and x.file_id = r.file_id
      where r.agency_id = $1 and r.run_id = $2 group by 1`, [ctx.actor.agency, runId]);
  return Object.fromEntries(rows.map((row) => [row.outcome, row.lines]));
}

export type RunRow = {
  readonly runId: string;
  readonly state: 'running' | 'finished' | 'interrupted';
  readonly ruleVersion: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly startedBy: string;
  readonly summary: { readonly files?: number; readonly outcomes?: Readonly<Record<string, number>>; readonly tallies?: readonly { kind: string; outcome: string; lines: number }[]; readonly bank?: BankTally };
};

const RUN = `run_id as "runId", state, rule_version as "ruleVersion", started_at as "startedAt", finished_at as "finishedAt", started_by as "startedBy", summary`;

export async function selectRuns(ctx: TxCtx, state: string | null, order: RunOrder, place: Place): Promise<{ rows: RunRow[]; total: number }> {
  return selectPage(ctx, { columns: RUN, from: 'reconciliation_runs', where: '($2::text is null or state = $2)', values: [ctx.actor.agency, state], agency: 'agency_id', order: RUNS_BY, id: 'run_id' }, order, place);
}

export async function findRun(ctx: TxCtx, runId: string): Promise<RunRow | null> {
  const rows = await ctx.tx.query<RunRow[]>(`select ${RUN} from reconciliation_runs where agency_id = $1 and run_id = $2`, [ctx.actor.agency, runId]);
  return rows[0] ?? null;
}
