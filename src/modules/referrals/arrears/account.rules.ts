import { addDays, daysBetween, daysInMonth } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { divideRounded } from '../../../platform/money.ts';
import { accruesFrom, applicationOn, firstOfNextMonth, fractionsOf } from './interest-rule.rules.ts';
import type { Fractions, InterestRule, Part } from './interest-rule.rules.ts';

/** One line of the history in one currency, in minor units. Lines of interest are not among them, but for what was remitted. */
export interface Movement {
  readonly kind: 'charge' | 'adjustment' | 'payment' | 'remission';
  readonly on: CalendarDate;
  /** Negative only for an adjustment that reduces. */
  readonly amount: bigint;
  /** Support of the month in which it falls due, not a sum of older months. */
  readonly isCurrent: boolean;
}

export interface AccountInput {
  readonly movements: readonly Movement[];
  readonly asOf: CalendarDate;
  readonly rule: InterestRule | null;
  /** Nothing bears interest before there is an order. */
  readonly interestNotBefore: CalendarDate;
}

export interface MonthLine {
  readonly month: string;
  charged: bigint;
  adjusted: bigint;
  paid: bigint;
  paidToCurrent: bigint;
  paidToPrincipal: bigint;
  paidToInterest: bigint;
  /** At the end of the month; below zero is money received before anything was due for it. */
  principal: bigint;
  interestCharged: bigint;
  interest: bigint;
}

export interface Account {
  readonly months: readonly MonthLine[];
  /** Remitted interest that found no interest to reduce. */
  readonly remissionUnused: bigint;
  /** Days on which something unpaid stood before the rule's first rate. */
  readonly hasDaysWithoutRate: boolean;
}

interface Instalment { readonly due: CalendarDate; readonly bearsFrom: CalendarDate; readonly isCurrent: boolean; open: bigint; isBearing: boolean }

// On one day: what falls due, then what reduces it, then what is paid.
const RANK: Readonly<Record<Movement['kind'], number>> = { charge: 0, adjustment: 1, remission: 2, payment: 3 };
// Among lines of a kind current support comes first and then the smaller amount, so that their order in the extract says nothing.
const byDayAndRank = (a: Movement, b: Movement): number =>
  compare(a.on, b.on) || RANK[a.kind] - RANK[b.kind] || Number(b.isCurrent) - Number(a.isCurrent) || compare(a.amount, b.amount);
const byDue = (a: Movement, b: Movement): number => compare(a.on, b.on) || Number(b.isCurrent) - Number(a.isCurrent) || compare(a.amount, b.amount);
function compare<T extends string | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const isInstalment = ({ kind, amount }: Movement): boolean => kind === 'charge' || (kind === 'adjustment' && amount >= 0n);

/**
 * The account of one currency from its first movement to the end of the day `asOf`, month by month. Interest is kept as an exact
 * fraction of everything that has accrued; what a month shows is the difference of the rounded sums at its end and its start, so
 * that the lines always add up to the total, and the total is off by half a minor unit at most.
 */
export function accountOf(input: AccountInput): Account {
  const movements = input.movements.filter(({ on }) => on <= input.asOf).toSorted(byDayAndRank);
  const first = movements[0]?.on ?? input.asOf;
  const end = addDays(input.asOf, 1);
  const ledger = new Ledger(first, movements, input);
  let next = 0;
  for (const day of stops(first, end, ledger.instalments, movements, input.rule)) {
    ledger.accrueTo(day);
    if (day === end) break;
    if (day.endsWith('-01') && day !== first) ledger.turnMonth();
    ledger.fallDue();
    for (; movements[next]?.on === day; next++) ledger.take(movements[next] as Movement);
  }
  return ledger.close();
}

/** Every day on which something changes: between two of them each day bears the same interest. */
function stops(first: CalendarDate, end: CalendarDate, instalments: readonly Instalment[], movements: readonly Movement[], rule: InterestRule | null): CalendarDate[] {
  const days = new Set<CalendarDate>([first, end]);
  for (let month = firstOfNextMonth(first); month < end; month = firstOfNextMonth(month)) days.add(month);
  const others = [...movements.map(({ on }) => on), ...instalments.map(({ bearsFrom }) => bearsFrom), ...(rule?.rates ?? []).map(({ validFrom }) => validFrom)];
  for (const day of others) if (day > first && day < end) days.add(day);
  return [...days].sort();
}

/** Days of `[from, to)` that bear interest. */
function bearingDays(from: CalendarDate, to: CalendarDate, dayCount: InterestRule['dayCount']): bigint {
  let days = daysBetween(from, to);
  if (dayCount === 'actual_365_no_leap_day') {
    for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year++) {
      const leapDay = `${year}-02-29`;
      if (daysInMonth(year, 2) === 29 && from <= leapDay && leapDay < to) days -= 1;
    }
  }
  return BigInt(days);
}

/** The account as it stands at the start of a day. Whoever drives it stops at every day on which something changes. */
class Ledger {
  readonly instalments: readonly Instalment[];
  readonly #rule: InterestRule | null;
  readonly #fractions: Fractions | null;
  readonly #byStart: readonly Instalment[];
  readonly #months: MonthLine[] = [];
  #day: CalendarDate;
  #posted = 0;
  #started = 0;
  #oldest = 0;
  #principal = 0n;
  #credit = 0n;
  #bearing = 0n;
  #accrued = 0n;
  #interestPaid = 0n;
  #remitted = 0n;
  #interestShown = 0n;
  #remissionUnused = 0n;
  #hasDaysWithoutRate = false;

