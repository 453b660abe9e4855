import { convert, decimalToMinor, isCurrency } from '../../../../platform/money.ts';
import type { Decimal } from '../../../../platform/money.ts';
import type { FileDialect } from '../../../partners/index.ts';
import { numberStyle, readNumber } from './number.rules.ts';
import type { Field, NumberField, PaymentKind } from './payment-line.rules.ts';

/**
 * Which of the untold number columns are amount, rate, fee and settled: the one assignment under which the lines add up,
 * settled = round(amount × rate) − fee. Two assignments that both hold tell nothing.
 */

export type Columns = Partial<Record<Field, number>>;

export interface ColumnContext {
  dialect: FileDialect;
  kind: PaymentKind;
  /** Usual forms of case numbers with this partner. */
  caseNumbers: readonly RegExp[];
  /** Forms of the disbursement numbers that this partner was given. */
  disbursementIds: readonly RegExp[];
  /** Columns that a saved mapping has given a part already. */
  reserved?: readonly number[];
  /** Fields of which a saved mapping says what they are on every line. */
  fixed?: readonly Field[];
}

const ROWS_NEEDED = 3;
const HOLDS = 0.9;
const CANDIDATES_MAX = 7;
/** Rows on which an assignment is tried; enough to tell chance from sense. */
const ROWS_TRIED = 400;

type Row = readonly string[];

export function numbersFit(told: Columns, allRows: readonly Row[], open: readonly number[], context: ColumnContext): Partial<Record<NumberField, number>> {
  const wanted = (['amount', 'rate', 'fee', 'settled'] as const).filter((field) => context.dialect.columns[field] && told[field] === undefined);
  if (wanted.length === 0) return {};
  const rows = allRows.slice(0, ROWS_TRIED);
  const values = new Map<number, (Decimal | null)[]>();
  for (const index of [...open, ...knownNumbers(told)]) {
    const read = readColumn(rows, index);
    if (read) values.set(index, read);
  }
  const candidates = open.filter((index) => values.has(index));
  if (candidates.length === 0 || candidates.length > CANDIDATES_MAX) return {};
  const holding: Partial<Record<NumberField, number>>[] = [];
  for (const assignment of assignments(wanted, candidates)) {
    if (holds({ ...told, ...assignment }, rows, values, context)) holding.push(assignment);
  }
  // An assignment that leaves a field out says less than one that tells it.
  const most = Math.max(0, ...holding.map((assignment) => Object.keys(assignment).length));
  const best = holding.filter((assignment) => Object.keys(assignment).length === most);
  return best.length === 1 ? best[0] as Partial<Record<NumberField, number>> : {};
}

function knownNumbers(told: Columns): number[] {
  return [told.amount, told.rate, told.fee, told.settled].filter((index) => index !== undefined);
}

function readColumn(rows: readonly Row[], index: number): (Decimal | null)[] | null {
  const cells = rows.map((row) => row[index] ?? '');
  const style = numberStyle(cells);
  const read = cells.map((cell) => {
    const reading = readNumber(cell, style, style, 2);
    return 'value' in reading ? reading.value : null;
  });
  const said = cells.filter((cell) => cell.trim() !== '').length;
  return said > 0 && read.filter((value) => value !== null).length >= HOLDS * said ? read : null;
}

function* assignments(wanted: readonly NumberField[], candidates: readonly number[]): Generator<Partial<Record<NumberField, number>>> {
  const [field, ...rest] = wanted;
  if (field === undefined) { yield {}; return; }
  if (field === 'fee') yield* assignments(rest, candidates);
  for (const index of candidates) {
    for (const more of assignments(rest, candidates.filter((other) => other !== index))) yield { ...more, [field]: index };
  }
}

function holds(columns: Columns, rows: readonly Row[], values: Map<number, (Decimal | null)[]>, context: ColumnContext): boolean {
  const { amount, rate, fee, settled } = columns;
  if (amount === undefined || rate === undefined || settled === undefined) return false;
  let tested = 0;
  let good = 0;
  for (let at = 0; at < rows.length; at++) {
    const [a, r, s] = [values.get(amount)?.[at], values.get(rate)?.[at], values.get(settled)?.[at]];
    if (!a || !r || !s || r.digits <= 0n) continue;
    const f = fee === undefined ? null : values.get(fee)?.[at] ?? null;
    const currencies = currenciesOf(columns, rows[at] as Row, context);
    if (!currencies) continue;
    tested++;
    if (addsUp(a, r, f, s, currencies, context)) good++;
    if (tested - good > (1 - HOLDS) * rows.length) return false;
  }
  return tested >= ROWS_NEEDED && good >= HOLDS * tested;
}

function currenciesOf(columns: Columns, row: Row, { dialect }: ColumnContext): [string, string] | null {
  const from = columns.currency === undefined ? dialect.currencies.amount[0] : row[columns.currency]?.trim().toUpperCase();
  const printed = columns.settledCurrency === undefined ? undefined : row[columns.settledCurrency]?.trim().toUpperCase();
  const to = printed ?? dialect.settledCurrency ?? dialect.currencies.settled[0];
  return from && to && isCurrency(from) && isCurrency(to) ? [from, to] : null;
}

function addsUp(amount: Decimal, rate: Decimal, fee: Decimal | null, settled: Decimal, [from, to]: [string, string], { dialect }: ColumnContext): boolean {
  const [a, f, s] = [decimalToMinor(amount, from), fee ? decimalToMinor(fee, to) : 0n, decimalToMinor(settled, to)];
  if (a === null || f === null || s === null) return false;
  const { quotation } = dialect.rate;
  const operation = quotation === 'perUsd' || quotation === 'perUnitCollected' ? 'multiply' : 'divide';
  const difference = convert(a, from, rate, to, operation) - f - s;
  return difference <= 1n && difference >= -1n;
}

