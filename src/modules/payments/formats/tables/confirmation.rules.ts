import type { CalendarDate } from '../../../../platform/dates.ts';
import { AppError } from '../../../../platform/errors.ts';
import type { Finding } from '../../../../platform/errors.ts';
import { decimalToMinor, formatMajor, isCurrency } from '../../../../platform/money.ts';
import type { CsvRecord } from './csv.rules.ts';
import { HEADING_CHARS_MAX } from './columns.rules.ts';
import { dayOrder, readDate } from './date.rules.ts';
import type { DayOrder } from './date.rules.ts';
import { isBlank, numberStyle, readNumber } from './number.rules.ts';
import type { NumberStyle } from './number.rules.ts';
import { MINOR_MAX } from './payment-line.rules.ts';
import { readingsOf } from './table.rules.ts';
import type { TableSource } from './table.rules.ts';
import { foldWord, oneSpaced } from './text.rules.ts';

/** Payee confirmations (contract 3, third layout): what payees said when they were called. Nothing is refused for one bad line; each is told by line and column. */

const ROWS_MAX = 30;
/** Headings that no other layout has. */
const TELLING_COLUMNS = ['confirmation_id', 'confirmed_on', 'spoken_to', 'outcome'] as const;
const TELLING = TELLING_COLUMNS.map(foldWord);
const TELLING_MIN = 3;

export const CONFIRMATION_COLUMNS = ['confirmation_id', 'disbursement_id', 'case_id', 'confirmed_on', 'caller', 'spoken_to', 'amount', 'currency', 'outcome', 'note'] as const;
type Column = (typeof CONFIRMATION_COLUMNS)[number];
const NEEDED: readonly Column[] = ['confirmation_id', 'disbursement_id', 'confirmed_on', 'outcome'];
const OUTCOMES = ['received', 'partly', 'not_received', 'unreachable'] as const;
type Outcome = (typeof OUTCOMES)[number];
const TEXT_MAX = 2_000;
const ID_MAX = 60;

/** Words of headings, outcomes and totals rows, as data (`confirmation-headings.json`); the first heading is the contract's. */
export interface ConfirmationWords {
  columns: Readonly<Record<Column, readonly string[]>>;
  outcomes: Readonly<Record<Outcome, readonly string[]>>;
  totalsWords: readonly string[];
}

export interface ConfirmationLine {
  line: number;
  confirmationId: string;
  disbursementId: string | null;
  caseId: string | null;
  confirmedOn: CalendarDate | null;
  caller: string;
  spokenTo: string;
  amountMinor: bigint | null;
  currency: string | null;
  outcome: Outcome | null;
  note: string;
  /** Codes of what makes the line unusable; each is a finding with its column, too. */
  faults: string[];
}

export interface ConfirmationTable {
  rows: ConfirmationLine[];
  findings: Finding[];
}

/** @throws AppError `payments.confirmations_elsewhere` when one of the first rows is the heading of payee confirmations. */
export function refuseConfirmations(source: TableSource): void {
  for (const reading of readingsOf(source)) {
    const heading = reading.head(ROWS_MAX).find(({ cells }) => isConfirmationHeading(cells));
    if (heading) throw new AppError('invalid', 'payments.confirmations_elsewhere', { findings: [{ code: 'payments.confirmations_elsewhere', severity: 'block', line: heading.line }] });
  }
}

function isConfirmationHeading(cells: readonly string[], told: (word: string) => Column | undefined = () => undefined): boolean {
  const words = new Set(cells.map((cell) => foldWord(cell.slice(0, HEADING_CHARS_MAX))));
  const columns = new Set([...words].map((word) => told(word) ?? word).map(foldWord));
  return TELLING.filter((word) => columns.has(word)).length >= TELLING_MIN;
}

/** Whether a table is one of payee confirmations, by the headings of its first rows. */
export function isConfirmationTable(source: TableSource, words: ConfirmationWords): boolean {
  return findHeading(source, wordsToColumns(words)) !== null;
}

