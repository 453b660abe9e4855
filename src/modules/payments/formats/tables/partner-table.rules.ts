import { AppError } from '../../../../platform/errors.ts';
import type { Finding } from '../../../../platform/errors.ts';
import type { CaseNumberForm, FileDialect } from '../../../partners/index.ts';
import { DELIMITERS, parseCsv } from './csv.rules.ts';
import type { CsvRecord, Delimiter } from './csv.rules.ts';
import { HEADING_CHARS_MAX, columnsByHeading, completeColumns, untoldFields } from './columns.rules.ts';
import type { ColumnContext, Columns } from './columns.rules.ts';
import { dayOrder } from './date.rules.ts';
import { numberStyle } from './number.rules.ts';
import type { NumberStyle } from './number.rules.ts';
import { DATE_FIELDS, FIELDS, NUMBER_FIELDS, lineRules, readPaymentLine } from './payment-line.rules.ts';
import type { Cells, Digest, Field, LineStyle, PaymentKind, PaymentLine } from './payment-line.rules.ts';
import { foldWord } from './text.rules.ts';
import { checkTotals, isTotalsRow } from './totals.rules.ts';
import type { TotalsRow } from './totals.rules.ts';

/**
 * A partner's forwarding report or remittance advice as delimiter-separated text (contracts 3 and 4): which kind it is, where its
 * heading stands, which column is which, and one reading for every line. Title rows before the heading, repeated headings,
 * totals rows and remarks of a single cell have no outcome.
 */

export interface PartnerLayout {
  forwarding: FileDialect | null;
  remittance: FileDialect | null;
  caseNumbers: readonly CaseNumberForm[];
  /** Some disbursement numbers that the partner was given, to know one by its form. */
  disbursementIds: readonly string[];
}

export interface PartnerTable {
  kind: PaymentKind;
  dialect: TableDialect;
  lines: PaymentLine[];
  findings: Finding[];
}

/** How the file was read; kept beside it so that a person can see what was decided. */
export interface TableDialect {
  delimiter: Delimiter;
  headingLine: number;
  columns: Columns;
  numbers: LineStyle['numbers'];
  dates: LineStyle['dates'];
}

const HEADING_ROWS_MAX = 30;
const HEADINGS_MIN = 3;
const CELL_CHARS_MAX = 2_000;

/** @throws AppError `payments.columns_untold`, with a finding for each needed column that cannot be told; `payments.kind_untold`; `payments.empty`. */
export function readPartnerTable(text: string, layout: PartnerLayout, digest: Digest): PartnerTable {
  const separated = separatorLine(text);
  const found = findHeading(separated.text, layout, separated.delimiter);
  const { records, findings } = parseCsv(separated.text, found.delimiter);
  for (const record of separated.skipped ? records : []) record.line += 1;
  for (const finding of separated.skipped ? findings : []) finding.line = (finding.line ?? 0) + 1;
  const heading = records[found.at] as CsvRecord;
  const words = heading.cells.map((cell) => foldWord(cell.slice(0, HEADING_CHARS_MAX)));
  const isHeading = ({ cells }: CsvRecord) => cells.length === words.length && cells.every((cell, index) => cell.length <= HEADING_CHARS_MAX && foldWord(cell) === words[index]);
  const data = records.slice(found.at + 1).filter((record) => !isHeading(record));
  const chosen = chooseKind(found.kinds, heading.cells, data, layout);
  return readLines(chosen, { delimiter: found.delimiter, headingLine: heading.line, columns: chosen.columns }, data, heading.cells.length, findings, digest);
}

/** Spreadsheets write `sep=;` before the heading. */
function separatorLine(text: string): { text: string; delimiter: Delimiter | null; skipped: boolean } {
  const match = /^sep=(.)\r?\n/i.exec(text);
  if (!match) return { text, delimiter: null, skipped: false };
  return { text: text.slice(match[0].length), delimiter: DELIMITERS.find((sign) => sign === match[1]) ?? null, skipped: true };
}

interface Found { delimiter: Delimiter; at: number; kinds: PaymentKind[] }

