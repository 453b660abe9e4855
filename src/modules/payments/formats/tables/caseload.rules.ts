import { AppError } from '../../../../platform/errors.ts';
import type { Finding } from '../../../../platform/errors.ts';
import { HEADING_CHARS_MAX } from './columns.rules.ts';
import type { CsvRecord } from './csv.rules.ts';
import { isBlank } from './number.rules.ts';
import { readingsOf } from './table.rules.ts';
import type { TableSource } from './table.rules.ts';
import { foldWord, oneSpaced } from './text.rules.ts';

/** A partner's list of the cases that it holds: its number, ours, the two names, whether it is open. No layout is published; columns are told by their headings, which are data. */

const ROWS_MAX = 30;
const CELL_MAX = 200;
export const CASELOAD_COLUMNS = ['partnerNumber', 'caseId', 'obligor', 'obligee', 'status'] as const;
type Column = (typeof CASELOAD_COLUMNS)[number];

export interface CaseloadWords {
  columns: Readonly<Record<Column, readonly string[]>>;
  statuses: Readonly<Record<'open' | 'closed', readonly string[]>>;
  /** Headings of the partner's number that name ours in lists that have no other column for it. */
  either: readonly string[];
  totalsWords: readonly string[];
}

export interface CaseloadLine {
  line: number;
  partnerNumber: string;
  caseId: string;
  obligor: string;
  obligee: string;
  /** Null where the list says nothing that we can read. */
  status: 'open' | 'closed' | null;
}

/** @throws AppError `payments.columns_untold` where no row names our case number or the partner's. */
export function readCaseloadTable(source: TableSource, words: CaseloadWords): { rows: CaseloadLine[]; findings: Finding[] } {
  const byWord = new Map(CASELOAD_COLUMNS.flatMap((column) => words.columns[column].map((heading) => [foldWord(heading), column] as const)));
  const either = new Set(words.either.map(foldWord));
  for (const reading of readingsOf(source)) {
    const heading = reading.head(ROWS_MAX).find((record) => isHeading(placesOf(record, byWord, either)));
    if (heading) return read(reading.whole(), heading.line, placesOf(heading, byWord, either), words);
  }
  throw new AppError('invalid', 'payments.columns_untold', { params: { kind: 'caseload' }, findings: [{ code: 'payments.column_untold', severity: 'block', path: 'case_id', line: 1 }] });
}

const isHeading = (places: ReadonlyMap<Column, number>): boolean => places.has('caseId') && places.size >= 2;

function placesOf(record: CsvRecord, byWord: ReadonlyMap<string, Column>, either: ReadonlySet<string>): Map<Column, number> {
  const places = new Map<Column, number>();
  record.cells.forEach((cell, index) => {
    const column = byWord.get(foldWord(cell.slice(0, HEADING_CHARS_MAX)));
    if (column && !places.has(column)) places.set(column, index);
  });
  const theirs = places.get('partnerNumber');
  if (theirs !== undefined && !places.has('caseId') && either.has(foldWord((record.cells[theirs] ?? '').slice(0, HEADING_CHARS_MAX)))) {
    places.delete('partnerNumber');
    places.set('caseId', theirs);
  }
  return places;
}

function read(table: { records: CsvRecord[]; findings: Finding[] }, headingLine: number, places: ReadonlyMap<Column, number>, words: CaseloadWords): { rows: CaseloadLine[]; findings: Finding[] } {
  const statuses = new Map((['open', 'closed'] as const).flatMap((status) => words.statuses[status].map((word) => [foldWord(word), status] as const)));
  const totals = new Set(words.totalsWords.map(foldWord));
  const findings: Finding[] = [...table.findings];
  const rows: CaseloadLine[] = [];
  for (const record of table.records) {
    if (record.line <= headingLine || record.cells.every(isBlank) || record.cells.some((cell) => totals.has(foldWord(cell.split(/[\s:：]/)[0] ?? '')))) continue;
    const text = (column: Column): string => {
      const cell = oneSpaced((record.cells[places.get(column) ?? -1] ?? '').normalize('NFC'));
      if (cell.length > CELL_MAX) findings.push({ code: 'line.cell_too_long', severity: 'warn', line: record.line, path: column });
      return isBlank(cell) ? '' : cell.slice(0, CELL_MAX);
    };
    const said = text('status');
    const status = statuses.get(foldWord(said)) ?? null;
    if (said !== '' && status === null) findings.push({ code: 'caseload.status_unknown', severity: 'warn', line: record.line, path: 'status' });
    rows.push({ line: record.line, partnerNumber: text('partnerNumber'), caseId: text('caseId'), obligor: text('obligor'), obligee: text('obligee'), status });
  }
  return { rows, findings };
}