/** @throws AppError `payments.empty`; `payments.columns_untold` with a finding for each needed column that no heading names. */
export function readConfirmationTable(source: TableSource, words: ConfirmationWords): ConfirmationTable {
  const byWord = wordsToColumns(words);
  const found = findHeading(source, byWord);
  if (!found) throw new AppError('invalid', 'payments.columns_untold', { params: { kind: 'confirmations' }, findings: NEEDED.map((path) => untold(path, 1)) });
  const { records, findings } = found.whole();
  const at = records.findIndex((record) => record.line === found.line);
  const heading = records[at] as CsvRecord;
  const places = placesOf(heading, byWord);
  const missing = NEEDED.filter((column) => !places.has(column));
  if (missing.length > 0) throw new AppError('invalid', 'payments.columns_untold', { params: { kind: 'confirmations' }, findings: missing.map((path) => untold(path, heading.line)) });
  const data = records.slice(at + 1).filter((record) => !isConfirmationHeading(record.cells, (word) => byWord.get(word)));
  const reader = new LineReader(places, data, words);
  const rows: ConfirmationLine[] = [];
  for (const record of data) {
    if (reader.isTotals(record)) continue;
    rows.push(reader.read(record, heading.cells.length, findings));
  }
  tellTwins(rows, findings);
  return { rows, findings };
}

const untold = (path: string, line: number): Finding => ({ code: 'payments.column_untold', severity: 'block', path, line });

function wordsToColumns(words: ConfirmationWords): Map<string, Column> {
  return new Map(CONFIRMATION_COLUMNS.flatMap((column) => words.columns[column].map((heading) => [foldWord(heading), column] as const)));
}

function placesOf(heading: CsvRecord, byWord: ReadonlyMap<string, Column>): Map<Column, number> {
  const places = new Map<Column, number>();
  heading.cells.forEach((cell, index) => {
    const column = byWord.get(foldWord(cell.slice(0, HEADING_CHARS_MAX)));
    if (column && !places.has(column)) places.set(column, index);
  });
  return places;
}

function findHeading(source: TableSource, byWord: ReadonlyMap<string, Column>) {
  for (const reading of readingsOf(source)) {
    const heading = reading.head(ROWS_MAX).find(({ cells }) => isConfirmationHeading(cells, (word) => byWord.get(word)));
    if (heading) return { line: heading.line, whole: reading.whole };
  }
  return null;
}

class LineReader {
  readonly #places: ReadonlyMap<Column, number>;
  readonly #outcomes: ReadonlyMap<string, Outcome>;
  readonly #totals: ReadonlySet<string>;
  readonly #amounts: NumberStyle;
  readonly #days: DayOrder;

  constructor(places: ReadonlyMap<Column, number>, data: readonly CsvRecord[], words: ConfirmationWords) {
    this.#places = places;
    this.#outcomes = new Map(OUTCOMES.flatMap((outcome) => words.outcomes[outcome].map((word) => [foldWord(word), outcome] as const)));
    this.#totals = new Set(words.totalsWords.map(foldWord));
    this.#amounts = numberStyle(data.map((record) => this.#cell(record, 'amount')));
    this.#days = dayOrder(data.map((record) => this.#cell(record, 'confirmed_on')));
  }

