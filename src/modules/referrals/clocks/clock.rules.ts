import { addDays, addMonths, daysBetween } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';

/** `calendar`: every day counts. `working` and `business`: only days on which the State's offices are open; the law uses both words. */
export type DayKind = 'calendar' | 'working' | 'business';
export type ClockLength = { readonly days: number } | { readonly weeks: number } | { readonly months: number };

/** One deadline, with its source. Codes of `starts` and `stops` have their words in `clocks:event.*`. */
export interface ClockRule {
  readonly clock: string;
  readonly number: string;
  readonly citation: string;
  readonly dayKind: DayKind;
  readonly length: ClockLength;
  /** The length where process must be served first. */
  readonly withService?: ClockLength;
  readonly starts: string;
  readonly stops: string;
  /** A date promised to the other agency stops the clock too. */
  readonly promiseStops?: boolean;
  /** `earliest`: the first day on which something may be done, not the last on which it must be. */
  readonly sense?: 'earliest';
  /** Due again and again: what stops it starts it anew. */
  readonly repeats?: boolean;
  /** Whether the law binds, or the date is only a target. */
  readonly binding: boolean;
  /** Binds only toward a country with which the State has an arrangement (45 CFR 303.7 by 301.1): the partner's profile says whether. */
  readonly byArrangement?: boolean;
  /** What the other side is to do; ours is then to remind it. */
  readonly side?: 'theirs';
  /** The services whose request starts it, where a row of the lifecycle asks for that (`of_service`). */
  readonly services?: readonly string[];
  readonly confirmed: boolean;
}

/**
 * The day on which a clock ends. The day of the event is day 0. A calendar clock may end on a day off: no rule that
 * would roll it forward was found in 45 CFR 303.7. Months end on the same day of the month, or on its last day.
 */
export function dueOn(rule: ClockRule, from: CalendarDate, isOpen: (date: CalendarDate) => boolean, withService = false): CalendarDate {
  const length = (withService ? rule.withService : undefined) ?? rule.length;
  if ('months' in length) return addMonths(from, length.months);
  const days = 'weeks' in length ? length.weeks * 7 : length.days;
  return rule.dayKind === 'calendar' ? addDays(from, days) : addOpenDays(from, days, isOpen);
}

/** The nth open day after a date; the date itself never counts, open or not. */
export function addOpenDays(from: CalendarDate, count: number, isOpen: (date: CalendarDate) => boolean): CalendarDate {
  let date = from;
  for (let counted = 0; counted < count;) {
    date = addDays(date, 1);
    if (isOpen(date)) counted += 1;
  }
  return date;
}

/**
 * When a clock that was paused is due: as many of its days as were left are left on the day it goes on. What was overdue when
 * it was paused stays so.
 */
export function dueAfterPause(
  dayKind: DayKind, due: CalendarDate, paused: { readonly from: CalendarDate; readonly until: CalendarDate }, isOpen: (date: CalendarDate) => boolean,
): CalendarDate {
  if (paused.from >= due || paused.until <= paused.from) return due;
  if (dayKind === 'calendar') return addDays(paused.until, daysBetween(paused.from, due));
  let left = 0;
  for (let date = addDays(paused.from, 1); date <= due; date = addDays(date, 1)) left += isOpen(date) ? 1 : 0;
  const after = addOpenDays(paused.until, left, isOpen);
  // A day that was due on a day off (the calendar has changed since) is not made earlier by a pause.
  return after < due ? due : after;
}

export type ClockStanding = 'stopped_in_time' | 'stopped_late' | 'paused' | 'running' | 'due_today' | 'overdue';

/** Where a clock stands on a day. On its last day it is still in time. A clock that is paused is not overdue. */
export function clockStanding(due: CalendarDate, today: CalendarDate, stoppedOn: CalendarDate | null, pausedOn: CalendarDate | null = null): ClockStanding {
  if (stoppedOn !== null) return stoppedOn <= due ? 'stopped_in_time' : 'stopped_late';
  if (pausedOn !== null && pausedOn <= due) return 'paused';
  if (today === due) return 'due_today';
  return today < due ? 'running' : 'overdue';
}
