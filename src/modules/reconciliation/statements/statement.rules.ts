import type { CalendarDate } from '../../../platform/dates.ts';
import { formatMajor } from '../../../platform/money.ts';
import { recordForPeople } from '../../payments/index.ts';

/** A partner's account with us over a period: opening, what moved by event, closing; for the partner's own accounts and for each case's. Pure. */

/** The entries of one account and event before the period and within it, on the account's normal side. */
export interface Movement {
  account: string;
  caseId: string | null;
  currency: string;
  event: string;
  beforeMinor: bigint;
  withinMinor: bigint;
  withinCount: number;
}

export interface AccountStatement {
  account: string;
  /** Null for the partner's own accounts. */
  caseId: string | null;
  currency: string;
  openingMinor: bigint;
  movements: { event: string; amountMinor: bigint; count: number }[];
  closingMinor: bigint;
}

export interface PeriodStatement {
  partnerId: string;
  from: CalendarDate;
  to: CalendarDate;
  /** Accounts of the partner; empty for whoever does not see all counties, because the money of all counties lies together there. */
  partner: AccountStatement[];
  cases: AccountStatement[];
}

/** Accounts in a fixed order, those that never moved left out. Opening and movements make the closing by construction: nothing else is asked for it. */
export function accountStatements(movements: readonly Movement[]): AccountStatement[] {
  const byAccount = new Map<string, AccountStatement>();
  for (const { account, caseId, currency, event, beforeMinor, withinMinor, withinCount } of movements) {
    const key = [caseId ?? '', account, currency].join(':');
    const one = byAccount.get(key) ?? { account, caseId, currency, openingMinor: 0n, movements: [], closingMinor: 0n };
    byAccount.set(key, one);
    one.openingMinor += beforeMinor;
    if (withinCount > 0) one.movements.push({ event, amountMinor: withinMinor, count: withinCount });
    one.closingMinor += beforeMinor + withinMinor;
  }
  return [...byAccount].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one).filter((one) => one.openingMinor !== 0n || one.movements.length > 0);
}

export const STATEMENT_COLUMNS = ['partner', 'from', 'to', 'case_id', 'account', 'currency', 'line', 'event', 'entries', 'amount'] as const;

/** The statement as CSV (RFC 4180): for each account a line `opening`, its lines `movement`, a line `closing`; within an account the first ones come to the last. */
export function statementCsv(statement: PeriodStatement): string {
  const rows = [...statement.partner, ...statement.cases].flatMap((one) => {
    const row = (line: string, event: string, entries: string, minor: bigint) =>
      [statement.partnerId, statement.from, statement.to, one.caseId ?? '', one.account, one.currency, line, event, entries, formatMajor(minor, one.currency)];
    return [row('opening', '', '', one.openingMinor), ...one.movements.map((m) => row('movement', m.event, String(m.count), m.amountMinor)), row('closing', '', '', one.closingMinor)];
  });
  return [STATEMENT_COLUMNS, ...rows].map((row) => `${recordForPeople(row)}\n`).join('');
}

/** Money of one month, kind of list, outcome and currency. */
export interface MonthOutcome { month: string; kind: 'forwarding' | 'remittance'; outcome: string; currency: string; lines: number; amountMinor: bigint }

/** The months from the first to the last, none left out. */
export function monthsBetween(from: CalendarDate, to: CalendarDate): string[] {
  const months: string[] = [];
  let [year, month] = [Number(from.slice(0, 4)), Number(from.slice(5, 7))];
  for (;;) {
    const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
    if (text > to.slice(0, 7)) return months;
    months.push(text);
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  }
}
