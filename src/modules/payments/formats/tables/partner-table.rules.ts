import { AppError } from '../../../../platform/errors.ts';
import type { Finding } from '../../../../platform/errors.ts';
import type { FileDialect } from '../../../partners/index.ts';
import { HEADING_CHARS_MAX, columnsByHeading, completeColumns, untoldFields } from './columns.rules.ts';
import type { ColumnContext, Columns } from './columns.rules.ts';
import type { CsvRecord, Delimiter } from './csv.rules.ts';
import { dayOrder } from './date.rules.ts';
import { findHeading, kindsOf } from './heading.rules.ts';
import type { FoundHeading, PartnerLayout } from './heading.rules.ts';
import { cellReader, cellsOf } from './mapping.rules.ts';
import type { CellReader, MappedHeading } from './mapping.rules.ts';
import { numberStyle } from './number.rules.ts';
import type { NumberStyle } from './number.rules.ts';
import { DATE_FIELDS, FIELDS, NUMBER_FIELDS, lineRules, readPaymentLine } from './payment-line.rules.ts';
import type { Cells, Digest, Field, LineStyle, PaymentKind, PaymentLine } from './payment-line.rules.ts';
import type { TableSource } from './table.rules.ts';
import { foldWord } from './text.rules.ts';
import { checkTotals, isTotalsRow, saysTotal } from './totals.rules.ts';
import type { TotalsRow } from './totals.rules.ts';

/**
 * A partner's forwarding report or remittance advice as a table of text cells (contracts 3 and 4): which kind it is, where its
 * heading stands, which column is which, and one reading for every line. Title rows before the heading, repeated headings,
 * totals rows and remarks of a single cell have no outcome.
 */

export type { PartnerLayout } from './heading.rules.ts';

export interface PartnerTable {
  kind: PaymentKind;
  dialect: TableDialect;
  lines: PaymentLine[];
  findings: Finding[];
  /** Words of the status column that stand for none of the statuses, as printed, each with its first line. */
  unreadStatuses: { line: number; word: string }[];
}

const STATUSES_MAX = 20;
const STATUS_CHARS_MAX = 60;

/** How the file was read; kept beside it so that a person can see what was decided. */
export interface TableDialect {
  /** Null for a sheet of a workbook. */
  delimiter: Delimiter | null;
  sheet: string | null;
  headingLine: number;
  /** Whether a saved mapping told the columns. */
  isMapped: boolean;
  columns: Columns;
  numbers: LineStyle['numbers'];
  dates: LineStyle['dates'];
}

const CELL_CHARS_MAX = 2_000;

/** @throws AppError `payments.columns_untold`, with a finding for each needed column that cannot be told; `payments.kind_untold`; `payments.empty`. */
export function readPartnerTable(source: TableSource, layout: PartnerLayout, digest: Digest): PartnerTable {
  const found = findHeading(source, layout);
  const { records, findings } = found.reading.whole();
  const words = found.heading.cells.map((cell) => foldWord(cell.slice(0, HEADING_CHARS_MAX)));
  const isHeading = ({ cells }: CsvRecord) => cells.length === words.length && cells.every((cell, index) => cell.length <= HEADING_CHARS_MAX && foldWord(cell) === words[index]);
  const data = records.filter((record) => record.line > found.line && !isHeading(record));
  const chosen = chooseKind(found, data, layout);
  const told = [...findings.filter((finding) => !ABOVE.includes(finding.code) || (finding.line ?? 0) > found.line), ...found.findings];
  const place = { delimiter: found.reading.delimiter, sheet: found.reading.sheet, headingLine: found.line, columns: chosen.columns, isMapped: found.mapped !== null };
  return readLines(chosen, place, data, Math.max(found.heading.cells.length, found.heading.headings?.length ?? 0), told, digest);
}

/** Findings that mean nothing above the table. */
const ABOVE = ['xlsx.merged_cells'];

