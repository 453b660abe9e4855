import { addDays } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { Finding } from '../../../platform/errors.ts';

// What must hold before a day of money may be closed, and how its figures are carried forward.

export const DAY_CHECKS = ['files', 'unheard', 'statements', 'agreement', 'suspense', 'carry_forward', 'days_before'] as const;
export type DayCheck = (typeof DAY_CHECKS)[number];

export interface CheckResult {
  readonly check: DayCheck;
  readonly isFine: boolean;
  /** How many things failed; the first of them are findings. */
  readonly count: number;
  readonly findings: readonly Finding[];
}

export interface DayBalance {
  readonly account: string;
  readonly partnerId: string | null;
  readonly currency: string;
  readonly openingMinor: bigint;
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
  readonly closingMinor: bigint;
  readonly entryCount: number;
  readonly lateCount: number;
  readonly lateMinor: bigint;
}

export type Movement = Omit<DayBalance, 'openingMinor' | 'closingMinor'>;

const FINDINGS_MAX = 50;

export function checkOf(check: DayCheck, findings: readonly Finding[], count = findings.length): CheckResult {
  return { check, isFine: count === 0, count, findings: findings.slice(0, FINDINGS_MAX) };
}

const key = (b: { account: string; partnerId: string | null; currency: string }): string => `${b.account} ${b.partnerId ?? ''} ${b.currency}`;

/** Opening is the last closing, opening and movements are the closing; an account that did not move is carried all the same. */
export function carryForward(before: readonly DayBalance[], moved: readonly Movement[]): DayBalance[] {
  const found = new Map<string, DayBalance>();
  for (const { account, partnerId, currency, closingMinor } of before) {
    found.set(key({ account, partnerId, currency }), { account, partnerId, currency, openingMinor: closingMinor, debitMinor: 0n, creditMinor: 0n, closingMinor, entryCount: 0, lateCount: 0, lateMinor: 0n });
  }
  for (const m of moved) {
    const openingMinor = found.get(key(m))?.openingMinor ?? 0n;
    found.set(key(m), { ...m, openingMinor, closingMinor: openingMinor + m.debitMinor - m.creditMinor });
  }
  return [...found.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Accounts whose carried-forward closing is not what the ledger's entries say for that moment, and currencies in which a day does not sum to zero. */
export function carryFindings(balances: readonly DayBalance[], ledger: ReadonlyMap<string, bigint>): Finding[] {
  const carried = new Map(balances.map((b) => [key(b), b.closingMinor]));
  const accounts = new Set([...carried.keys(), ...ledger.keys()]);
  const findings: Finding[] = [...accounts].filter((each) => (carried.get(each) ?? 0n) !== (ledger.get(each) ?? 0n)).sort()
    .map((each) => ({ code: 'days.closing_differs', severity: 'block', path: each, params: { account: each } }));
  const sums = Map.groupBy(balances, (b) => b.currency);
  for (const [currency, own] of sums) {
    if (own.reduce((sum, b) => sum + b.closingMinor, 0n) !== 0n) findings.push({ code: 'days.not_zero', severity: 'block', path: currency, params: { currency } });
  }
  return findings;
}

export const balanceKey = key;

/** Days between two closes on which the offices were open and which nobody closed. */
export function skippedDays(lastSigned: CalendarDate | null, day: CalendarDate, isOpen: (date: CalendarDate) => boolean): CalendarDate[] {
  if (lastSigned === null) return [];
  const skipped: CalendarDate[] = [];
  for (let date = addDays(lastSigned, 1); date < day && skipped.length < 400; date = addDays(date, 1)) if (isOpen(date)) skipped.push(date);
  return skipped;
}

/** The checks that failed and for which no reason was given. */
export function unreasoned(checks: readonly CheckResult[], reasons: Readonly<Partial<Record<DayCheck, string>>>): CheckResult[] {
  return checks.filter((c) => !c.isFine && (reasons[c.check] ?? '').trim().length < 3);
}

/** Everything that a signature vouches for, in one text that is digested: the same figures, checks and reasons give the same. */
export function figuresText(balances: readonly DayBalance[], checks: readonly CheckResult[], reasons: Readonly<Partial<Record<DayCheck, string>>>): string {
  return JSON.stringify([
    balances.map((b) => [key(b), String(b.openingMinor), String(b.debitMinor), String(b.creditMinor), String(b.closingMinor), b.entryCount, b.lateCount, String(b.lateMinor)]),
    checks.map((c) => [c.check, c.count, c.findings]), DAY_CHECKS.map((check) => reasons[check] ?? ''),
  ]);
}