/** The row and delimiter under which most headings are known; without any, the first row as wide as the data. */
function findHeading(text: string, layout: PartnerLayout, given: Delimiter | null): Found {
  let best: (Found & { score: number }) | null = null;
  let widest: Found & { width: number } = { delimiter: ',', at: 0, kinds: kindsOf(layout), width: 1 };
  for (const delimiter of given ? [given] : DELIMITERS) {
    const { records } = parseCsv(text, delimiter, HEADING_ROWS_MAX);
    if (records.length === 0) throw new AppError('invalid', 'payments.empty');
    records.forEach((record, at) => {
      for (const kind of kindsOf(layout)) {
        const score = Object.keys(columnsByHeading(record.cells, layout[kind] as FileDialect)).length;
        if (best === null || score > best.score) best = { delimiter, at, kinds: [kind], score };
        else if (score === best.score && best.delimiter === delimiter && best.at === at) best.kinds.push(kind);
      }
    });
    const width = records.at(-1)?.cells.length ?? 0;
    if (width > widest.width) widest = { delimiter, at: records.findIndex((record) => record.cells.length === width), kinds: kindsOf(layout), width };
  }
  const known = best as (Found & { score: number }) | null;
  return known && known.score >= HEADINGS_MIN ? { ...known, kinds: kindsOf(layout) } : widest;
}

function kindsOf(layout: PartnerLayout): PaymentKind[] {
  return (['forwarding', 'remittance'] as const).filter((kind) => layout[kind] !== null);
}

/** The forms of some numbers: letters and signs as they stand, digits by their count. */
function formsOf(ids: readonly string[]): RegExp[] {
  const forms = new Set(ids.map((id) => id.replace(/[^\dA-Za-z]/g, '\\$&').replace(/\d+/g, (digits) => `\\d{${digits.length}}`)));
  return [...forms].filter((form) => form.includes('\\d')).map((form) => new RegExp(`^${form}$`));
}

interface Chosen { kind: PaymentKind; dialect: FileDialect; columns: Columns }

function chooseKind(kinds: readonly PaymentKind[], heading: readonly string[], data: readonly CsvRecord[], layout: PartnerLayout): Chosen {
  const caseNumbers = layout.caseNumbers.map((form) => new RegExp(form.pattern));
  const disbursementIds = formsOf(layout.disbursementIds);
  let isTold = false;
  const rows = data.filter((record) => record.cells.length > 1).map((record) => record.cells);
  const headed = kinds.map((kind) => {
    const dialect = layout[kind] as FileDialect;
    return { kind, dialect, byHeading: columnsByHeading(heading, dialect) };
  }).map((one) => ({ ...one, headed: Object.keys(one.byHeading).length })).sort((a, b) => b.headed - a.headed);
  const readings = headed.map(({ kind, dialect, byHeading, headed: known }, place) => {
    const context: ColumnContext = { dialect, kind, caseNumbers, disbursementIds };
    // Content is asked for the likelier kind; for the other only where the first stays open.
    const columns = place === 0 || !isTold ? completeColumns(byHeading, rows, heading.length, context) : byHeading;
    const missing = untoldFields(columns, rows, heading.length, context);
    isTold ||= missing.length === 0 && known > (headed[1]?.headed ?? 0);
    return { kind, dialect, columns, missing, headed: known };
  });
  const whole = readings.filter((reading) => reading.missing.length === 0).sort((a, b) => b.headed - a.headed);
  const [first, second] = whole;
  if (first && (!second || first.headed > second.headed)) return first;
  if (first) throw new AppError('invalid', 'payments.kind_untold');
  const nearest = [...readings].sort((a, b) => b.headed - a.headed || a.missing.length - b.missing.length)[0];
  if (!nearest) throw new AppError('invalid', 'payments.no_layout');
  const findings: Finding[] = nearest.missing.map((field) => ({ code: 'payments.column_untold', severity: 'block', path: field }));
  throw new AppError('invalid', 'payments.columns_untold', { findings, params: { kind: nearest.kind } });
}