/** The forms of some numbers: letters and signs as they stand, digits by their count. */
function formsOf(ids: readonly string[]): RegExp[] {
  const forms = new Set(ids.map((id) => id.replace(/[^\dA-Za-z]/g, '\\$&').replace(/\d+/g, (digits) => `\\d{${digits.length}}`)));
  return [...forms].filter((form) => form.includes('\\d')).map((form) => new RegExp(`^${form}$`));
}

interface Chosen { kind: PaymentKind; dialect: FileDialect; columns: Columns; cellOf: CellReader; headings: readonly string[] }

function chooseKind(found: FoundHeading, data: readonly CsvRecord[], layout: PartnerLayout): Chosen {
  const { cells, headings } = found.heading;
  const width = Math.max(cells.length, headings?.length ?? 0);
  const caseNumbers = layout.caseNumbers.map((form) => new RegExp(form.pattern));
  const disbursementIds = formsOf(layout.disbursementIds);
  let isTold = false;
  const rows = data.filter((record) => record.cells.length > 1).map((record) => record.cells);
  const kinds = found.mapped ? [found.mapped.kind] : kindsOf(layout);
  const headed = kinds.map((kind) => {
    const dialect = layout[kind] as FileDialect;
    return { kind, dialect, byHeading: mappedOrKnown(columnsByHeading(cells, dialect, headings), found.mapped?.heading ?? null) };
  }).map((one) => ({ ...one, headed: Object.keys(one.byHeading).length })).sort((a, b) => b.headed - a.headed);
  const readings = headed.map(({ kind, dialect, byHeading, headed: known }, place) => {
    const context: ColumnContext = { dialect, kind, caseNumbers, disbursementIds, ...mappedContext(found.mapped?.heading ?? null) };
    // Content is asked for the likelier kind; for the other only where the first stays open.
    const columns = place === 0 || !isTold ? completeColumns(byHeading, rows, width, context) : byHeading;
    const missing = untoldFields(columns, rows, width, context);
    isTold ||= missing.length === 0 && known > (headed[1]?.headed ?? 0);
    return { kind, dialect, columns, missing, headed: known };
  });
  const whole = readings.filter((reading) => reading.missing.length === 0).sort((a, b) => b.headed - a.headed);
  const [first, second] = whole;
  if (first && (!second || first.headed > second.headed)) {
    const totalsWords = new Set(first.dialect.totalsWords.map(foldWord));
    const cellOf = cellReader(first.columns, found.mapped?.heading ?? null, cells, (row) => row.some((cell) => saysTotal(cell, totalsWords)));
    return { ...first, cellOf, headings: cells.map((cell) => cell.slice(0, HEADING_CHARS_MAX)) };
  }
  if (first) throw new AppError('invalid', 'payments.kind_untold');
  const nearest = [...readings].sort((a, b) => b.headed - a.headed || a.missing.length - b.missing.length)[0];
  if (!nearest) throw new AppError('invalid', 'payments.no_layout');
  const findings: Finding[] = nearest.missing.map((field) => ({ code: 'payments.field_untold', severity: 'block', path: field, line: found.line, params: { field } }));
  throw new AppError('invalid', 'payments.columns_untold', { findings, params: { kind: nearest.kind } });
}

/** What a clerk said goes before what headings say: neither a mapped field nor a mapped column is told a second time. */
function mappedOrKnown(known: Columns, mapped: MappedHeading | null): Columns {
  if (!mapped) return known;
  const taken = new Set([...Object.values(mapped.columns), ...mapped.reserved]);
  const rest = Object.entries(known).filter(([field, index]) => mapped.columns[field as Field] === undefined && !taken.has(index));
  return { ...Object.fromEntries(rest), ...mapped.columns };
}

function mappedContext(mapped: MappedHeading | null): Pick<ColumnContext, 'reserved' | 'fixed'> {
  return mapped ? { reserved: mapped.reserved, fixed: Object.keys(mapped.mapping.fixed ?? {}) as Field[] } : {};
}

