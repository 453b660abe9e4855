import type { Request, RequestHandler } from 'express';
import { calendarDateOf, daysInMonth, isCalendarDate } from '../platform/dates.ts';

/** A date as it was typed, in three fields `<name>.year`, `<name>.month`, `<name>.day`; a month of a year has no `day`. */
export interface DateParts {
  readonly year: string;
  readonly month: string;
  readonly day: string | null;
}

export type DatePart = keyof DateParts;

/** What is wrong with one part: it is not there, it is no such number, it is a year of no case, or (the day) its month is shorter. */
export interface DateFault {
  readonly part: DatePart;
  readonly kind: 'missing' | 'wrong' | 'beyond' | 'no_such_day';
  readonly typed: string;
  /** How many days the month has, where that is the fault. */
  readonly days: number;
}

/** What stands under the field's own name: ISO where it is a real day, else all that was typed, which never reads as a day however it is cut. */
export interface TypedDate {
  readonly value: string;
  readonly parts: DateParts;
  readonly faults: readonly DateFault[];
}

declare module 'express-serve-static-core' {
  interface Request {
    /** Dates that came in three fields, by name. */
    dates?: ReadonlyMap<string, TypedDate>;
  }
}

export const DATE_PARTS: readonly DatePart[] = ['year', 'month', 'day'];
const PART_CHARACTERS_MAX = 40;
const NUMBERS: Readonly<Record<DatePart, RegExp>> = { year: /^(?:1[89]|2[01])\d\d$/, month: /^(?:0?[1-9]|1[0-2])$/, day: /^(?:0?[1-9]|[12]\d|3[01])$/ };

/** Reads what was typed. Only what can be nothing else is a day: four digits for the year, and nothing is corrected. */
export function typedDate(given: DateParts): TypedDate {
  const read = (text: string): string => text.slice(0, PART_CHARACTERS_MAX).trim();
  const parts: DateParts = { year: read(given.year), month: read(given.month), day: given.day === null ? null : read(given.day) };
  const asked = DATE_PARTS.flatMap((part): { part: DatePart; typed: string }[] => (parts[part] === null ? [] : [{ part, typed: parts[part] }]));
  if (asked.every(({ typed }) => typed === '')) return { value: '', parts, faults: [] };
  const faults = asked.filter(({ part, typed }) => !NUMBERS[part].test(typed)).map(({ part, typed }): DateFault => ({ part, kind: typed === '' ? 'missing' : part === 'year' && /^\d{4}$/.test(typed) ? 'beyond' : 'wrong', typed, days: 0 }));
  if (faults.length > 0) return { value: asTyped(parts), parts, faults };
  const [year, month] = [Number(parts.year), Number(parts.month)];
  const value = calendarDateOf(year, month, Number(parts.day ?? 1));
  if (value !== null) return { value: parts.day === null ? value.slice(0, 7) : value, parts, faults };
  return { value: asTyped(parts), parts, faults: [{ part: 'day', kind: 'no_such_day', typed: parts.day ?? '', days: daysInMonth(year, month) }] };
}

/** Begins with no ISO date: pages cut what they read, and a cut must not make a day of it. */
function asTyped({ year, month, day }: DateParts): string {
  const text = [year, month, ...(day === null ? [] : [day])].join('/');
  return /^\d{4}-/.test(text) ? `/${text}` : text;
}

/** The parts of what stands under the name: of a day its numbers, of anything else what was typed. */
export function partsOfDate(value: string, isMonth = false): DateParts {
  const isReal = isCalendarDate(isMonth ? `${value}-01` : value);
  const [year = '', month = '', day = ''] = isReal ? value.split('-').map((part, index) => (index === 0 ? part : String(Number(part)))) : value.replace(/^\//, '').split('/');
  return { year, month, day: isMonth ? null : day };
}

const NAME = /^(.+)\.(?:year|month|day)$/s;

/** The one place where dates of forms and addresses are put together: pages see only `<name>`, as if it had been sent. */
export function dateFields(): RequestHandler {
  return (req, _res, next) => {
    const dates = new Map<string, TypedDate>();
    joinQuery(req, dates);
    joinBody(req, dates);
    req.dates = dates;
    next();
  };
}

function joinBody(req: Request, dates: Map<string, TypedDate>): void {
  const body = req.body as Record<string, unknown> | undefined;
  if (body === undefined || body === null) return;
  for (const name of namesIn(Object.keys(body))) {
    const read = (part: DatePart): string | null => (Object.hasOwn(body, `${name}.${part}`) ? first(body[`${name}.${part}`]) : null);
    const date = typedDate({ year: read('year') ?? '', month: read('month') ?? '', day: read('day') });
    dates.set(name, date);
    Object.defineProperty(body, name, { value: date.value, enumerable: true, configurable: true, writable: true });
  }
}

/** The address too, so that whatever is made from it (other pages of a list, its file, another language) carries the day itself. */
function joinQuery(req: Request, dates: Map<string, TypedDate>): void {
  const at = req.url.indexOf('?');
  if (at === -1 || !/\.(?:year|month|day)=/.test(req.url.slice(at))) return;
  const query = new URLSearchParams(req.url.slice(at));
  for (const name of namesIn([...query.keys()])) {
    const date = typedDate({ year: query.get(`${name}.year`) ?? '', month: query.get(`${name}.month`) ?? '', day: query.get(`${name}.day`) });
    dates.set(name, date);
    for (const part of DATE_PARTS) query.delete(`${name}.${part}`);
    query.set(name, date.value);
  }
  req.url = `${req.url.slice(0, at)}?${query.toString()}`;
  req.originalUrl = req.url;
}

const namesIn = (keys: readonly string[]): string[] => [...new Set(keys.flatMap((key) => NAME.exec(key)?.[1] ?? []))];
const first = (value: unknown): string => {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === 'string' ? one : '';
};
