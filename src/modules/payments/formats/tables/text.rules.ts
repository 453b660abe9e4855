/**
 * Which text a file's bytes are, told from the bytes alone: byte order marks (Unicode 16, section 23.8), UTF-8 (RFC 3629),
 * CP949 (Microsoft's extension of KS X 1001, "windows-949") and Windows-1252. Names and extensions are never asked.
 */

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'cp949' | 'windows-1252';

export interface DecodedText {
  text: string;
  encoding: Encoding;
  bom: boolean;
  /** Whether some bytes had no reading; each stands as U+FFFD in the text. */
  lossy: boolean;
}

/** A file with this many readable multi-byte sequences for one broken byte is damaged UTF-8, not another encoding: by chance they hardly occur. */
const UTF8_RATIO = 3;
/** So many bytes in runs of even length for one in odd runs are Hangul. */
const HANGUL_RATIO = 8;

export function decodeText(bytes: Uint8Array): DecodedText {
  const marked = byMark(bytes);
  const decoded = marked ?? byContent(bytes);
  return { ...decoded, text: decoded.text.includes('\0') ? decoded.text.replaceAll('\0', '\ufffd') : decoded.text };
}

function byMark(bytes: Uint8Array): DecodedText | null {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { ...decodeAs(bytes.subarray(3), 'utf-8'), bom: true };
  if (a === 0xff && b === 0xfe) return { ...decodeAs(bytes.subarray(2), 'utf-16le'), bom: true };
  if (a === 0xfe && b === 0xff) return { ...decodeAs(bytes.subarray(2), 'utf-16be'), bom: true };
  return null;
}

function byContent(bytes: Uint8Array): DecodedText {
  const strict = tryStrict(bytes, 'utf-8');
  if (strict !== null) return { text: strict, encoding: 'utf-8', bom: false, lossy: false };
  const census = countHighBytes(bytes);
  if (census.utf8 > UTF8_RATIO * census.notUtf8) return decodeAs(bytes, 'utf-8');
  // Hangul is two high bytes each, so its runs are even; an accented Latin letter stands alone between ASCII letters.
  if (census.inEvenRuns > HANGUL_RATIO * census.inOddRuns) return decodeAs(bytes, 'cp949');
  const korean = tryStrict(bytes, 'cp949');
  if (korean !== null && census.inEvenRuns > census.inOddRuns) return { text: korean, encoding: 'cp949', bom: false, lossy: false };
  return decodeAs(bytes, 'windows-1252');
}

const LABEL: Record<Encoding, string> = {
  'utf-8': 'utf-8', 'utf-16le': 'utf-16le', 'utf-16be': 'utf-16be', cp949: 'euc-kr', 'windows-1252': 'windows-1252',
};

function decodeAs(bytes: Uint8Array, encoding: Encoding): DecodedText {
  const text = new TextDecoder(LABEL[encoding], { ignoreBOM: true }).decode(bytes);
  return { text, encoding, bom: false, lossy: text.includes('\ufffd') };
}