  constructor(first: CalendarDate, movements: readonly Movement[], { rule, interestNotBefore }: AccountInput) {
    this.#rule = rule;
    this.#fractions = rule ? fractionsOf(rule) : null;
    this.#day = first;
    this.instalments = movements.filter(isInstalment).toSorted(byDue).map(({ on, amount, isCurrent }) => {
      const start = rule ? accruesFrom(rule, on, isCurrent) : on;
      return { due: on, bearsFrom: start < interestNotBefore ? interestNotBefore : start, isCurrent, open: amount, isBearing: false };
    });
    this.#byStart = this.instalments.toSorted((a, b) => compare(a.bearsFrom, b.bearsFrom));
    this.#months.push(emptyMonth(first));
  }

  /** Every day since the last stop bears interest on what stood open at its end. */
  accrueTo(day: CalendarDate): void {
    if (this.#rule && this.#fractions && this.#bearing > 0n) {
      const since = this.#day;
      this.#accrued += this.#bearing * this.#fractions.rateOn(since) * bearingDays(since, day, this.#rule.dayCount);
      if (!this.#rule.rates.some(({ validFrom }) => validFrom <= since)) this.#hasDaysWithoutRate = true;
    }
    this.#day = day;
  }

  turnMonth(): void {
    this.#endMonth();
    this.#months.push(emptyMonth(this.#day));
  }

  /** What falls due takes what was received before its day; what reaches its own day begins to bear interest. */
  fallDue(): void {
    for (let at = this.instalments[this.#posted]; at && at.due <= this.#day; at = this.instalments[++this.#posted]) {
      const part = least(this.#credit, at.open);
      this.#credit -= part;
      this.#reduce(at, part);
    }
    for (let at = this.#byStart[this.#started]; at && at.bearsFrom <= this.#day; at = this.#byStart[++this.#started]) {
      at.isBearing = true;
      this.#bearing += at.open;
    }
  }

  take({ kind, amount }: Movement): void {
    switch (kind) {
      case 'charge': this.#month.charged += amount; this.#principal += amount; return;
      case 'adjustment': this.#adjust(amount); return;
      case 'remission': this.#remit(amount); return;
      case 'payment': this.#pay(amount); return;
    }
  }

  close(): Account {
    this.#endMonth();
    return { months: this.#months, remissionUnused: this.#remissionUnused, hasDaysWithoutRate: this.#hasDaysWithoutRate };
  }

  get #month(): MonthLine {
    return this.#months.at(-1) as MonthLine;
  }

  /** Accrued so far, to the minor unit, less what was paid of it and remitted. */
  #interestOpen(): bigint {
    return this.#interestRounded() - this.#interestPaid - this.#remitted;
  }

  #interestRounded(): bigint {
    return this.#fractions ? divideRounded(this.#accrued, this.#fractions.denominator) : 0n;
  }

  /** A reduction goes to the oldest open instalment, which gives the least interest from then on; the rest stands to the payer's credit. */
  #adjust(amount: bigint): void {
    this.#month.adjusted += amount;
    this.#principal += amount;
    if (amount < 0n) this.#credit += this.#payOldest(-amount, () => true);
  }

  #remit(amount: bigint): void {
    const part = least(amount, this.#interestOpen());
    this.#remitted += part;
    this.#remissionUnused += amount - part;
  }

  #pay(amount: bigint): void {
    const month = this.#month;
    month.paid += amount;
    const own = month.month;
    const isOfMonth = (instalment: Instalment): boolean => instalment.isCurrent && instalment.due.startsWith(own);
    let rest = amount;
    for (const part of applicationOn(this.#rule, this.#day)) {
      const before = rest;
      if (part === 'interest') rest -= least(rest, this.#interestOpen());
      else rest = part === 'current' ? this.#payOldest(rest, isOfMonth, own) : this.#payOldest(rest, (instalment) => !isOfMonth(instalment));
      this.#book(part, before - rest);
    }
    this.#book('principal', rest);
    this.#credit += rest;
  }

  #book(part: Part, amount: bigint): void {
    const month = this.#month;
    if (part === 'interest') {
      this.#interestPaid += amount;
      month.paidToInterest += amount;
      return;
    }
    this.#principal -= amount;
    if (part === 'current') month.paidToCurrent += amount;
    else month.paidToPrincipal += amount;
  }

  /** Pays what is due in the order in which it fell due, and within `month` also what will fall due later in it; gives back the rest. */
  #payOldest(amount: bigint, isMeant: (instalment: Instalment) => boolean, month?: string): bigint {
    while (this.#oldest < this.#posted && this.instalments[this.#oldest]?.open === 0n) this.#oldest++;
    let rest = amount;
    for (let at = this.#oldest; rest > 0n && at < this.instalments.length; at++) {
      const instalment = this.instalments[at] as Instalment;
      if (instalment.due > this.#day && !(month !== undefined && instalment.due.startsWith(month))) break;
      if (!isMeant(instalment)) continue;
      const part = least(rest, instalment.open);
      this.#reduce(instalment, part);
      rest -= part;
    }
    return rest;
  }

  #reduce(instalment: Instalment, amount: bigint): void {
    instalment.open -= amount;
    if (instalment.isBearing) this.#bearing -= amount;
  }

  #endMonth(): void {
    const month = this.#month;
    const shown = this.#interestRounded() - this.#remitted;
    month.interestCharged = shown - this.#interestShown;
    this.#interestShown = shown;
    month.interest = shown - this.#interestPaid;
    month.principal = this.#principal;
  }
}

function emptyMonth(day: CalendarDate): MonthLine {
  return { month: day.slice(0, 7), charged: 0n, adjusted: 0n, paid: 0n, paidToCurrent: 0n, paidToPrincipal: 0n, paidToInterest: 0n, principal: 0n, interestCharged: 0n, interest: 0n };
}
