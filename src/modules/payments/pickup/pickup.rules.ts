import { addDays, calendarDate, dayOfWeek, instantAt } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';

// Names of files as senders' systems write them, and the days on which a file is expected.

const TEMPORARY = /^[.~]|^#.*#$|~$|\.(part|partial|tmp|temp|filepart|crdownload|download|swp|lock|writing|uploading)$/i;
const NAME_CHARACTERS_MAX = 100;
// With our id before it and an ending behind it, a name must still be one for file systems (255 bytes).
const NAME_BYTES_MAX = 180;

/** A file that its writer calls unfinished, or that is hidden. */
export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name);
}

/** The name without anything that a file system, a terminal or a log could take for something else. */
export function safeFileName(name: string): string {
  const plain = name.normalize('NFC').replace(/[^\p{L}\p{N} ._()+-]/gu, '_').replace(/^[ .-]+/, '').trim();
  let kept = [...plain].slice(-NAME_CHARACTERS_MAX);
  while (new TextEncoder().encode(kept.join('')).length > NAME_BYTES_MAX) kept = kept.slice(1);
  const cut = kept.join('').replace(/^[ .-]+/, '');
  return cut === '' ? 'unnamed' : cut;
}

/** `*` stands for anything, `?` for one character; capitals do not matter. */
export function fitsPattern(name: string, pattern: string | null): boolean {
  if (pattern === null) return true;
  // Step by step and not by a regular expression, which some patterns would keep busy for ever.
  const [text, wanted] = [name.toLowerCase(), pattern.toLowerCase()];
  let [at, sign, star, mark] = [0, 0, -1, 0];
  while (at < text.length) {
    if (sign < wanted.length && wanted[sign] !== '*' && (wanted[sign] === '?' || wanted[sign] === text[at])) [at, sign] = [at + 1, sign + 1];
    else if (wanted[sign] === '*') [star, mark, sign] = [sign, at, sign + 1];
    else if (star >= 0) [mark, at, sign] = [mark + 1, mark + 1, star + 1];
    else return false;
  }
  while (wanted[sign] === '*') sign++;
  return sign === wanted.length;
}

export interface Occurrence {
  readonly on: CalendarDate;
  readonly dueAt: Date;
  readonly alarmAt: Date;
  /** What came after this counts for it. */
  readonly opensAt: Date;
}

export interface Expectation {
  readonly weekdays: readonly number[];
  readonly by: string;
  readonly timeZone: string;
  readonly afterHours: number;
  readonly since: CalendarDate;
}

const LOOK_BACK_DAYS = 35;
const CLOSED_DAYS_MAX = 20;
const HOUR_MS = 3_600_000;

/** The days of the last weeks on which a file was to be there, in order. What would fall on a day off falls on the next open day; two that fall together are one. */
export function occurrences(expected: Expectation, now: Date, isOpen: (date: CalendarDate) => boolean): Occurrence[] {
  const today = calendarDate(now, expected.timeZone);
  const from = addDays(today, -LOOK_BACK_DAYS) > expected.since ? addDays(today, -LOOK_BACK_DAYS) : expected.since;
  const days = new Set<CalendarDate>();
  for (let date = from; date <= today; date = addDays(date, 1)) {
    if (expected.weekdays.includes(dayOfWeek(date))) days.add(nextOpen(date, isOpen));
  }
  let opensAt = instantAt(addDays(from, -1), expected.by, expected.timeZone);
  return [...days].sort().map((on) => {
    const dueAt = instantAt(on, expected.by, expected.timeZone);
    const found = { on, dueAt, alarmAt: new Date(dueAt.getTime() + expected.afterHours * HOUR_MS), opensAt };
    opensAt = dueAt;
    return found;
  });
}

function nextOpen(date: CalendarDate, isOpen: (date: CalendarDate) => boolean): CalendarDate {
  let next = date;
  for (let steps = 0; steps < CLOSED_DAYS_MAX && !isOpen(next); steps++) next = addDays(next, 1);
  return next;
}

export interface Arrival {
  readonly fileId: string;
  readonly at: Date;
}

/** Which arrival served which day: each takes the first that came after the day before and serves no earlier one. Null: nothing came. */
export function served(days: readonly Occurrence[], arrivals: readonly Arrival[]): { readonly day: Occurrence; readonly by: Arrival | null }[] {
  const free = [...arrivals].sort((a, b) => a.at.getTime() - b.at.getTime());
  return days.map((day) => {
    const index = free.findIndex((arrival) => arrival.at > day.opensAt);
    return { day, by: index < 0 ? null : (free.splice(index, 1)[0] ?? null) };
  });
}
