import { isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { formatMajor } from '../../../platform/money.ts';
import { parseCsv } from '../formats/tables/csv.rules.ts';

/** The columns of contract 9, in its order. */
export const EXPORT_COLUMNS = ['posting_id', 'case_id', 'collected_on', 'received_on', 'amount', 'currency', 'bucket', 'obligation_id', 'source_label', 'reversal_of'] as const;
const ACKNOWLEDGMENT_COLUMNS = ['posting_id', 'status', 'reason', 'processed_on'] as const;

/** Names no country, partner or office: the label stands on a ledger that the other parent can ask for. */
export const SOURCE_LABEL = 'intergovernmental';

const REASON_CHARACTERS_MAX = 200;

export interface Posting {
  readonly postingId: string;
  readonly caseId: string;
  readonly collectedOn: CalendarDate;
  readonly receivedOn: CalendarDate;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly bucket: string | null;
  readonly obligationId: string | null;
  readonly sourceLabel: string;
  readonly reversalOf: string | null;
}

/** What an export without postings says. */
export const POSTING_EXPORT_HEADING = `${EXPORT_COLUMNS.join(',')}\n`;

/** The export's text: RFC 4180 with a heading, LF, cells quoted only where they must be. The same postings give the same bytes. */
export function exportText(postings: readonly Posting[]): string {
  const rows = postings.map((posting) => [
    posting.postingId, posting.caseId, posting.collectedOn, posting.receivedOn, formatMajor(posting.amountMinor, posting.currency), posting.currency,
    posting.bucket ?? '', posting.obligationId ?? '', posting.sourceLabel, posting.reversalOf ?? '',
  ]);
  return [EXPORT_COLUMNS, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export interface Answer {
  readonly line: number;
  readonly postingId: string;
  readonly status: 'accepted' | 'refused';
  readonly reason: string | null;
  readonly processedOn: CalendarDate;
}

export interface Acknowledgment {
  readonly lines: number;
  readonly answers: readonly Answer[];
  readonly findings: readonly Finding[];
}

/** Reads an acknowledgment. A line at fault is told and left out. @throws AppError `postings.columns_missing`, `postings.empty`, `postings.too_many_lines`. */
export function readAcknowledgment(text: string, linesMax: number): Acknowledgment {
  const { records, findings } = parseCsv(text.replace(/^\uFEFF/, ''), ',', linesMax + 2);
  const [heading, ...rows] = records;
  if (!heading) throw new AppError('invalid', 'postings.empty');
  if (rows.length > linesMax) throw new AppError('invalid', 'postings.too_many_lines', { params: { linesMax } });
  const places = new Map(heading.cells.map((name, index) => [name.trim(), index]));
  const missing = ACKNOWLEDGMENT_COLUMNS.filter((column) => !places.has(column));
  if (missing.length > 0) {
    throw new AppError('invalid', 'postings.columns_missing', {
      findings: missing.map((path) => ({ code: 'postings.column_missing', severity: 'block', path, line: heading.line })),
    });
  }
  const found: Finding[] = [...findings];
  const answers: Answer[] = [];
  const seen = new Map<string, number>();
  for (const row of rows) {
    const value = (column: (typeof ACKNOWLEDGMENT_COLUMNS)[number]) => (row.cells[places.get(column) as number] ?? '').trim();
    const faults = faultsOf(value);
    const postingId = value('posting_id');
    const earlier = seen.get(postingId);
    if (faults.length === 0 && earlier !== undefined) faults.push({ code: 'postings.posting_repeated', path: 'posting_id', params: { firstLine: earlier } });
    found.push(...faults.map((fault): Finding => ({ ...fault, severity: 'block', line: row.line })));
    if (faults.length > 0) continue;
    seen.set(postingId, row.line);
    answers.push({ line: row.line, postingId, status: value('status') as Answer['status'], reason: value('reason') || null, processedOn: value('processed_on') });
  }
  return { lines: rows.length, answers, findings: found };
}

function faultsOf(value: (column: (typeof ACKNOWLEDGMENT_COLUMNS)[number]) => string): Omit<Finding, 'severity'>[] {
  const faults: Omit<Finding, 'severity'>[] = [];
  if (!/^pst_[0-9A-HJKMNP-TV-Z]{26}$/.test(value('posting_id'))) faults.push({ code: 'postings.id_invalid', path: 'posting_id' });
  if (!['accepted', 'refused'].includes(value('status'))) faults.push({ code: 'postings.status_unknown', path: 'status' });
  if (!isCalendarDate(value('processed_on'))) faults.push({ code: 'postings.date_invalid', path: 'processed_on' });
  if (value('reason').length > REASON_CHARACTERS_MAX || /\p{Cc}/u.test(value('reason'))) faults.push({ code: 'postings.reason_invalid', path: 'reason' });
  return faults;
}