function readLines(chosen: Chosen, told: Omit<TableDialect, 'numbers' | 'dates'>, data: readonly CsvRecord[], width: number,
  findings: Finding[], digest: Digest): PartnerTable {
  const rules = lineRules(chosen.kind, chosen.dialect, digest);
  const totalsWords = new Set(chosen.dialect.totalsWords.map(foldWord));
  const style = styleOf(data, chosen);
  const table: PartnerTable = { kind: chosen.kind, dialect: { ...told, numbers: style.numbers, dates: style.dates }, lines: [], findings, unreadStatuses: [] };
  const totals: TotalsRow[] = [];
  for (const record of data) {
    const row: Row = { line: record.line, uncomputed: record.uncomputed === true, ...pickCells(record, chosen, width) };
    if (isTotalsRow(row.cells, row.all, totalsWords, style)) totals.push({ line: row.line, cells: row.cells, all: row.all, after: table.lines.length });
    else if (isRemark(row.cells, row.all)) findings.push({ code: 'payments.remark_skipped', severity: 'info', line: row.line });
    else {
      const line = readOne(row, style, rules);
      table.lines.push(line);
      if (line.flags.includes('line.status_unknown')) noteStatus(table.unreadStatuses, line.line, row.cells.status);
    }
    record.cells = [];
  }
  findings.push(...checkTotals(totals, table.lines, style, (field) => chosen.headings[chosen.columns[field] ?? -1]?.trim() ?? ''));
  return table;
}

function noteStatus(told: PartnerTable['unreadStatuses'], line: number, printed: string): void {
  const word = printed.slice(0, STATUS_CHARS_MAX);
  if (word !== '' && told.length < STATUSES_MAX && !told.some((one) => one.word === word)) told.push({ line, word });
}

interface Row { line: number; uncomputed: boolean; cells: Cells; all: readonly string[]; surplus: boolean; tooLong: boolean }

function readOne(row: Row, style: LineStyle, rules: ReturnType<typeof lineRules>): PaymentLine {
  const read = readPaymentLine(row.line, row.cells, style, rules);
  // More cells than headings: cells have moved, unless everything still stands where it belongs.
  if (row.surplus && (read.faults.length > 0 || read.flags.length > 0)) read.faults.push('line.columns_surplus');
  if (row.tooLong) read.faults.push('line.cell_too_long');
  if (row.uncomputed) read.faults.push('line.formula_uncomputed');
  return read;
}

/** The cells of a line by field. A surplus cell after a closing note belongs to the note: its delimiter was not quoted. */
function pickCells(record: CsvRecord, { columns, cellOf }: Chosen, width: number): Omit<Row, 'line' | 'uncomputed'> {
  const tooLong = record.cells.some((cell) => cell.length > CELL_CHARS_MAX);
  const all = (tooLong ? record.cells.map((cell) => cell.slice(0, CELL_CHARS_MAX)) : record.cells).map(plainCell);
  const cells = cellsOf(FIELDS, cellOf, all);
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

function styleOf(data: readonly CsvRecord[], chosen: Chosen): LineStyle {
  const numbers = {} as LineStyle['numbers'];
  for (const field of NUMBER_FIELDS) numbers[field] = numberStyle(columnOf(data, chosen, field));
  const signs = new Set(NUMBER_FIELDS.map((field) => numbers[field].sign).filter((sign) => sign !== null));
  const [only] = signs;
  const file: NumberStyle = { sign: signs.size === 1 && only !== undefined ? only : null };
  const dates = {} as LineStyle['dates'];
  for (const field of DATE_FIELDS) dates[field] = dayOrder(columnOf(data, chosen, field));
  return { numbers, file, dates };
}

function* columnOf(data: readonly CsvRecord[], { columns, cellOf }: Chosen, field: Field): Generator<string> {
  if (columns[field] === undefined) return;
  for (const { cells } of data) {
    const cell = cellOf(cells, field);
    if (cell !== '') yield plainCell(cell);
  }
}

/** A single cell of words below the table (who made it, when) is no line; a single cell where the reference stands is a broken one. */
function isRemark(cells: Cells, all: readonly string[]): boolean {
  const said = all.filter((cell) => cell !== '');
  if (said.length !== 1 || /^\S*\d\S*$/.test(said[0] as string)) return false;
  return cells.amount === '' && cells.happenedOn === '' && cells.settled === '';
}
