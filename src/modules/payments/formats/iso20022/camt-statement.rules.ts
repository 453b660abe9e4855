import type { CalendarDate } from '../../../../platform/dates.ts';
import { formatMajor } from '../../../../platform/money.ts';
import type { BankStatement } from '../bank-entry.rules.ts';
import { amountOf, child, dayOf, textAt } from './camt-node.rules.ts';
import type { Amount, XmlNode } from './camt-node.rules.ts';
import { ControlTotals } from './camt-totals.rules.ts';
import type { Difference } from './camt-totals.rules.ts';

/** One `Stmt` or `Ntfctn` while it is read: what it is, its balances, and whether they agree with its entries. */

const SEQUENCE_DIGITS_MAX = 15;

export class OpenStatement {
  readonly statement: BankStatement;
  readonly #hasBalances: boolean;
  readonly #balances: { code: string; amount: Amount | null; line: number; day: CalendarDate | null }[] = [];
  readonly #moved = new Map<string, bigint>();
  readonly #totals = new ControlTotals();
  #hasElectronic = false;
  #isPartial = false;

  constructor(line: number, hasBalances: boolean, page: { number: number; isLast: boolean } | null) {
    this.#hasBalances = hasBalances;
    this.statement = {
      line, account: '', currency: null, statementId: '', sequence: null, page: null, from: null, to: null, opening: null, closing: null, isCopy: false,
    };
    if (page) this.#paged(page.number, page.isLast);
  }

  /** A finished child of the statement, other than its entries. */
  part(node: XmlNode): void {
    const { statement } = this;
    if (node.name === 'Id') statement.statementId = node.text.trim();
    else if (node.name === 'ElctrncSeqNb' || node.name === 'LglSeqNb') this.#counted(node);
    else if (node.name === 'CpyDplctInd') statement.isCopy = node.text.trim() !== '';
    else if (node.name === 'StmtPgntn' || node.name === 'NtfctnPgntn') {
      const page = pageOf(node);
      if (page) this.#paged(page.number, page.isLast);
    } else if (node.name === 'FrToDt') {
      statement.from = dayOf(textAt(node, 'FrDtTm') || textAt(node, 'FrDt'));
      statement.to = dayOf(textAt(node, 'ToDtTm') || textAt(node, 'ToDt'));
    } else if (node.name === 'Acct') {
      statement.account = (textAt(node, 'Id', 'IBAN') || textAt(node, 'Id', 'Othr', 'Id')).replace(/\s+/g, '').toUpperCase();
      statement.currency = textAt(node, 'Ccy') || null;
    } else if (node.name === 'Bal') this.#balances.push({ code: textAt(node, 'Tp', 'CdOrPrtry', 'Cd'), amount: signedAmount(node), line: node.line, day: dayOf(textAt(node, 'Dt', 'Dt') || textAt(node, 'Dt', 'DtTm')) });
    else if (node.name === 'TxsSummry') this.#totals.said(node);
  }

  /** The bank counts every entry of the statement, booked or not. */
  entry(indicator: string, amount: Amount | null): void {
    this.#totals.entry(indicator, amount);
  }

  booked(currency: string, signed: bigint): void {
    this.#moved.set(currency, (this.#moved.get(currency) ?? 0n) + signed);
  }

  /** Sets the balances, and tells what does not agree. */
  close(): Difference[] {
    const { statement } = this;
    const first = this.#balances.find(({ code }) => code === 'OPBD') ?? this.#balances.find(({ code }) => code === 'PRCD');
    const last = this.#balances.findLast(({ code }) => code === 'CLBD');
    const found: Difference[] = [];
    const currency = statement.currency ?? first?.amount?.currency ?? last?.amount?.currency ?? this.#balances.find(({ amount }) => amount !== null)?.amount?.currency ?? null;
    statement.currency = currency;
    for (const balance of [first, last]) {
      if (!balance || balance.amount?.currency === currency) continue;
      found.push({ code: 'bank.balance_unreadable', severity: 'warn', line: balance.line, params: { balance: balance.code, currency: currency ?? '' } });
    }
    statement.opening = first?.amount?.currency === currency && first?.amount ? first.amount.minor : null;
    statement.closing = last?.amount?.currency === currency && last?.amount ? last.amount.minor : null;
    // Where no period is given, the days of the balances are one.
    if (statement.from === null && statement.to === null) [statement.from, statement.to] = [first?.day ?? null, last?.day ?? null];
    return [...found, ...this.#balanceDifference(last?.line ?? statement.line), ...this.#totals.differences(currency)];
  }

  /** Opening balance and booked entries must come to the closing balance; a page that has only one of the two cannot be checked. */
  #balanceDifference(line: number): Difference[] {
    const { opening, closing, currency } = this.statement;
    if (opening === null || closing === null || currency === null || !this.#hasBalances || this.#isPartial || this.#moved.size > 1) return [];
    const expected = opening + (this.#moved.get(currency) ?? 0n);
    if (expected === closing) return [];
    return [{ code: 'bank.balance_mismatch', severity: 'warn', line, params: { currency, expected: formatMajor(expected, currency), given: formatMajor(closing, currency) } }];
  }

  /** The electronic number counts what was sent to us, the legal one what the bank printed: the first is ours to check. */
  #counted(node: XmlNode): void {
    const text = node.text.trim();
    if (!/^\d+$/.test(text) || text.length > SEQUENCE_DIGITS_MAX || (node.name === 'LglSeqNb' && this.#hasElectronic)) return;
    this.#hasElectronic ||= node.name === 'ElctrncSeqNb';
    this.statement.sequence = Number(text);
  }

  /** Banks repeat the balances on every page, or not: over one page of several they say nothing about its entries. */
  #paged(number: number, isLast: boolean): void {
    this.statement.page = number;
    this.#isPartial = number > 1 || !isLast;
  }
}

/** `MsgPgntn` of the group header in version 02, `StmtPgntn` and `NtfctnPgntn` later. */
export function pageOf(node: XmlNode): { number: number; isLast: boolean } | null {
  const number = textAt(node, 'PgNb');
  return /^\d{1,5}$/.test(number) ? { number: Number(number), isLast: /^(true|1)$/.test(textAt(node, 'LastPgInd')) } : null;
}

function signedAmount(balance: XmlNode): Amount | null {
  const amount = amountOf(child(balance, 'Amt'));
  return amount && textAt(balance, 'CdtDbtInd') === 'DBIT' ? { ...amount, minor: -amount.minor } : amount;
}
