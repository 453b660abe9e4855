import type { Finding } from '../../../../platform/errors.ts';
import { decimalToMinor, formatMajor, isCurrency } from '../../../../platform/money.ts';
import { readDate } from './date.rules.ts';
import { canonicalDecimal, isBlank, readNumber } from './number.rules.ts';
import type { Cells, Field, LineStyle, PaymentLine } from './payment-line.rules.ts';
import { foldWord } from './text.rules.ts';

/** Totals rows of partner files: recognised, never taken for payments, and checked against the lines above them. */

export interface TotalsRow {
  line: number;
  cells: Cells;
  /** Every cell of the row. */
  all: readonly string[];
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

export function saysTotal(cell: string, words: ReadonlySet<string>): boolean {
  if (cell === '' || cell.length > 60) return false;
  const word = foldWord(cell);
  if (words.has(word)) return true;
  const first = foldWord(cell.split(/[\s:：(]/)[0] ?? '');
  return words.has(first) && (/[:：]/.test(cell) || !/\p{L}/u.test(cell.slice(first.length)) || /\b[A-Z]{3}\b/.test(cell));
}

function isNoReference(cell: string, words: ReadonlySet<string>): boolean {
  return isBlank(cell) || saysTotal(cell, words) || !/\d/.test(cell);
}

/**
 * Each sum must be, to the cent, that of the lines of the transfer that its row names; else that of all lines above it (a grand total) or of those
 * since the totals row before it (a subtotal). A row that names a currency sums the lines in that currency. Findings name the column by its heading
 * (`headingOf`) and sums as people write them.
 */
export function checkTotals(totals: readonly TotalsRow[], lines: readonly PaymentLine[], style: LineStyle, headingOf: (field: Field) => string): Finding[] {
  const findings: Finding[] = [];
  if (totals.length === 0) return findings;
  const above = new Tally();
  let since = new Tally();
  const byTransfer = new Map<string, Tally>();
  let at = 0;
  for (const total of totals) {
    for (; at < total.after; at++) {
      const line = lines[at] as PaymentLine;
      above.add(line);
      since.add(line);
      if (line.transferReference !== null) tallyOf(byTransfer, line.transferReference).add(line);
    }
    const transfer = transferOf(total, byTransfer);
    const scopes = transfer === null ? [above, since] : [tallyOf(byTransfer, transfer)];
    for (const column of SUMMED_COLUMNS) {
      const finding = checkOne(total, column, scopes, style);
      if (finding) findings.push({ ...finding, params: { ...finding.params, column: headingOf(column), ...(transfer === null ? {} : { transfer }) } });
    }
    since = new Tally();
  }
  return findings;
}

const SUMMED_COLUMNS = ['amount', 'fee', 'settled'] as const;
type SummedColumn = (typeof SUMMED_COLUMNS)[number];

function tallyOf(tallies: Map<string, Tally>, transfer: string): Tally {
  const tally = tallies.get(transfer) ?? new Tally();
  tallies.set(transfer, tally);
  return tally;
}

/** Sums of some lines, column by column and currency by currency. */
class Tally {
  lines = 0;
  readonly #sums: Record<SummedColumn, Map<string, bigint>> = { amount: new Map(), fee: new Map(), settled: new Map() };
  /** Currencies of cells that cannot be summed; null where their currency is unknown, too. */
  readonly #unread: Record<SummedColumn, Set<string | null>> = { amount: new Set(), fee: new Set(), settled: new Set() };

  add(line: PaymentLine): void {
    this.lines++;
    for (const column of SUMMED_COLUMNS) {
      const minor = column === 'amount' ? line.amountMinor : column === 'fee' ? line.feeMinor : line.settledMinor;
      const printed = column === 'amount' ? line.currency : line.settledCurrency;
      const currency = printed !== null && isCurrency(printed) ? printed : null;
      const sums = this.#sums[column];
      if (minor !== null && currency !== null) sums.set(currency, (sums.get(currency) ?? 0n) + minor);
      else if (line.faults.some((fault) => UNREAD[column].test(fault))) this.#unread[column].add(currency);
    }
  }

  /** The sum of a column in one currency; null where cells are unreadable or in several currencies, so that nothing can be compared. */
  sumOf(column: SummedColumn, named: string | null): { sum: bigint; currency: string } | null {
    const sums = this.#sums[column];
    const unread = this.#unread[column];
    if (named !== null) return unread.has(named) || unread.has(null) ? null : { sum: sums.get(named) ?? 0n, currency: named };
    const [only, ...more] = sums;
    return unread.size > 0 || !only || more.length > 0 ? null : { sum: only[1], currency: only[0] };
  }
}

const UNREAD: Readonly<Record<SummedColumn, RegExp>> = {
  amount: /^line\.(amount_(unr|amb|too)|currency_)/, fee: /^line\.fee_(unr|amb|too)/, settled: /^line\.(settled_(unr|amb|too)|settled_currency_)/,
};

/** The transfer that a totals row names: in its own column, or as a word beside "total" (`Subtotal TRLA2601001:`). */
function transferOf(total: TotalsRow, transfers: ReadonlyMap<string, Tally>): string | null {
  if (transfers.has(total.cells.transferReference)) return total.cells.transferReference;
  for (const cell of total.all) {
    if (cell.length > 120) continue;
    const named = cell.split(/[\s:：()]+/).filter((word) => transfers.has(word));
    if (named.length === 1) return named[0] as string;
  }
  return null;
}

function checkOne(total: TotalsRow, column: SummedColumn, scopes: readonly Tally[], style: LineStyle): Finding | null {
  if (isBlank(total.cells[column])) return null;
  const place: Finding = { code: 'payments.totals_unreadable', severity: 'warn', line: total.line, path: column };
  const reading = readNumber(total.cells[column], style.numbers[column], style.file, 2);
  if ('fault' in reading) return place;
  const { value } = reading;
  const named = currencyNamed(column === 'amount' ? total.cells.currency : total.cells.settledCurrency);
  const sums = scopes.map((scope) => scope.sumOf(column, named));
  const first = sums[0] ?? null;
  if (first === null) return { ...place, code: 'payments.totals_unchecked' };
  if (sums.some((sum) => sum !== null && decimalToMinor(value, sum.currency) === sum.sum)) return null;
  // Some rows count their lines where others sum them.
  if (value.scale === 0 && scopes.some((scope) => value.digits === BigInt(scope.lines))) return null;
  const given = decimalToMinor(value, first.currency);
  return {
    ...place, code: 'payments.totals_mismatch',
    params: { given: given === null ? canonicalDecimal(value) : formatMajor(given, first.currency), summed: formatMajor(first.sum, first.currency), currency: first.currency },
  };
}

function currencyNamed(cell: string): string | null {
  const text = cell.normalize('NFKC').trim().toUpperCase();
  return isCurrency(text) ? text : null;
}
