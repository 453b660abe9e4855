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
