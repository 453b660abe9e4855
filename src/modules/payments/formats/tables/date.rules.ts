import { calendarDateOf } from '../../../../platform/dates.ts';
import type { CalendarDate } from '../../../../platform/dates.ts';

/**
 * Dates as partners print them: ISO 8601 (`2026-01-05`, also with a time after it), day first (`05/01/2026`), Korean
 * (`2026년 1월 5일`, `2026. 1. 5.`), full-width digits. Month-first dates are read only where the whole column proves them.
 */

export type DayOrder = 'day_first' | 'month_first';

/** So many cells that only month-first can read, and none that only day-first can, make a column month-first. */
const MONTH_FIRST_PROOF = 3;

const YEAR_FIRST = /^(\d{4})\s*[-/.년]\s*(\d{1,2})\s*[-/.월]\s*(\d{1,2})\s*[.일]?(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const YEAR_LAST = /^(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})(?:[T ]+\d{1,2}:\d{2}(?::\d{2})?)?$/;

function plain(cell: string): string {
  const text = cell.trim();
  return /[^\x20-\x7e]/.test(text) ? text.normalize('NFKC').replace(/\p{Cf}/gu, '').trim() : text;
}

/** Which comes first in a column's `nn/nn/yyyy` cells. */
export function dayOrder(cells: Iterable<string>): DayOrder {
  let dayOnly = 0;
  let monthOnly = 0;
  for (const cell of cells) {
    const parts = YEAR_LAST.exec(plain(cell));
    if (!parts) continue;
    const [a, b, year] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
    const dayFirst = calendarDateOf(year, b, a) !== null;
    const monthFirst = calendarDateOf(year, a, b) !== null;
    if (dayFirst && !monthFirst) dayOnly++;
    if (monthFirst && !dayFirst) monthOnly++;
  }
  return monthOnly >= MONTH_FIRST_PROOF && dayOnly === 0 ? 'month_first' : 'day_first';
}

/** Payments of before this system's caseload, and of the next century, are misprints. */
const FIRST_YEAR = 1990;
const LAST_YEAR = 2099;
const inLiving = (date: CalendarDate | null): CalendarDate | null => (date !== null && date >= `${FIRST_YEAR}` && date < `${LAST_YEAR + 1}` ? date : null);

/** `5 de marzo de 2026`, `05-mar-2026`: the month in Spanish or English, in full or by three letters (four in `sept`). */
const IN_WORDS = /^(\d{1,2})[\s\-/.]+(?:de\s+)?([a-z]{3,10})\.?[\s\-/,.]+(?:del?\s+)?(\d{4})$/i;
const MONTHS = [
  ['enero', 'january'], ['febrero', 'february'], ['marzo', 'march'], ['abril', 'april'], ['mayo', 'may'], ['junio', 'june'], ['julio', 'july'], ['agosto', 'august'],
  ['septiembre', 'setiembre', 'september'], ['octubre', 'october'], ['noviembre', 'november'], ['diciembre', 'december'],
] as const;
const isMonth = (word: string, month: string): boolean => word === month || ((word.length === 3 || word === 'sept') && month.startsWith(word));

function readWords(text: string): CalendarDate | null {
  const [, day, word = '', year] = IN_WORDS.exec(text) ?? [];
  const month = MONTHS.findIndex((names) => names.some((name) => isMonth(word.toLowerCase(), name)));
  return day === undefined || month < 0 ? null : inLiving(calendarDateOf(Number(year), month + 1, Number(day)));
}

/** The day a cell names, or null when it names none that exists or can be meant. */
export function readDate(cell: string, order: DayOrder = 'day_first'): CalendarDate | null {
  const text = plain(cell);
  const yearFirst = YEAR_FIRST.exec(text) ?? COMPACT.exec(text);
  if (yearFirst) return inLiving(calendarDateOf(Number(yearFirst[1]), Number(yearFirst[2]), Number(yearFirst[3])));
  const yearLast = YEAR_LAST.exec(text);
  if (!yearLast) return readWords(text);
  const [a, b, year] = [Number(yearLast[1]), Number(yearLast[2]), Number(yearLast[3])];
  return inLiving(order === 'day_first' ? calendarDateOf(year, b, a) : calendarDateOf(year, a, b));
}
