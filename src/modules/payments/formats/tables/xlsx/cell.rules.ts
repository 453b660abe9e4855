import { calendarDateOf } from '../../../../../platform/dates.ts';

/** What a cell of a spreadsheet says, as text (ECMA-376 part 1, 18.3.1.4 and 18.8.30): numbers in plain decimals, days by ISO 8601. */

export interface CellStyle {
  /** Whether the number stands for a day, a time of day, or for itself. */
  shows: 'day' | 'time' | 'number';
  /** Decimals that a number is shown with; null where the format does not say. */
  places: number | null;
}

const PLAIN: CellStyle = { shows: 'number', places: null };
const BUILT_IN_DAYS = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58]);
const BUILT_IN_TIMES = new Set([18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56]);
const BUILT_IN_PLACES = new Map([[1, 0], [2, 2], [3, 0], [4, 2], [37, 0], [38, 0], [39, 2], [40, 2], [7, 2], [8, 2], [43, 2], [44, 2]]);

/** The style behind a number format, by its id and, where the file brings one, its code. */
export function styleOfFormat(id: number, code: string | undefined): CellStyle {
  if (code === undefined) {
    if (BUILT_IN_DAYS.has(id)) return { shows: 'day', places: null };
    if (BUILT_IN_TIMES.has(id)) return { shows: 'time', places: null };
    return { shows: 'number', places: BUILT_IN_PLACES.get(id) ?? null };
  }
  const first = code.slice(0, 200).split(';')[0] ?? '';
  const elapsed = /\[(h+|m+|s+)\]/i.test(first);
  // Quoted words, escaped letters, fillers, colours and locales are no part of the form.
  const form = first.replace(/"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]/g, '');
  if (/^\s*general\s*$/i.test(form)) return PLAIN;
  if (elapsed) return { shows: 'time', places: null };
  if (/[yd]/i.test(form) || (/m/i.test(form) && !/[hs]/i.test(form) && !/[0#?]/.test(form))) return { shows: 'day', places: null };
  if (/[hs]/i.test(form)) return { shows: 'time', places: null };
  const decimals = /[0#?](?:\.([0#?]+))?[^0#?%]*$/.exec(form);
  return { shows: 'number', places: decimals && !/[%E/]/i.test(form) && !/[#?]/.test(decimals[1] ?? '') ? (decimals[1]?.length ?? 0) : null };
}

/** Binary fractions carry no more decimal digits than these; what a file prints beyond them is noise of its own making. */
const DIGITS_TRUE = 15;
const EXPONENT_MAX = 40;

/**
 * A stored number as a plain decimal. Spreadsheets print their binary fractions with 17 digits (`5.4394999999999999E-2`), of which 15 are
 * what was typed; a number of no more digits, and every whole number, stays digit for digit as stored. Null when it is no number.
 */
export function plainDecimal(stored: string): string | null {
  const parts = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(stored.trim());
  if (!parts) return null;
  const exponent = Number(parts[4] ?? 0);
  if (Math.abs(exponent) > EXPONENT_MAX) return null;
  let digits = BigInt(`${parts[2]}${parts[3] ?? ''}`);
  let scale = (parts[3]?.length ?? 0) - exponent;
  const length = digits.toString().length;
  if (scale > 0 && length > DIGITS_TRUE) {
    ({ digits, scale } = rounded(digits, scale, Math.max(scale - (length - DIGITS_TRUE), 0)));
    while (scale > 0 && digits % 10n === 0n) { digits /= 10n; scale--; }
  }
  if (scale < 0) return `${minus(parts[1], digits)}${digits * 10n ** BigInt(-scale)}`;
  return written(minus(parts[1], digits), digits, scale);
}

/** A decimal with no more than so many places, as a cell shows it; half away from zero. */
export function shownDecimal(text: string, places: number): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const scale = parts?.[3]?.length ?? 0;
  if (!parts || scale <= places) return text;
  const shown = rounded(BigInt(`${parts[2]}${parts[3]}`), scale, places);
  return written(minus(parts[1], shown.digits), shown.digits, shown.scale);
}

const minus = (sign: string | undefined, digits: bigint): string => (sign === '-' && digits !== 0n ? '-' : '');

function rounded(digits: bigint, scale: number, places: number): { digits: bigint; scale: number } {
  const cut = 10n ** BigInt(scale - places);
  return { digits: (digits + cut / 2n) / cut, scale: places };
}

function written(sign: string, digits: bigint, scale: number): string {
  if (scale === 0) return `${sign}${digits}`;
  const text = digits.toString().padStart(scale + 1, '0');
  return `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

/** 31 December 9999, the last day that a spreadsheet knows; the calendar of payments ends earlier. */
const SERIAL_MAX = 2_958_465;
const DAY_SECONDS = 86_400;
const DAY_MS = 86_400_000;
const EPOCH_1904 = Date.UTC(1904, 0, 1);
/** One day early, because the 1900 system counts a 29 February 1900 that never was. */
const EPOCH_1900 = Date.UTC(1899, 11, 30);
const SERIAL_OF_NO_DAY = 60;

/** The day that a serial number stands for, `2026-01-05` or with a time after it; null when it stands for none. */
export function dayOfSerial(text: string, is1904: boolean): string | null {
  const parts = /^(\d{1,7})(?:\.(\d+))?$/.exec(text);
  if (!parts) return null;
  let seconds = Math.round(Number(`0.${parts[2] ?? '0'}`) * DAY_SECONDS);
  let serial = Number(parts[1]);
  if (seconds === DAY_SECONDS) { seconds = 0; serial++; }
  if (serial > SERIAL_MAX || (!is1904 && (serial === 0 || serial === SERIAL_OF_NO_DAY))) return null;
  const days = !is1904 && serial < SERIAL_OF_NO_DAY ? serial + 1 : serial;
  const at = new Date((is1904 ? EPOCH_1904 : EPOCH_1900) + days * DAY_MS);
  const day = calendarDateOf(at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate());
  return day === null || seconds === 0 ? day : `${day} ${clockText(seconds)}`;
}

export function timeOfSerial(text: string): string | null {
  const parts = /^0?(?:\.(\d+))?$/.exec(text);
  return parts ? clockText(Math.min(Math.round(Number(`0.${parts[1] ?? '0'}`) * DAY_SECONDS), DAY_SECONDS - 1)) : null;
}

function clockText(seconds: number): string {
  return [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Characters that XML cannot hold stand as `_x000D_` in a workbook (ECMA-376 part 1, 22.9.2.19). */
export function unescapeCell(text: string): string {
  return text.includes('_x') ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))) : text;
}

export function escapeCell(text: string): string {
  return text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_').replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`);
}

/** `AB12` → column 27 (from 0) and row 12 (from 1). */
export function placeOf(reference: string): { column: number; row: number } | null {
  const parts = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(reference);
  if (!parts) return null;
  let column = 0;
  for (const letter of parts[1] as string) column = column * 26 + letter.charCodeAt(0) - 64;
  return { column: column - 1, row: Number(parts[2]) };
}

export function columnLetters(column: number): string {
  let letters = '';
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26)) letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
  return letters;
}
