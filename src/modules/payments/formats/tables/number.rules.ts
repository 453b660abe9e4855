import { parseDecimal } from '../../../../platform/money.ts';
import type { Decimal } from '../../../../platform/money.ts';

/**
 * Numbers as people in Mexico and Korea write them: decimal comma or point, thousands in the other sign, in spaces or in
 * apostrophes, full-width digits (Unicode NFKC), accounting brackets, currency signs. Which sign is the decimal one is
 * decided for a whole column, from its cells that can be read in one way only; nothing is guessed.
 */

export type DecimalSign = '.' | ',';

export interface NumberStyle {
  /** Null when the column proves neither; 'mixed' cells are then read only where they prove themselves. */
  sign: DecimalSign | 'mixed' | null;
}

/** A number with one sign that is certainly the decimal one, or with none. */
const SIMPLE = /^(-?\d{1,20})(?:([.,])(?:\d{1,2}|\d{4,20}))?$/;
const BLANK = /^[\s\-–—.]*$/;
const SIGNS = /(?:US|MX|MN)?\$|₩|원|\b(?:USD|MXN|KRW|M\.?N\.?)\b/gi;

/** Whether a cell says nothing: empty, or the dash that stands for nothing. */
export function isBlank(cell: string): boolean {
  return BLANK.test(cell);
}

/** The cell with width, currency signs, spaces and the several minus signs made plain; null when letters remain. */
function plainNumber(cell: string): string | null {
  let text = cell.trim();
  if (/[^\x20-\x7e]/.test(text)) text = text.normalize('NFKC').replace(/\p{Cf}/gu, '').trim().replace(/[−‒–—]/g, '-').replace(/[\u00a0\u2009\u202f]/g, ' ');
  if (/[^\d.,\-+]/.test(text)) {
    text = text.replace(SIGNS, '').trim();
    const bracketed = /^\((.*)\)$/.exec(text);
    if (bracketed) text = `-${bracketed[1]}`;
    text = text.replace(/^([+-]?)\s+/, '$1').replace(/(?<=\d)[ '’](?=\d{3}(?!\d))/g, '');
  }
  const trailing = /^([\d.,]+)-$/.exec(text);
  if (trailing) text = `-${trailing[1]}`;
  return /^[+-]?[\d.,]+$/.test(text) ? text : null;
}

function readWith(text: string, sign: DecimalSign): Decimal | null {
  const simple = SIMPLE.exec(text);
  if (simple) return simple[2] === undefined || simple[2] === '.' && sign === '.' ? parseDecimal(text) : simple[2] === sign ? parseDecimal(text.replace(',', '.')) : null;
  const thousands = sign === '.' ? ',' : '.';
  const [whole = '', ...rest] = text.split(sign);
  if (rest.length > 1) return null;
  if (rest[0]?.includes(thousands)) return null;
  if (whole.includes(thousands) && !(sign === '.' ? /^[+-]?[1-9]\d{0,2}(,\d{3})+$/ : /^[+-]?[1-9]\d{0,2}(\.\d{3})+$/).test(whole)) return null;
  const joined = whole.replaceAll(thousands, '');
  return rest.length === 0 ? parseDecimal(joined) : parseDecimal(`${joined}.${rest[0]}`);
}

/** Decides a column's decimal sign from the cells that only one sign can read. */
export function numberStyle(cells: Iterable<string>): NumberStyle {
  let point = 0;
  let comma = 0;
  for (const cell of cells) {
    const simple = SIMPLE.exec(cell);
    if (simple) {
      if (simple[2] === '.') point++;
      else if (simple[2] === ',') comma++;
      continue;
    }
    const text = plainNumber(cell);
    if (text === null || !/[.,]/.test(text)) continue;
    const asPoint = readWith(text, '.') !== null;
    const asComma = readWith(text, ',') !== null;
    if (asPoint && !asComma) point++;
    if (asComma && !asPoint) comma++;
  }
  return { sign: point > 0 && comma > 0 ? 'mixed' : point > 0 ? '.' : comma > 0 ? ',' : null };
}

export type NumberReading = { value: Decimal } | { fault: 'unreadable' | 'ambiguous' };

/**
 * Reads one cell in the style of its column. `placesMax` is how many decimals the value may have: where neither column nor
 * file proves a style, `1,234` is still certainly a thousand when two decimals are all there can be.
 */
export function readNumber(cell: string, column: NumberStyle, file: NumberStyle, placesMax: number): NumberReading {
  const text = SIMPLE.test(cell) ? cell : plainNumber(cell);
  if (text === null) return { fault: 'unreadable' };
  if (column.sign === '.' || column.sign === ',') return styled(readWith(text, column.sign));
  const asPoint = readWith(text, '.');
  const asComma = readWith(text, ',');
  if (!asPoint && !asComma) return { fault: 'unreadable' };
  if (!asPoint || !asComma || same(asPoint, asComma)) return { value: (asPoint ?? asComma) as Decimal };
  if (column.sign === null && (file.sign === '.' || file.sign === ',')) return styled(file.sign === '.' ? asPoint : asComma);
  const fits = [asPoint, asComma].filter((value) => value.scale <= placesMax);
  return column.sign === null && fits.length === 1 ? { value: fits[0] as Decimal } : { fault: 'ambiguous' };
}

function styled(value: Decimal | null): NumberReading {
  return value ? { value } : { fault: 'unreadable' };
}

function same(a: Decimal, b: Decimal): boolean {
  return a.digits === b.digits && a.scale === b.scale;
}

/** The shortest plain decimal of a value: `0.055100` and `0,0551` are one. */
export function canonicalDecimal(value: Decimal): string {
  let { digits, scale } = value;
  while (scale > 0 && digits % 10n === 0n) { digits /= 10n; scale--; }
  const sign = digits < 0n ? '-' : '';
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  return scale === 0 ? sign + text : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}
