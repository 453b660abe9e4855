import type { Finding, Param } from '../../../../platform/errors.ts';
import { decimalToMinor, formatMajor, parseDecimal } from '../../../../platform/money.ts';
import { at, child, textAt } from './camt-node.rules.ts';
import type { Amount, XmlNode } from './camt-node.rules.ts';

/**
 * What a statement or notification says of its entries as a whole (`TxsSummry`, ISO 20022 "TotalTransactions"): how many there are and
 * what they come to, in all, by direction and net; against what was read. Entries that are not booked count as well.
 */

export interface Difference {
  code: string;
  severity: Finding['severity'];
  line: number;
  params: Record<string, Param>;
}

type Side = 'all' | 'credit' | 'debit';

interface Tally {
  entries: number;
  sums: Map<string, bigint>;
}

const SIDES: readonly (readonly [element: string, side: Side])[] = [['TtlNtries', 'all'], ['TtlCdtNtries', 'credit'], ['TtlDbtNtries', 'debit']];
const COUNT_CODES: Record<Side, string> = { all: 'bank.count_mismatch', credit: 'bank.credit_count_mismatch', debit: 'bank.debit_count_mismatch' };
const SUM_CODES: Record<Side, string> = { all: 'bank.sum_mismatch', credit: 'bank.credit_sum_mismatch', debit: 'bank.debit_sum_mismatch' };
/** ISO 4217: no currency. Stands where nothing in the statement names one. */
const NO_CURRENCY = 'XXX';
const SHOWN_CHARS_MAX = 40;

export class ControlTotals {
  #summary: XmlNode | null = null;
  #isDirectionOpen = false;
  #isAmountOpen = false;
  readonly #tallies: Record<Side, Tally> = { all: emptyTally(), credit: emptyTally(), debit: emptyTally() };

  said(summary: XmlNode): void {
    this.#summary = summary;
  }

  entry(indicator: string, amount: Amount | null): void {
    const side = indicator === 'CRDT' ? 'credit' : indicator === 'DBIT' ? 'debit' : null;
    this.#isDirectionOpen ||= side === null;
    this.#isAmountOpen ||= amount === null;
    for (const tally of side === null ? [this.#tallies.all] : [this.#tallies.all, this.#tallies[side]]) {
      tally.entries++;
      if (amount) tally.sums.set(amount.currency, (tally.sums.get(amount.currency) ?? 0n) + amount.minor);
    }
  }

  /** Every control total that is not what the entries come to. `currency` is that of the account, where there are no entries to say. */
  differences(currency: string | null): Difference[] {
    const found: Difference[] = [];
    for (const [element, side] of SIDES) {
      const said = this.#summary && child(this.#summary, element);
      if (!said) continue;
      found.push(...this.#countDifference(said, side), ...this.#sumDifference(child(said, 'Sum'), side, currency));
      if (side === 'all') found.push(...this.#netDifference(said, currency));
    }
    return [...found, ...this.#unchecked()];
  }

  /** Control sums name no currency: over entries in several they say nothing, and over an unreadable one, which is told itself, neither. */
  #unchecked(): Difference[] {
    const hasSums = SIDES.some(([element]) => this.#summary && (at(this.#summary, element, 'Sum') ?? at(this.#summary, element, 'TtlNetNtry') ?? at(this.#summary, element, 'TtlNetNtryAmt')));
    if (!hasSums || !this.#areSumsOpen()) return [];
    return [{ code: 'bank.sums_unchecked', severity: 'info', line: (this.#summary as XmlNode).line, params: {} }];
  }

  #areSumsOpen(): boolean {
    return this.#isDirectionOpen || this.#isAmountOpen || this.#tallies.all.sums.size > 1;
  }

  #countDifference(said: XmlNode, side: Side): Difference[] {
    const node = child(said, 'NbOfNtries');
    if (!node || (side !== 'all' && this.#isDirectionOpen)) return [];
    const text = node.text.trim();
    const counted = this.#tallies[side].entries;
    if (/^\d{1,15}$/.test(text) && Number(text) === counted) return [];
    return [{ code: COUNT_CODES[side], severity: 'warn', line: node.line, params: { expected: text.slice(0, SHOWN_CHARS_MAX), found: String(counted) } }];
  }

  #sumDifference(node: XmlNode | undefined, side: Side, currency: string | null): Difference[] {
    const { sums } = this.#tallies[side];
    return node && !this.#areSumsOpen() ? compareSum(SUM_CODES[side], node, 1n, this.#currency(currency), (of) => sums.get(of) ?? 0n) : [];
  }

  /** Version 02 writes `TtlNetNtryAmt` beside its direction, later versions `TtlNetNtry` with both inside. */
  #netDifference(said: XmlNode, currency: string | null): Difference[] {
    const later = child(said, 'TtlNetNtry');
    const node = later ? child(later, 'Amt') : child(said, 'TtlNetNtryAmt');
    if (!node || this.#areSumsOpen()) return [];
    const sign = textAt(later ?? said, 'CdtDbtInd') === 'DBIT' ? -1n : 1n;
    const { credit, debit } = this.#tallies;
    return compareSum('bank.net_mismatch', node, sign, this.#currency(currency), (of) => (credit.sums.get(of) ?? 0n) - (debit.sums.get(of) ?? 0n));
  }

  #currency(fallback: string | null): string | null {
    return [...this.#tallies.all.sums.keys()][0] ?? fallback;
  }
}

function compareSum(code: string, node: XmlNode, sign: bigint, currency: string | null, sumIn: (currency: string) => bigint): Difference[] {
  const text = node.text.trim();
  const decimal = parseDecimal(text);
  const found = currency === null ? 0n : sumIn(currency);
  const said = decimal && (currency === null ? decimal.digits : decimalToMinor(decimal, currency));
  if (said !== null && said * sign === found) return [];
  const params = {
    expected: said === null || currency === null ? text.slice(0, SHOWN_CHARS_MAX) : formatMajor(said * sign, currency),
    found: currency === null ? '0' : formatMajor(found, currency), currency: currency ?? NO_CURRENCY,
  };
  return [{ code, severity: 'warn', line: node.line, params }];
}

function emptyTally(): Tally {
  return { entries: 0, sums: new Map() };
}
