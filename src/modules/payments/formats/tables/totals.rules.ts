import type { Finding } from '../../../../platform/errors.ts';
import { decimalToMinor, isCurrency } from '../../../../platform/money.ts';
import { readDate } from './date.rules.ts';
import { isBlank, readNumber } from './number.rules.ts';
import type { Cells, LineStyle, PaymentLine } from './payment-line.rules.ts';
import { foldWord } from './text.rules.ts';

/** Totals rows of partner files: recognised, never taken for payments, and checked against the lines above them. */

export interface TotalsRow {
  line: number;
  cells: Cells;
  /** How many lines stand above it. */
  after: number;
}

const DAY_LIKE = /\p{N}/u;

/** A row without a date that says "total" in one of its cells, or that has sums and nothing else. */
export function isTotalsRow(cells: Cells, all: readonly string[], words: ReadonlySet<string>, style: LineStyle): boolean {
  if (DAY_LIKE.test(cells.happenedOn) && readDate(cells.happenedOn, style.dates.happenedOn) !== null) return false;
  if (cells.status !== '' && !saysTotal(cells.status, words)) return false;
  if (all.some((cell) => saysTotal(cell, words))) return isNoReference(cells.reference, words);
  const said = all.filter((cell) => cell !== '');
  return said.length > 0 && said.every((cell) => 'value' in readNumber(cell, style.numbers.amount, style.file, 2))
    && said.length === [cells.amount, cells.settled, cells.fee].filter((cell) => cell !== '').length && cells.reference === '';
}

function saysTotal(cell: string, words: ReadonlySet<string>): boolean {
  if (cell === '' || cell.length > 60) return false;
  const word = foldWord(cell);
  if (words.has(word)) return true;
  const first = foldWord(cell.split(/[\s:：(]/)[0] ?? '');
  return words.has(first) && (/[:：]/.test(cell) || !/\p{L}/u.test(cell.slice(first.length)) || /\b[A-Z]{3}\b/.test(cell));
}

function isNoReference(cell: string, words: ReadonlySet<string>): boolean {
  return isBlank(cell) || saysTotal(cell, words) || !/\d/.test(cell);
}

/** Each sum must be that of all lines above it, or of those since the totals row before it. */
export function checkTotals(totals: readonly TotalsRow[], lines: readonly PaymentLine[], style: LineStyle): Finding[] {
  const findings: Finding[] = [];
  let since = 0;
  for (const total of totals) {
    for (const column of ['amount', 'fee', 'settled'] as const) {
      const finding = checkOne(total, column, lines, since, style);
      if (finding) findings.push(finding);
    }
    since = total.after;
  }
  return findings;
}

function checkOne(total: TotalsRow, column: 'amount' | 'fee' | 'settled', lines: readonly PaymentLine[], since: number, style: LineStyle): Finding | null {
  if (isBlank(total.cells[column])) return null;
  const place: Finding = { code: 'payments.totals_unreadable', severity: 'warn', line: total.line, path: column };
  const reading = readNumber(total.cells[column], style.numbers[column], style.file, 2);
  if ('fault' in reading) return place;
  const above = sumOf(lines, column, 0, total.after);
  const recent = sumOf(lines, column, since, total.after);
  if (above === null) return { ...place, code: 'payments.totals_unchecked' };
  const given = decimalToMinor(reading.value, above.currency);
  if (given === above.sum || (recent && given === recent.sum)) return null;
  if (reading.value.scale === 0 && reading.value.digits === BigInt(total.after)) return null;
  return { ...place, code: 'payments.totals_mismatch', params: { given: given === null ? null : String(given), summed: String(above.sum), currency: above.currency } };
}

/** The sum of a column in its one currency; null where lines are unreadable or in several currencies, so that nothing can be compared. */
function sumOf(lines: readonly PaymentLine[], column: 'amount' | 'fee' | 'settled', from: number, to: number): { sum: bigint; currency: string } | null {
  let sum = 0n;
  let currency: string | null = null;
  for (let at = from; at < to; at++) {
    const line = lines[at] as PaymentLine;
    const minor = column === 'amount' ? line.amountMinor : column === 'fee' ? line.feeMinor : line.settledMinor;
    if (line.faults.some((fault) => fault.startsWith(`line.${column}_un`) || fault.startsWith(`line.${column}_amb`))) return null;
    if (minor === null) continue;
    const theirs: string | null = column === 'amount' ? line.currency : line.settledCurrency;
    if (theirs === null || !isCurrency(theirs) || (currency !== null && currency !== theirs)) return null;
    currency = theirs;
    sum += minor;
  }
  return currency === null ? null : { sum, currency };
}
