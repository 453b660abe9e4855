import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../platform/errors.ts';
import { addDays, dayOfWeek, isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { schemaFinding, schemaValidator } from '../../../platform/validation.ts';
import { closedDaysOf } from './calendar.rules.ts';
import type { ClosedDay, OfficeCalendar } from './calendar.rules.ts';

const BUILT_IN_URL = new URL('./calendars/', import.meta.url);
const BUILT_IN_IDS: readonly string[] = ['us-ca', 'mx', 'kr'];
const CALENDAR_FILE = /^[a-z]{2}(?:-[a-z]{2,3})?\.json$/;
const FILE_BYTES_MAX = 200_000;
const FILES_MAX = 500;

interface Appointed {
  readonly closedDays?: readonly ClosedDay[];
  readonly openDays?: readonly CalendarDate[];
}

const calendars = new Map<string, OfficeCalendar>();
const closedByYear = new Map<string, ReadonlyMap<CalendarDate, string>>();
let folder: string | null = null;

/**
 * Adds the days that an authority appoints, from `<dataDir>/calendars/<calendar id>.json` (`closedDays`, `openDays`), and whole
 * calendars of other places (schemas/json/office-calendar.v1.json); called once at start. Without it the built-in calendars hold
 * alone. A fault leaves the calendars as they were.
 *
 * @throws AppError `clock.calendar_invalid`.
 */
export function loadOfficeCalendars(dataDir: string | null): void {
  const from = dataDir === null ? null : join(dataDir, 'calendars');
  const read = idsIn(from).map((calendarId) => readCalendar(calendarId, from));
  folder = from;
  calendars.clear();
  closedByYear.clear();
  for (const calendar of read) calendars.set(calendar.calendarId, calendar);
}

/** @throws AppError `clock.calendar_unknown`, `clock.calendar_invalid`. */
export function calendarOf(calendarId: string): OfficeCalendar {
  const known = calendars.get(calendarId);
  if (known) return known;
  if (!idsIn(folder).includes(calendarId)) throw new AppError('not_found', 'clock.calendar_unknown', { params: { calendar: calendarId.slice(0, 20) } });
  const calendar = readCalendar(calendarId, folder);
  calendars.set(calendarId, calendar);
  return calendar;
}

/** All calendars that are known, by id. */
export function listOfficeCalendars(): readonly OfficeCalendar[] {
  return idsIn(folder).map(calendarOf);
}

function idsIn(from: string | null): string[] {
  const files = from !== null && existsSync(from) ? readdirSync(from).filter((name) => CALENDAR_FILE.test(name)).slice(0, FILES_MAX) : [];
  return [...new Set([...BUILT_IN_IDS, ...files.map((name) => name.slice(0, -'.json'.length))])];
}

function readCalendar(calendarId: string, from: string | null): OfficeCalendar {
  if (!BUILT_IN_IDS.includes(calendarId)) return wholeCalendar(calendarId, from);
  const base = JSON.parse(readFileSync(new URL(`${calendarId}.json`, BUILT_IN_URL), 'utf8')) as OfficeCalendar;
  const appointed = readFile<Appointed>(calendarId, from, 'office-calendar-days.v1') ?? {};
  return {
    ...base,
    closedDays: [...base.closedDays, ...(appointed.closedDays ?? [])],
    openDays: [...base.openDays, ...(appointed.openDays ?? [])],
  };
}

function wholeCalendar(calendarId: string, from: string | null): OfficeCalendar {
  const calendar = readFile<OfficeCalendar>(calendarId, from, 'office-calendar.v1');
  if (!calendar) throw new AppError('not_found', 'clock.calendar_unknown', { params: { calendar: calendarId } });
  if (calendar.calendarId === calendarId) return calendar;
  const finding = { code: 'clock.calendar_schema', severity: 'block', path: '/calendarId', params: { rule: 'const', expected: calendarId } } as const;
  throw new AppError('invalid', 'clock.calendar_invalid', { params: { calendar: calendarId }, findings: [finding] });
}

/** What the operator's file of a calendar says; null where there is none. */
function readFile<T>(calendarId: string, from: string | null, schema: string): T | null {
  const path = from === null ? null : join(from, `${calendarId}.json`);
  if (path === null || !existsSync(path)) return null;
  let data: unknown;
  try {
    const text = readFileSync(path, 'utf8');
    if (text.length > FILE_BYTES_MAX) throw new RangeError('too large');
    data = JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid', 'clock.calendar_invalid', { params: { calendar: calendarId }, cause });
  }
  const validate = schemaValidator(schema);
  if (validate(data)) return data as T;
  const findings = (validate.errors ?? []).map((error) => schemaFinding(error, 'clock.calendar_schema'));
  throw new AppError('invalid', 'clock.calendar_invalid', { params: { calendar: calendarId }, findings });
}

/** Days on which the offices are closed in a year, weekends apart. */
export function listClosedDays(calendarId: string, year: number): readonly ClosedDay[] {
  return [...closedIn(calendarId, year)].map(([on, id]) => ({ on, id }));
}

function closedIn(calendarId: string, year: number): ReadonlyMap<CalendarDate, string> {
  const key = `${calendarId}:${year}`;
  let closed = closedByYear.get(key);
  if (!closed) {
    closed = new Map(closedDaysOf(calendarOf(calendarId), year, koreanLunarDay).map(({ on, id }) => [on, id]));
    closedByYear.set(key, closed);
  }
  return closed;
}

/** Whether the offices of a calendar's place are open on a date. */
export function isOfficeOpen(calendarId: string, date: CalendarDate): boolean {
  const calendar = calendarOf(calendarId);
  if (calendar.openDays.includes(date)) return true;
  return !calendar.weekend.includes(dayOfWeek(date)) && !closedIn(calendarId, Number(date.slice(0, 4))).has(date);
}

const DANGI = new Intl.DateTimeFormat('en-u-ca-dangi', { year: 'numeric', month: 'numeric', day: 'numeric', timeZone: 'UTC' });

/** The day of the common calendar for a day of the Korean lunisolar one; leap months are no holidays. */
function koreanLunarDay(year: number, month: number, day: number): CalendarDate | null {
  const from = `${year}-01-15`;
  for (let ahead = 0; ahead < 360; ahead += 1) {
    const date = addDays(from, ahead);
    const parts = DANGI.formatToParts(new Date(`${date}T00:00:00Z`));
    const part = (type: string) => parts.find((each) => each.type === type)?.value;
    if (part('month') === String(month) && part('day') === String(day)) return isCalendarDate(date) ? date : null;
  }
  return null;
}
