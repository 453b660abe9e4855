import { isPacked } from '../formats/tables/xlsx/read-xlsx.ts';
import { decodeText } from '../formats/tables/text.rules.ts';

/** What is no list at all, before anybody is asked what its columns are. */
export const HEAD_BYTES = 4096;

const BEGINNINGS = ['\x7fELF', '%PDF-', '\x89PNG', '\xff\xd8\xff', 'GIF8', 'Rar!', '7z\xbc\xaf', 'MZ\x90', '{\\rtf', '#!'];
const NAMES = /\.(?:exe|dll|com|msi|scr|bat|cmd|ps1|vbs|jse?|jar|apk|app|dmg|iso|pdf|docx?|pptx?|odt|rtf|png|jpe?g|gif|tiff?|heic|webp|html?|asice|p7[ms])$/i;
/** Controls that stand in no text; tabs and ends of lines do. A damaged line may have a few. */
const CONTROLS = /[\u0001-\u0008\u000e-\u0019\u001c-\u001f]/g;
const CONTROLS_MAX = 0.02;

export const isNoListByName = (fileName: string): boolean => NAMES.test(fileName.trim());

/** By its first bytes; workbooks and what is packed are looked into by whoever reads them. */
export function isNoListByContent(bytes: Buffer): boolean {
  const head = bytes.subarray(0, HEAD_BYTES);
  if (head.length === 0 || (head[0] === 0x1f && head[1] === 0x8b) || head.toString('hex', 0, 4) === 'd0cf11e0' || isPacked(head)) return false;
  if (BEGINNINGS.some((beginning) => head.toString('latin1', 0, 8).startsWith(beginning))) return true;
  const { text } = decodeText(head);
  return text.includes('\0') || (text.match(CONTROLS)?.length ?? 0) > text.length * CONTROLS_MAX;
}

const PROSE_BYTES = 64 * 1024;
const LINES_LOOKED_AT = 200;
const SENTENCE_WORDS = 5;
const NUMBER = /^[\s$₩'"(-]*\d[\d.,\s]*[\s%)'"]*$/;

/** The first line that is a sentence, where a text is made of sentences and no separator makes columns of its lines; null where it may be a list. */
export function sentenceIn(bytes: Buffer): number | null {
  const lines = decodeText(bytes.subarray(0, PROSE_BYTES)).text.split(/\r\n?|\n/).map((text, index) => ({ text: text.trim(), line: index + 1 }))
    .filter(({ text }) => text !== '').slice(0, LINES_LOOKED_AT);
  if ([',', ';', '\t', '|'].some((separator) => makesColumns(lines.map(({ text }) => text.split(separator))))) return null;
  return lines.find(({ text }) => wordsIn(text) >= SENTENCE_WORDS)?.line ?? null;
}

const wordsIn = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;

/** Half of the lines at least are split, half of those alike, and hold a number between two separators, or nearly all have the same three cells or more. */
function makesColumns(lines: readonly (readonly string[])[]): boolean {
  const rows = lines.filter((cells) => cells.length > 1);
  if (rows.length * 2 < lines.length || rows.length === 0) return false;
  const widths = new Map<number, number>();
  for (const { length } of rows) widths.set(length, (widths.get(length) ?? 0) + 1);
  const [width, count] = [...widths].sort((a, b) => b[1] - a[1])[0] ?? [0, 0];
  const withNumber = rows.filter((row) => row.some((cell) => NUMBER.test(cell))).length;
  return (count * 2 >= rows.length && withNumber * 2 >= rows.length) || (width > 2 && count * 5 >= rows.length * 4);
}
