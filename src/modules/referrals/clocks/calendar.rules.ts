import { addDays, calendarDateOf, dayOfWeek, daysInMonth } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';

interface RuleBase {
  readonly id: string;
  /** Days after (or before) the day that the rule names. */
  readonly offset?: number;
  readonly since?: number;
  readonly until?: number;
  /** Only every so many years, counted from `since`. */
  readonly every?: number;
  /** By day of the week on which it falls (0 Sunday … 6 Saturday): observed so many days later instead. */
  readonly observed?: Readonly<Record<string, number>>;
  /** Days of the week on which its falling earns a substitute holiday; one that meets another holiday on an open day earns it too. */
  readonly substitute?: readonly number[];
}

/**
 * A day that is closed every year: a fixed date, the nth weekday of a month (−1: the last), a date of the lunisolar calendar, or
 * Easter Sunday of the western churches (with `offset`: Good Friday is −2, Corpus Christi +60).
 */
export type HolidayRule = RuleBase & (
  | { readonly kind: 'date'; readonly month: number; readonly day: number }
  | { readonly kind: 'weekday'; readonly month: number; readonly weekday: number; readonly nth: number }
  | { readonly kind: 'lunar'; readonly month: number; readonly day: number }
  | { readonly kind: 'easter' }
);

export interface ClosedDay {
  readonly on: CalendarDate;
  readonly id: string;
}

/** On which days the offices of a place are open. Data: an operator adds the days that a governor or a ministry appoints. */
export interface OfficeCalendar {
  readonly calendarId: string;
  readonly zone: string;
  readonly citation: string;
  readonly confirmed: boolean;
  readonly weekend: readonly number[];
  readonly rules: readonly HolidayRule[];
  readonly closedDays: readonly ClosedDay[];
  readonly openDays: readonly CalendarDate[];
}

/** First day of a lunisolar month and day in a year of the common calendar; given from outside so that the rules stay pure. */
export type LunarDay = (year: number, month: number, day: number) => CalendarDate | null;

/** Every closed day of a year, weekends apart, in order; days observed in a neighbouring year are found too. */
export function closedDaysOf(calendar: OfficeCalendar, year: number, lunarDay: LunarDay): ClosedDay[] {
  const found = [year - 1, year, year + 1].flatMap((each) => holidaysOf(calendar, each, lunarDay));
  const opened = new Set(calendar.openDays);
  return [...found, ...calendar.closedDays]
    .filter(({ on }) => on.startsWith(`${year}-`) && !opened.has(on))
    .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
}

function holidaysOf(calendar: OfficeCalendar, year: number, lunarDay: LunarDay): ClosedDay[] {
  const named = calendar.rules.flatMap((rule) => {
    const on = holds(rule, year) ? dayOf(rule, year, lunarDay) : null;
    return on === null ? [] : [{ rule, on }];
  });
  const days: ClosedDay[] = named.map(({ rule, on }) => ({ on: addDays(on, rule.observed?.[String(dayOfWeek(on))] ?? 0), id: rule.id }));
  const taken = new Set([...days, ...calendar.closedDays].map(({ on }) => on));
  const substituted = new Set<CalendarDate>();
  for (const { rule, on } of [...named].sort((a, b) => (a.on < b.on ? -1 : 1))) {
    if (!rule.substitute || substituted.has(on)) continue;
    const isOnDayOff = calendar.weekend.includes(dayOfWeek(on));
    const isEarned = isOnDayOff ? rule.substitute.includes(dayOfWeek(on)) : named.some((other) => other.rule !== rule && other.on === on);
    if (!isEarned) continue;
    let instead = addDays(on, 1);
    while (taken.has(instead) || calendar.weekend.includes(dayOfWeek(instead))) instead = addDays(instead, 1);
    taken.add(instead);
    substituted.add(on);
    days.push({ on: instead, id: rule.id });
  }
  return days;
}

function holds(rule: HolidayRule, year: number): boolean {
  if (year < (rule.since ?? year) || year > (rule.until ?? year)) return false;
  return rule.every === undefined || (year - (rule.since ?? 0)) % rule.every === 0;
}

function dayOf(rule: HolidayRule, year: number, lunarDay: LunarDay): CalendarDate | null {
  const base = baseDay(rule, year, lunarDay);
  return base === null ? null : addDays(base, rule.offset ?? 0);
}

function baseDay(rule: HolidayRule, year: number, lunarDay: LunarDay): CalendarDate | null {
  if (rule.kind === 'date') return calendarDateOf(year, rule.month, rule.day);
  if (rule.kind === 'lunar') return lunarDay(year, rule.month, rule.day);
  if (rule.kind === 'easter') return easterSunday(year);
  if (rule.nth < 0) {
    const last = calendarDateOf(year, rule.month, daysInMonth(year, rule.month)) as CalendarDate;
    return addDays(last, -((dayOfWeek(last) - rule.weekday + 7) % 7) + (rule.nth + 1) * 7);
  }
  const first = calendarDateOf(year, rule.month, 1) as CalendarDate;
  return addDays(first, ((rule.weekday - dayOfWeek(first) + 7) % 7) + (rule.nth - 1) * 7);
}

/** Easter of the Gregorian calendar, by the anonymous algorithm of 1876 (Meeus, Astronomical Algorithms, chapter 8). */
function easterSunday(year: number): CalendarDate | null {
  const [golden, century, rest] = [year % 19, Math.floor(year / 100), year % 100];
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(rest / 4) - epact - (rest % 4)) % 7;
  const moon = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const day = epact + weekday - 7 * moon + 114;
  return calendarDateOf(year, Math.floor(day / 31), (day % 31) + 1);
}
