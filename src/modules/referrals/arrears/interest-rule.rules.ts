import { addMonths } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { parseDecimal } from '../../../platform/money.ts';

/** What a payment may pay, in the order in which a law names it. */
export type Part = 'current' | 'principal' | 'interest';

/**
 * Interest on support by the law of the jurisdiction that issued the order (`interest-rules.json`,
 * schemas/json/interest-rules.v1.json). Another jurisdiction is another entry there and its words in `arrears:rule.<ruleId>`.
 */
export interface InterestRule {
  readonly ruleId: string;
  readonly jurisdiction: string;
  /** Some laws treat cases worked by a Title IV-D agency differently from those that the parties enforce. */
  readonly enforcedBy: 'iv_d_agency' | 'others' | 'anybody';
  /** As the statement prints it. */
  readonly citation: string;
  /** Simple interest, in percent of the principal for a year. Before the first `validFrom` none is computed. */
  readonly rates: readonly { readonly validFrom: CalendarDate; readonly percent: string }[];
  /** The first day on which unpaid current support bears interest: its due date, or the first day of the month after. */
  readonly currentAccruesFrom: 'due_date' | 'next_month';
  /** `actual_365_no_leap_day`: the days there are, divided by 365, but 29 February bears nothing: a year never gives more than the rate. */
  readonly dayCount: 'actual_365' | 'actual_365_no_leap_day';
  /** What a payment pays first, by the day on which it was collected; the earliest entry also holds before its date. */
  readonly application: readonly { readonly validFrom: CalendarDate; readonly order: readonly Part[] }[];
  /** Whether rate, start and order were read in the text of the law. */
  readonly confirmed: boolean;
  readonly sources: readonly { readonly citation: string; readonly says: string; readonly seenIn: string; readonly confirmed: boolean }[];
}

/** Where no rule is configured: what 45 CFR 302.51(a) says of any collection, and no interest. */
const WITHOUT_RULE: readonly Part[] = ['current', 'principal'];

export function ruleOf(rules: readonly InterestRule[], jurisdiction: string, enforcedBy: InterestRule['enforcedBy']): InterestRule | null {
  const own = rules.filter((rule) => rule.jurisdiction === jurisdiction);
  return own.find((rule) => rule.enforcedBy === enforcedBy) ?? own.find((rule) => rule.enforcedBy === 'anybody') ?? null;
}

export function applicationOn(rule: InterestRule | null, date: CalendarDate): readonly Part[] {
  if (!rule) return WITHOUT_RULE;
  const [first, ...later] = rule.application;
  return later.findLast(({ validFrom }) => validFrom <= date)?.order ?? first?.order ?? WITHOUT_RULE;
}

export function firstOfNextMonth(date: CalendarDate): CalendarDate {
  return addMonths(`${date.slice(0, 7)}-01`, 1);
}

/** When something that fell due on a date begins to bear interest. */
export function accruesFrom(rule: InterestRule, due: CalendarDate, isCurrent: boolean): CalendarDate {
  return isCurrent && rule.currentAccruesFrom === 'next_month' ? firstOfNextMonth(due) : due;
}

/** Interest as a fraction: `numerator` counts principal × days × rate, of which `denominator` make one minor unit. */
export interface Fractions {
  readonly denominator: bigint;
  /** The rate in the numerator's units on a date; 0 before the first rate. */
  rateOn(date: CalendarDate): bigint;
}

const DAYS_OF_YEAR = 365n;

export function fractionsOf(rule: InterestRule): Fractions {
  const rates = rule.rates.map(({ validFrom, percent }) => {
    const decimal = parseDecimal(percent);
    if (!decimal) throw new Error(`fault: rate of ${rule.ruleId}`);
    return { validFrom, decimal };
  });
  const scale = Math.max(...rates.map(({ decimal }) => decimal.scale));
  const scaled = rates.map(({ validFrom, decimal }) => ({ validFrom, units: decimal.digits * 10n ** BigInt(scale - decimal.scale) }));
  return {
    denominator: DAYS_OF_YEAR * 100n * 10n ** BigInt(scale),
    rateOn: (date) => scaled.findLast(({ validFrom }) => validFrom <= date)?.units ?? 0n,
  };
}
