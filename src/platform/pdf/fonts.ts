import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

// Latin first, then Korean (Hangul and some 8,000 Hanja): a glyph is taken from the first font that has it.
const FONT_FILES = [
  '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  '@expo-google-fonts/noto-sans/400Regular_Italic/NotoSans_400Regular_Italic.ttf',
  '@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf',
  '@expo-google-fonts/noto-sans-kr/400Regular/NotoSansKR_400Regular.ttf',
  '@expo-google-fonts/noto-sans-kr/700Bold/NotoSansKR_700Bold.ttf',
] as const;

export const FONT_FAMILIES = ['Noto Sans', 'Noto Sans KR'] as const;

let blobs: readonly Buffer[] | undefined;
let covered: ReadonlySet<number> | undefined;

/** The fonts that documents are set in; read once. */
export function fontBlobs(): readonly Buffer[] {
  blobs ??= FONT_FILES.map((file) => readFileSync(require.resolve(file)));
  return blobs;
}

/** Characters of a text that no font can show, each once. In PDF/A a missing glyph is an error, so it is asked beforehand. */
export function missingGlyphs(text: string): string[] {
  covered ??= coveredPoints(fontBlobs());
  const known = covered;
  return [...new Set(text)].filter((character) => character !== '\n' && !known.has(character.codePointAt(0) ?? 0));
}

/** Writes a character as its code point, for messages about characters that nobody can display. */
export function codePointOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

// Bold and regular must both have a character, so weights are intersected and families united.
function coveredPoints(fonts: readonly Buffer[]): Set<number> {
  const [latin, , latinBold, korean, koreanBold] = fonts.map(codePoints) as [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>];
  const both = (a: Set<number>, b: Set<number>): number[] => [...a].filter((point) => b.has(point));
  return new Set([...both(latin, latinBold), ...both(korean, koreanBold)]);
}

/** The characters that a TrueType font maps to a glyph: its `cmap` table, formats 4 and 12. */
function codePoints(font: Buffer): Set<number> {
  const cmap = tableAt(font, 'cmap');
  const found = new Set<number>();
  for (let index = 0; index < font.readUInt16BE(cmap + 2); index += 1) {
    const subtable = cmap + font.readUInt32BE(cmap + 4 + index * 8 + 4);
    const format = font.readUInt16BE(subtable);
    if (format === 4) addFormat4(font, subtable, found);
    if (format === 12) addFormat12(font, subtable, found);
  }
  return found;
}

function tableAt(font: Buffer, tag: string): number {
  for (let index = 0; index < font.readUInt16BE(4); index += 1) {
    const record = 12 + index * 16;
    if (font.toString('latin1', record, record + 4) === tag) return font.readUInt32BE(record + 8);
  }
  throw new Error(`fault: font without ${tag} table`);
}

function addFormat4(font: Buffer, at: number, found: Set<number>): void {
  const doubled = font.readUInt16BE(at + 6);
  for (let offset = 0; offset < doubled; offset += 2) {
    const last = font.readUInt16BE(at + 14 + offset);
    const first = font.readUInt16BE(at + 16 + doubled + offset);
    const delta = font.readUInt16BE(at + 16 + doubled * 2 + offset);
    const rangeAt = at + 16 + doubled * 3 + offset;
    const rangeOffset = font.readUInt16BE(rangeAt);
    for (let point = first; point <= last && point !== 0xffff; point += 1) {
      const glyph = rangeOffset === 0 ? (point + delta) & 0xffff : font.readUInt16BE(rangeAt + rangeOffset + (point - first) * 2);
      if (glyph !== 0) found.add(point);
    }
  }
}

function addFormat12(font: Buffer, at: number, found: Set<number>): void {
  for (let index = 0; index < font.readUInt32BE(at + 12); index += 1) {
    const group = at + 16 + index * 12;
    for (let point = font.readUInt32BE(group); point <= font.readUInt32BE(group + 4); point += 1) found.add(point);
  }
}