  #cell(record: CsvRecord, column: Column): string {
    const place = this.#places.get(column);
    return place === undefined ? '' : (record.cells[place] ?? '').trim();
  }

  isTotals(record: CsvRecord): boolean {
    return isBlank(this.#cell(record, 'outcome')) && isBlank(this.#cell(record, 'confirmed_on'))
      && record.cells.some((cell) => this.#totals.has(foldWord(cell.split(/[\s:：]/)[0] ?? '')));
  }

  read(record: CsvRecord, width: number, findings: Finding[]): ConfirmationLine {
    const faults: string[] = [];
    const fault = (code: string, path: Column): null => {
      faults.push(code);
      findings.push({ code, severity: 'block', line: record.line, path });
      return null;
    };
    const text = (column: Column, max: number): string => {
      const cell = oneSpaced(this.#cell(record, column).normalize('NFC'));
      if (cell.length > max) fault('line.cell_too_long', column);
      return cell.slice(0, max);
    };
    const id = (column: Column): string | null => (isBlank(this.#cell(record, column)) ? null : text(column, ID_MAX).normalize('NFKC'));
    const confirmationId = id('confirmation_id') ?? '';
    if (confirmationId === '') fault('line.reference_missing', 'confirmation_id');
    const disbursementId = id('disbursement_id') ?? fault('confirmation.disbursement_missing', 'disbursement_id');
    const confirmedOn = isBlank(this.#cell(record, 'confirmed_on')) ? fault('line.date_missing', 'confirmed_on')
      : readDate(this.#cell(record, 'confirmed_on'), this.#days) ?? fault('line.date_impossible', 'confirmed_on');
    const outcome = this.#outcomes.get(foldWord(this.#cell(record, 'outcome'))) ?? fault('confirmation.outcome_unknown', 'outcome');
    const money = this.#money(record, fault);
    if ((outcome === 'received' || outcome === 'partly') && money.amountMinor === null && faults.every((code) => !code.startsWith('line.amount'))) fault('line.amount_missing', 'amount');
    if (record.cells.slice(width).some((cell) => !isBlank(cell))) fault('line.columns_surplus', 'note');
    return {
      line: record.line, confirmationId, disbursementId, caseId: id('case_id'), confirmedOn, caller: text('caller', 200), spokenTo: text('spoken_to', 200),
      ...money, outcome, note: text('note', TEXT_MAX), faults,
    };
  }

  #money(record: CsvRecord, fault: (code: string, path: Column) => null): { amountMinor: bigint | null; currency: string | null } {
    const cell = this.#cell(record, 'amount');
    const printed = this.#cell(record, 'currency').normalize('NFKC').toUpperCase();
    if (isBlank(cell)) return { amountMinor: null, currency: null };
    if (isBlank(printed)) return { amountMinor: fault('line.currency_missing', 'currency'), currency: null };
    if (!isCurrency(printed)) return { amountMinor: fault('line.currency_unknown', 'currency'), currency: null };
    const reading = readNumber(cell, this.#amounts, this.#amounts, 2);
    if ('fault' in reading) return { amountMinor: fault(`line.amount_${reading.fault}`, 'amount'), currency: printed };
    if (reading.value.digits < 0n) return { amountMinor: fault('line.amount_negative', 'amount'), currency: printed };
    const minor = decimalToMinor(reading.value, printed);
    if (minor === null) return { amountMinor: fault('line.amount_too_fine', 'amount'), currency: printed };
    if (minor > MINOR_MAX) return { amountMinor: fault('line.amount_unreadable', 'amount'), currency: printed };
    return minor === 0n ? { amountMinor: null, currency: null } : { amountMinor: minor, currency: printed };
  }
}

/** One number twice in one file: the first stands, as nobody can say which is meant. */
function tellTwins(rows: readonly ConfirmationLine[], findings: Finding[]): void {
  const seen = new Map<string, number>();
  for (const row of rows) {
    const first = row.confirmationId === '' ? undefined : seen.get(row.confirmationId);
    if (first === undefined) seen.set(row.confirmationId, row.line);
    else findings.push({ code: 'confirmation.number_twice', severity: 'warn', line: row.line, path: 'confirmation_id', params: { first } });
  }
}

/** The cells of confirmations in the contract's layout, heading first. */
export function confirmationCells(rows: readonly Omit<ConfirmationLine, 'line' | 'faults'>[]): string[][] {
  return [[...CONFIRMATION_COLUMNS], ...rows.map((row) => [
    row.confirmationId, row.disbursementId ?? '', row.caseId ?? '', row.confirmedOn ?? '', row.caller, row.spokenTo,
    row.amountMinor === null || row.currency === null ? '' : formatMajor(row.amountMinor, row.currency), row.currency ?? '', row.outcome ?? '', row.note,
  ])];
}