function readLines(chosen: Chosen, told: Pick<TableDialect, 'delimiter' | 'headingLine' | 'columns'>, data: readonly CsvRecord[], width: number,
  findings: Finding[], digest: Digest): PartnerTable {
  const rules = lineRules(chosen.kind, chosen.dialect, digest);
  const totalsWords = new Set(chosen.dialect.totalsWords.map(foldWord));
  const style = styleOf(data, chosen.columns);
  const table: PartnerTable = { kind: chosen.kind, dialect: { ...told, numbers: style.numbers, dates: style.dates }, lines: [], findings };
  const totals: TotalsRow[] = [];
  for (const record of data) {
    const row: Row = { line: record.line, ...pickCells(record, chosen.columns, width) };
    if (isTotalsRow(row.cells, row.all, totalsWords, style)) totals.push({ line: row.line, cells: row.cells, after: table.lines.length });
    else if (isRemark(row.cells, row.all)) findings.push({ code: 'payments.remark_skipped', severity: 'info', line: row.line });
    else table.lines.push(readOne(row, style, rules));
    record.cells = [];
  }
  findings.push(...checkTotals(totals, table.lines, style));
  return table;
}

interface Row { line: number; cells: Cells; all: readonly string[]; surplus: boolean; tooLong: boolean }

function readOne(row: Row, style: LineStyle, rules: ReturnType<typeof lineRules>): PaymentLine {
  const read = readPaymentLine(row.line, row.cells, style, rules);
  // More cells than headings: cells have moved, unless everything still stands where it belongs.
  if (row.surplus && (read.faults.length > 0 || read.flags.length > 0)) read.faults.push('line.columns_surplus');
  if (row.tooLong) read.faults.push('line.cell_too_long');
  return read;
}

/** The cells of a line by field. A surplus cell after a closing note belongs to the note: its delimiter was not quoted. */
function pickCells(record: CsvRecord, columns: Columns, width: number): Omit<Row, 'line'> {
  const tooLong = record.cells.some((cell) => cell.length > CELL_CHARS_MAX);
  const all = (tooLong ? record.cells.map((cell) => cell.slice(0, CELL_CHARS_MAX)) : record.cells).map(plainCell);
  const cells = {} as Cells;
  for (const field of FIELDS) cells[field] = columns[field] === undefined ? '' : all[columns[field]] ?? '';
  const rest = all.slice(width).filter((cell) => cell !== '');
  if (rest.length > 0 && columns.note === width - 1) cells.note = [cells.note, ...rest].join(' ');
  return { cells, all, surplus: rest.length > 0, tooLong };
}

/** Spreadsheets keep digits as text by writing `="0012"` or a leading apostrophe. */
function plainCell(cell: string): string {
  const text = cell.trim();
  if (text === '' || (text[0] !== '=' && text[0] !== "'")) return text;
  if (text.startsWith('="') && text.endsWith('"')) return text.slice(2, -1);
  return text.startsWith("'") && /^'[\d=+-]/.test(text) ? text.slice(1) : text;
}

function styleOf(data: readonly CsvRecord[], columns: Columns): LineStyle {
  const numbers = {} as LineStyle['numbers'];
  for (const field of NUMBER_FIELDS) numbers[field] = numberStyle(columnOf(data, columns, field));
  const signs = new Set(NUMBER_FIELDS.map((field) => numbers[field].sign).filter((sign) => sign !== null));
  const [only] = signs;
  const file: NumberStyle = { sign: signs.size === 1 && only !== undefined ? only : null };
  const dates = {} as LineStyle['dates'];
  for (const field of DATE_FIELDS) dates[field] = dayOrder(columnOf(data, columns, field));
  return { numbers, file, dates };
}

function* columnOf(data: readonly CsvRecord[], columns: Columns, field: Field): Generator<string> {
  const index = columns[field];
  if (index === undefined) return;
  for (const { cells } of data) {
    const cell = cells[index] ?? '';
    if (cell !== '') yield plainCell(cell);
  }
}

/** A single cell of words below the table (who made it, when) is no line; a single cell where the reference stands is a broken one. */
function isRemark(cells: Cells, all: readonly string[]): boolean {
  const said = all.filter((cell) => cell !== '');
  if (said.length !== 1 || /^\S*\d\S*$/.test(said[0] as string)) return false;
  return cells.amount === '' && cells.happenedOn === '' && cells.settled === '';
}
