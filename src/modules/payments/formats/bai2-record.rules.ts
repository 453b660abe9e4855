import { calendarDateOf } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';

/** Summaries of record 03, details of record 16, and how many fields the type of funds takes in both. */

export interface Summary { code: string; amount: bigint | null; isReadable: boolean }
export interface Detail { code: string; amount: bigint | null; isTooLong: boolean; valueOn: CalendarDate | null | 'unreadable'; bankReference: string; customerReference: string; text: string }

/** What type codes mean: data, because banks differ (`bai2-codes.json`). */
export interface Bai2Codes {
  readonly ranges: readonly { readonly from: number; readonly to: number; readonly direction: 'credit' | 'debit'; readonly confirmed: boolean }[];
  /** Bookings that take an earlier one back. */
  readonly reversals: readonly { readonly code: string; readonly direction: 'credit' | 'debit'; readonly confirmed: boolean }[];
  /** Details that carry words and no money. */
  readonly words: readonly { readonly code: string; readonly confirmed: boolean }[];
}

/** Null for what is neither money in nor money out, such as loan codes. */
export function directionOf(code: string, codes: Bai2Codes): 'credit' | 'debit' | null {
  if (!/^\d{3}$/.test(code)) return null;
  const number = Number(code);
  return codes.ranges.find(({ from, to }) => number >= from && number <= to)?.direction ?? null;
}

const AMOUNT = /^[+-]?\d{1,18}$/;

/** Type, amount, number of items, type of funds with its own fields; again and again. */
export function readSummaries(fields: readonly string[]): Summary[] {
  const found: Summary[] = [];
  let at = 0;
  while (at < fields.length) {
    const code = (fields[at] ?? '').trim();
    const said = fields[at + 1] ?? '';
    const amount = amountOf(said);
    at += 3;
    at += 1 + fundsFields(fields, at);
    if (code !== '') found.push({ code, amount, isReadable: amount !== null || said.trim() === '' });
  }
  return found;
}

/** How many fields follow the type of funds at `at`. S: immediate, one-day and longer; V: value date and time; D: pairs of days and amounts. */
export function fundsFields(fields: readonly string[], at: number): number {
  const type = (fields[at] ?? '').trim().toUpperCase();
  if (type === 'S') return 3;
  if (type === 'V') return 2;
  if (type !== 'D') return 0;
  const pairs = Number((fields[at + 1] ?? '').trim());
  return 1 + (Number.isInteger(pairs) && pairs >= 0 && pairs <= 100 ? pairs * 2 : 0);
}

/** The text of a detail is its last field: commas and slashes in it are its own, and continuations are further lines of it. */
export function readDetail(record: readonly string[]): Detail {
  let fields: string[] = [];
  let texts: string[] = [];
  for (const part of record) {
    if (texts.length > 0) {
      texts.push(part);
      continue;
    }
    fields = [...fields, ...(part.endsWith('/') && part !== record.at(-1) ? part.slice(0, -1) : part).split(',')];
    const start = 4 + fundsFields(fields, 3) + 2;
    if (fields.length > start) {
      texts = [fields.slice(start).join(',')];
      fields = fields.slice(0, start);
    }
  }
  const funds = 4 + fundsFields(fields, 3);
  const isDated = (fields[3] ?? '').trim().toUpperCase() === 'V' && (fields[4] ?? '').trim() !== '';
  return {
    code: (fields[1] ?? '').trim(), amount: amountOf(fields[2] ?? ''), isTooLong: isTooLong(fields[2] ?? ''), valueOn: isDated ? valueDate(fields[4] as string) : null,
    bankReference: (fields[funds] ?? '').trim(), customerReference: (fields[funds + 1] ?? '').trim(), text: texts.map((text) => text.trim()).filter((text) => text !== '').join(' '),
  };
}

function valueDate(text: string): CalendarDate | 'unreadable' {
  const match = /^(\d{2})(\d{2})(\d{2})$/.exec(text.trim());
  return (match && calendarDateOf(2000 + Number(match[1]), Number(match[2]), Number(match[3]))) ?? 'unreadable';
}

/** Minor units, with a sign where it is a balance. Null where there is none, it is no number, or longer than any that is kept. */
export function amountOf(text: string): bigint | null {
  const plain = text.trim();
  return AMOUNT.test(plain) ? BigInt(plain) : null;
}

/** A number all the same, of more digits than are read. */
export const isTooLong = (text: string): boolean => /^[+-]?\d{19,}$/.test(text.trim());
