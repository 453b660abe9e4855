import { createHash } from 'node:crypto';
import type { TxCtx } from '../../platform/context.ts';
import { copyRows } from '../../platform/database/index.ts';
import type { CopyRow } from '../../platform/database/index.ts';
import type { PaymentLine } from './formats/payment-line.rules.ts';

const COLUMNS = `payment_lines (agency_id, file_id, line_number, partner_id, kind, imported_seq, reference, reference_year, content_key, remains_key,
  is_lossy, given_disbursement_id, given_case_id, payee_name, obligor_name, obligee_name, amount_minor, currency, rate, fee_minor, settled_minor,
  settled_currency, happened_on, sent_on, transfer_reference, status, note, findings, flags)`;

export interface LinesOfFile {
  fileId: string;
  partnerId: string;
  importedSeq: string;
  lines: readonly PaymentLine[];
}

/** Writes a file's lines with COPY, then lets lines that lost letters share the key of the line that they repeat. */
export async function insertPaymentLines(ctx: TxCtx, file: LinesOfFile): Promise<void> {
  await copyRows(ctx, COLUMNS, rowsOf(ctx.actor.agency, file));
  await adoptKeys(ctx, file);
}

function* rowsOf(agency: string, file: LinesOfFile): Generator<CopyRow> {
  for (const line of file.lines) {
    yield [agency, file.fileId, line.line, file.partnerId, line.kind, file.importedSeq, line.reference, line.referenceYear,
      digest(line.contentText), digest(line.remainsText), line.lossy, line.disbursementId, line.caseId, line.payeeName, line.obligorName, line.obligeeName,
      line.amountMinor, line.currency, line.rate, line.feeMinor, line.settledMinor, line.settledCurrency, line.happenedOn, line.sentOn,
      line.transferReference, line.status, line.note, JSON.stringify(line.faults), textArray(line.flags)];
  }
}

function digest(text: string): string {
  return `\\x${createHash('sha256').update(text).digest('hex')}`;
}

export function textArray(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

/** Letters that an encoding lost do not make other content (contract 4): where one of two lines shows losses, what remains decides. */
async function adoptKeys(ctx: TxCtx, file: LinesOfFile): Promise<void> {
  await ctx.tx.query(
    `update payment_lines n set content_key = o.content_key
       from (select distinct on (l.line_number) l.line_number, o.content_key
               from payment_lines l
               join payment_lines o on o.agency_id = l.agency_id and o.partner_id = l.partner_id and o.kind = l.kind and o.reference = l.reference
                and o.reference_year is not distinct from l.reference_year and o.remains_key = l.remains_key and (o.is_lossy or l.is_lossy)
                and (o.imported_seq, o.line_number) < (l.imported_seq, l.line_number)
              where l.agency_id = $1 and l.file_id = $2 and l.reference <> ''
              order by l.line_number, o.imported_seq, o.line_number) o
      where n.agency_id = $1 and n.file_id = $2 and n.line_number = o.line_number and n.content_key <> o.content_key`,
    [ctx.actor.agency, file.fileId],
  );
}

/** How many lines of a file repeat an earlier one (same folio, year and content), and how many of the others are at fault in themselves. */
export async function countRepeats(ctx: TxCtx, fileId: string): Promise<{ duplicate: number; rejected: number; duplicateLines: number[] }> {
  const rows = await ctx.tx.query<{ duplicate: number; rejected: number; lines: number[] | null }[]>(
    `with judged as (
       select l.line_number, l.findings <> '[]' as is_rejected, l.reference <> '' and exists (
         select 1 from payment_lines o
          where o.agency_id = l.agency_id and o.partner_id = l.partner_id and o.kind = l.kind and o.reference = l.reference
            and o.reference_year is not distinct from l.reference_year and o.content_key = l.content_key
            and (o.imported_seq, o.line_number) < (l.imported_seq, l.line_number)) as is_duplicate
         from payment_lines l where l.agency_id = $1 and l.file_id = $2)
     select count(*) filter (where is_duplicate)::int as duplicate, count(*) filter (where is_rejected and not is_duplicate)::int as rejected,
            array_agg(line_number) filter (where is_duplicate) as lines
       from judged`,
    [ctx.actor.agency, fileId],
  );
  const [counted] = rows;
  return { duplicate: counted?.duplicate ?? 0, rejected: counted?.rejected ?? 0, duplicateLines: counted?.lines ?? [] };
}