function tryStrict(bytes: Uint8Array, encoding: Encoding): string | null {
  try {
    return new TextDecoder(LABEL[encoding], { ignoreBOM: true, fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

interface HighBytes { utf8: number; notUtf8: number; inEvenRuns: number; inOddRuns: number }

function countHighBytes(bytes: Uint8Array): HighBytes {
  const census: HighBytes = { utf8: 0, notUtf8: 0, inEvenRuns: 0, inOddRuns: 0 };
  for (let at = 0; at < bytes.length;) {
    if ((bytes[at] as number) < 0x80) { at++; continue; }
    let end = at;
    while (end < bytes.length && (bytes[end] as number) >= 0x80) end++;
    if ((end - at) % 2 === 0) census.inEvenRuns += end - at; else census.inOddRuns += end - at;
    countUtf8(bytes, at, end, census);
    at = end;
  }
  return census;
}

function countUtf8(bytes: Uint8Array, from: number, to: number, census: HighBytes): void {
  for (let at = from; at < to;) {
    const lead = bytes[at] as number;
    const length = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
    let good = length > 0 && at + length <= to;
    for (let i = 1; good && i < length; i++) good = ((bytes[at + i] as number) & 0xc0) === 0x80;
    if (good) census.utf8++; else census.notUtf8++;
    at += good ? length : 1;
  }
}

const BYTE_OF_LETTER = new Map(Array.from({ length: 128 }, (_, at) => [new TextDecoder('windows-1252').decode(Uint8Array.of(128 + at)), 128 + at] as const));
/** So many of the letters that come out must be Hangul, and so many of them at least. */
const HANGUL_MOST = 0.9;
const HANGUL_MIN = 3;

/**
 * Undoes what a program did that read a file as Windows-1252 and wrote it again as UTF-8: `JosÃ©` is José, `Á¢¼ö¹øÈ£` is 접수번호. Only where it is
 * certain: every letter is one of Windows-1252, and their bytes are UTF-8 or Hangul without exception, which letters of a language never are.
 */
export function undoMisreading(text: string): { text: string; encoding: 'utf-8' | 'cp949' } | null {
  const letters = text.match(/[^\x00-\x7f]/g);
  if (!letters || !letters.every((letter) => BYTE_OF_LETTER.has(letter))) return null;
  const bytes = Uint8Array.from(text, (letter) => BYTE_OF_LETTER.get(letter) ?? letter.charCodeAt(0));
  const utf8 = tryStrict(bytes, 'utf-8');
  if (utf8 !== null) return { text: utf8, encoding: 'utf-8' };
  const korean = countHighBytes(bytes).inOddRuns === 0 ? tryStrict(bytes, 'cp949') : null;
  const hangul = korean?.match(/\p{Script=Hangul}/gu)?.length ?? 0;
  const others = korean?.match(/[^\x00-\x7f]/g)?.length ?? 0;
  return korean !== null && hangul >= HANGUL_MIN && hangul >= HANGUL_MOST * others ? { text: korean, encoding: 'cp949' } : null;
}

/** Letters without accents, case, width and extra spaces: how headings, statuses and names are compared for sameness. */
export function foldText(text: string): string {
  if (text === '') return '';
  if (LATIN_1.test(text)) return oneSpaced(NOT_ASCII.test(text) ? text.replace(NOT_ASCII_ALL, foldLatin) : text).toLowerCase();
  return oneSpaced(text.normalize('NFKD').replace(/\p{M}+/gu, '').normalize('NFKC')).toLowerCase();
}

// The whole of Latin-1, which most of Spanish is, goes by a table.
const LATIN_1 = /^[\x00-\xff]*$/;
const NOT_ASCII = /[\x80-\xff]/;
const NOT_ASCII_ALL = /[\x80-\xff]/g;
const LATIN_FOLDED = Array.from({ length: 128 }, (_, at) => String.fromCharCode(128 + at).normalize('NFKD').replace(/\p{M}+/gu, ''));

function foldLatin(letter: string): string {
  return LATIN_FOLDED[letter.charCodeAt(0) - 128] ?? letter;
}

/** Without spaces around, and one where there were several. */
export function oneSpaced(text: string): string {
  const trimmed = text.trim();
  return SEVERAL_SPACES.test(trimmed) ? trimmed.replace(/\s+/g, ' ') : trimmed;
}
const SEVERAL_SPACES = /\s\s|[^\S ]/;

/** A heading or a word of a closed list: folded, and without spaces and punctuation. */
export function foldWord(text: string): string {
  return foldText(text).replace(/[^\p{L}\p{N}]+/gu, '');
}

/**
 * What is left of a folded text when every letter that an encoding can lose is taken out (those that Spanish accents, all of
 * Hangul, and the marks that stand for lost ones). Two texts that differ only by such losses have the same remains.
 */
export function remainsOf(folded: string): string {
  return folded.replace(/[^a-z0-9\u001f]|[aeioun]/g, '');
}

/** Whether a text shows marks of letters lost to an encoding: U+FFFD, or question marks inside or beside a word. */
export function looksLossy(text: string): boolean {
  if (text.includes('\ufffd')) return true;
  return text.includes('?') && (/\p{L}\?|\?\p{L}/u.test(text) || /\?{2,}/.test(text));
}

/** Whether a text has letters that an encoding can lose. */
export function hasLosable(text: string): boolean {
  return /[^\x20-\x7e\u001f]/.test(text);
}
