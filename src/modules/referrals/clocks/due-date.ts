import { readFileSync } from 'node:fs';
import { AppError } from '../../../platform/errors.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { dueOn } from './clock.rules.ts';
import type { ClockRule, DayKind } from './clock.rules.ts';
import { isOfficeOpen } from './office-calendars.ts';

// The State whose offices count the working days (design: the calendar is configuration).
const STATE_CALENDAR = 'us-ca';

let table: ReadonlyMap<string, ClockRule> | undefined;

function clockTable(): ReadonlyMap<string, ClockRule> {
  if (!table) {
    const data = JSON.parse(readFileSync(new URL('./clocks.json', import.meta.url), 'utf8')) as { clocks: ClockRule[] };
    table = new Map(data.clocks.map((rule) => [rule.clock, Object.freeze(rule)]));
  }
  return table;
}

/** Every clock, in the order of the table. */
export function listClocks(): readonly ClockRule[] {
  return [...clockTable().values()];
}

/** @throws AppError `clock.unknown` (not_found). */
export function getClock(clock: string): ClockRule {
  const rule = clockTable().get(clock);
  if (!rule) throw new AppError('not_found', 'clock.unknown', { params: { clock: clock.slice(0, 60) } });
  return rule;
}

export interface DueDate {
  readonly clock: string;
  readonly from: CalendarDate;
  readonly due: CalendarDate;
  readonly dayKind: DayKind;
  readonly citation: string;
  readonly binding: boolean;
}

/**
 * When a clock that started on a date is due, with the law that says so. It knows no case: the caller tells on which
 * date the clock started (the table says which event starts it).
 *
 * @throws AppError `clock.unknown`, `clock.date_invalid`.
 */
export function dueDate(clock: string, from: CalendarDate, options: { withService?: boolean; calendarId?: string } = {}): DueDate {
  const rule = getClock(clock);
  if (!isCalendarDate(from)) throw new AppError('invalid', 'clock.date_invalid');
  const calendarId = options.calendarId ?? STATE_CALENDAR;
  const due = dueOn(rule, from, (date) => isOfficeOpen(calendarId, date), options.withService);
  return { clock, from, due, dayKind: rule.dayKind, citation: rule.citation, binding: rule.binding };
}

/** Whether the State's offices are open, by whose days working and business days are counted. */
export function isStateOfficeOpen(date: CalendarDate): boolean {
  return isOfficeOpen(STATE_CALENDAR, date);
}
