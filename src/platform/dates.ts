/** Calendar dates are ISO 8601 strings (`2026-11-22`); instants are `Date`. Time comes from a `Clock`, never from the system directly. */
export type CalendarDate = string;

export interface Clock {
  now(): Date;
}

export const systemClock: Clock = Object.freeze({ now: () => new Date() });

/** A clock that stands still: for tests, and for output whose bytes must not depend on when it was made. */
export function fixedClock(instant: string | Date): Clock {
  const at = new Date(instant);
  return Object.freeze({ now: () => new Date(at) });
}

const DAY_MS = 86_400_000;

/** Whether the text is a real day of the calendar between the years 1800 and 2199, written YYYY-MM-DD. */
export function isCalendarDate(text: string): text is CalendarDate {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return year >= 1800 && year <= 2199 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** The date written from its parts, or null when there is no such day. */
export function calendarDateOf(year: number, month: number, day: number): CalendarDate | null {
  const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return isCalendarDate(text) ? text : null;
}

export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function toUtc(date: CalendarDate): number {
  return Date.parse(`${date}T00:00:00Z`);
}

export function addDays(date: CalendarDate, days: number): CalendarDate {
  return new Date(toUtc(date) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Same day of a later month; where that month is shorter, its last day. */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const index = year * 12 + (month - 1) + months;
  const toYear = Math.floor(index / 12);
  const toMonth = (index % 12) + 1;
  return calendarDateOf(toYear, toMonth, Math.min(day, daysInMonth(toYear, toMonth))) as CalendarDate;
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return Math.round((toUtc(to) - toUtc(from)) / DAY_MS);
}

/** 0 Sunday … 6 Saturday. */
export function dayOfWeek(date: CalendarDate): number {
  return new Date(toUtc(date)).getUTCDay();
}

/** Making one takes longer than a hundred days written by it, and there are few zones. */
const dayFormats = new Map<string, Intl.DateTimeFormat>();
let lastDay = { instant: Number.NaN, timeZone: '', day: '' };

/** The calendar day on which an instant falls in a time zone (IANA name). */
export function calendarDate(instant: Date, timeZone: string): CalendarDate {
  // A page asks the day of one and the same instant again and again.
  if (lastDay.instant === instant.getTime() && lastDay.timeZone === timeZone) return lastDay.day;
  let format = dayFormats.get(timeZone);
  if (!format) dayFormats.set(timeZone, format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }));
  lastDay = { instant: instant.getTime(), timeZone, day: format.format(instant) };
  return lastDay.day;
}

/** The instant at which a clock on the wall of a time zone shows a time of day (`17:00`) on a date; of two such instants the first, of none the next. */
export function instantAt(date: CalendarDate, timeOfDay: string, timeZone: string): Date {
  const wanted = Date.parse(`${date}T${timeOfDay}:00Z`);
  const shownAt = (instant: number): number => {
    const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(new Date(instant));
    const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '00';
    return Date.parse(`${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:00Z`);
  };
  const first = wanted - (shownAt(wanted) - wanted);
  return new Date(first - (shownAt(first) - wanted));
}

/** What whoever counts the days of offices asks: the calendars and clocks themselves are data of the module referrals. */
export interface OfficeDays {
  isOfficeOpen(calendarId: string, date: CalendarDate): boolean;
  dueDate(clock: string, from: CalendarDate): { readonly due: CalendarDate; readonly citation: string; readonly binding: boolean };
}

const OPEN_DAYS_MAX = 4_000;

/** On how many days after `from`, up to and with `to`, an office was open: the day of the event is day 0. */
export function openDaysBetween(from: CalendarDate, to: CalendarDate, isOpen: (date: CalendarDate) => boolean): number {
  let open = 0;
  let date = from;
  for (let steps = 0; date < to && steps < OPEN_DAYS_MAX; steps++) {
    date = addDays(date, 1);
    if (isOpen(date)) open++;
  }
  return open;
}
