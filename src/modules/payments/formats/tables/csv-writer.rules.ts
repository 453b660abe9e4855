import type { Delimiter } from './csv.rules.ts';

/** Delimiter-separated text by RFC 4180, in the dialect that a reader expects. What it writes, `parseCsv` reads back as it was. */

export interface CsvStyle {
  delimiter: Delimiter;
  newline: '\n' | '\r\n' | '\r';
  /** `needed`: only cells that would be read otherwise without quotes. */
  quotes: 'needed' | 'all';
}

export const PLAIN_CSV: CsvStyle = { delimiter: ',', newline: '\r\n', quotes: 'needed' };

export function csvText(rows: readonly (readonly string[])[], style: CsvStyle = PLAIN_CSV): string {
  return rows.map((cells) => csvRecord(cells, style) + style.newline).join('');
}

export function csvRecord(cells: readonly string[], style: CsvStyle): string {
  return cells.map((cell) => csvCell(cell, style)).join(style.delimiter);
}

export function csvCell(cell: string, { delimiter, quotes }: Pick<CsvStyle, 'delimiter' | 'quotes'>): string {
  return quotes === 'all' || cell.startsWith('"') || cell.includes(delimiter) || /[\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** What a spreadsheet would take for a formula (OWASP: CSV injection), in any width of its sign and behind whatever is not seen. */
const FORMULA_START = /^(?:[\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠])/u;
/** The same where a spreadsheet that reads another separator, or breaks the line in a cell, begins a cell of its own. */
const FORMULA_WITHIN = /([;\t\r\n])(?=[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠])/gu;

/** Text of ours that nobody's spreadsheet computes: an apostrophe stands before what would begin a formula. */
export function harmlessCell(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text;
}

const PLAIN_NUMBER = /^-?\d+(?:\.\d+)?$/;

/** A record that people open in a spreadsheet: plain numbers stay numbers, no other cell is computed. */
export function recordForPeople(cells: readonly string[]): string {
  const written = cells.map((cell) => (PLAIN_NUMBER.test(cell) ? cell : harmlessCell(cell).replace(FORMULA_WITHIN, "$1'")));
  return written.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');
}
