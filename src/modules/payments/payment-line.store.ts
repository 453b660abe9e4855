import type { TxCtx } from '../../platform/context.ts';
import { copyRows } from '../../platform/database/index.ts';
import type { CopyRow } from '../../platform/database/index.ts';
import type { PaymentLine } from './formats/tables/payment-line.rules.ts';

const COLUMNS = `agency_id, file_id, line_number, partner_id, kind, imported_seq, reference, reference_year, content_key, remains_key,
  is_lossy, given_disbursement_id, given_case_id, payee_name, obligor_name, obligee_name, amount_minor, currency, rate, fee_minor, settled_minor,
  settled_currency, happened_on, sent_on, transfer_reference, status, note, findings, flags`;

export interface LinesOfFile {
  fileId: string;
  partnerId: string;
  importedSeq: string;
  lines: readonly PaymentLine[];
}

/**
 * Writes a file's lines, and tells which of them repeat an earlier line: same folio, year and content. A line that lost letters to an
 * encoding first takes the content key of the line that it repeats; once written, lines do not change.
 */
export async function insertPaymentLines(ctx: TxCtx, file: LinesOfFile): Promise<{ duplicate: number; rejected: number; duplicateLines: number[] }> {
  await ctx.tx.query(`create temporary table arrived_lines on commit drop as select ${COLUMNS} from payment_lines with no data`);
  await copyRows(ctx, `arrived_lines (${COLUMNS})`, rowsOf(ctx.actor.agency, file));
  await gatherAlike(ctx, file);
  await adoptKeys(ctx, file.fileId);
  await ctx.tx.query(`insert into payment_lines (${COLUMNS}) select ${COLUMNS} from arrived_lines`);
  const counts = await countRepeats(ctx, file);
  await ctx.tx.query('drop table arrived_lines, alike_lines, repeated_references');
  return counts;
}

/**
 * All lines that share a folio with another one of the file or with an earlier one, in a table of their own: few, as a rule. The planner has no
 * statistics yet for lines that were written in this transaction, and joins planned without them went quadratic: hence a look-up for each folio.
 */
async function gatherAlike(ctx: TxCtx, file: LinesOfFile): Promise<void> {
  const values = [ctx.actor.agency, file.partnerId, file.lines[0]?.kind ?? ''];
  await ctx.tx.query(
    `create temporary table repeated_references on commit drop as
     select t.reference from (select reference, count(*) as times from arrived_lines where reference <> '' group by reference offset 0) t
      where t.times > 1
         or (select true from payment_lines o where o.agency_id = $1 and o.partner_id = $2 and o.kind = $3 and o.reference = t.reference limit 1)`, values);
  await ctx.tx.query('create unique index on repeated_references (reference)');
  await ctx.tx.query('analyze repeated_references');
  await ctx.tx.query(
    `create temporary table alike_lines on commit drop as
     select o.file_id, o.line_number, o.imported_seq, o.reference, coalesce(o.reference_year, 0) as reference_year, o.content_key, o.remains_key, o.is_lossy
       from repeated_references r
      cross join lateral (select * from payment_lines x where x.agency_id = $1 and x.partner_id = $2 and x.kind = $3 and x.reference = r.reference offset 0) o
     union all
     select n.file_id, n.line_number, n.imported_seq, n.reference, coalesce(n.reference_year, 0), n.content_key, n.remains_key, n.is_lossy
       from arrived_lines n where n.reference in (select reference from repeated_references)`, values);
}

function* rowsOf(agency: string, file: LinesOfFile): Generator<CopyRow> {
  for (const line of file.lines) {
    yield [agency, file.fileId, line.line, file.partnerId, line.kind, file.importedSeq, line.reference, line.referenceYear,
      `\\x${line.contentKey}`, line.remainsKey && `\\x${line.remainsKey}`, line.lossy, line.disbursementId, line.caseId, line.payeeName, line.obligorName, line.obligeeName,
      line.amountMinor, line.currency, line.rate, line.feeMinor, line.settledMinor, line.settledCurrency, line.happenedOn, line.sentOn,
      line.transferReference, line.status, line.note, JSON.stringify(line.faults), textArray(line.flags)];
  }
}

export function textArray(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

/** Letters that an encoding lost do not make other content (contract 4): where one of two lines shows losses, what remains decides. */
async function adoptKeys(ctx: TxCtx, fileId: string): Promise<void> {
  await ctx.tx.query(
    `with alike as (
       select file_id, line_number, content_key, case when is_lossy
                then first_value(content_key) over (partition by reference, reference_year, remains_key order by imported_seq, line_number)
                else first_value(content_key) over (partition by reference, reference_year, remains_key order by is_lossy desc, imported_seq, line_number) end as first_key,
              bool_or(is_lossy) over (partition by reference, reference_year, remains_key) as is_any_lossy,
              row_number() over (partition by reference, reference_year, remains_key order by imported_seq, line_number) as place
         from alike_lines),
     adopting as materialized (
       select line_number, first_key from alike where file_id = $1 and is_any_lossy and place > 1 and first_key <> content_key),
     written as (
       update arrived_lines n set content_key = a.first_key from adopting a where n.line_number = a.line_number)
     update alike_lines n set content_key = a.first_key from adopting a where n.file_id = $1 and n.line_number = a.line_number`,
    [fileId],
  );
}

async function countRepeats(ctx: TxCtx, file: LinesOfFile): Promise<{ duplicate: number; rejected: number; duplicateLines: number[] }> {
  const rows = await ctx.tx.query<{ line_number: number }[]>(
    `select line_number from (
       select file_id, line_number, row_number() over (partition by reference, reference_year, content_key order by imported_seq, line_number) as place
         from alike_lines) judged
      where file_id = $1 and place > 1`,
    [file.fileId],
  );
  const duplicates = new Set(rows.map((row) => row.line_number));
  const rejected = file.lines.filter((line) => line.faults.length > 0 && !duplicates.has(line.line)).length;
  return { duplicate: duplicates.size, rejected, duplicateLines: [...duplicates] };
}
