import { kept } from './kept.ts';
import { inLatin, withoutInvisible } from './lookalikes.ts';
import { withoutDigits } from './misprints.ts';
import { wordForm } from './words.ts';
import type { WordForm } from './words.ts';

// The text of a name as any partner may print it, brought to one form: no accents, one case, no punctuation.

const PARTICLES = new Set(['de', 'del', 'la', 'las', 'los', 'el', 'y', 'e', 'da', 'das', 'do', 'dos', 'di', 'van', 'von', 'vda', 'viuda']);

// Titles and suffixes say nothing about who somebody is.
const TITLES = new Set(['sr', 'sra', 'srta', 'dr', 'dra', 'lic', 'ing', 'mr', 'mrs', 'ms', 'jr', 'ii', 'iii', 'iv', '씨', '님', '귀하']);

const NAME_LENGTH_MAX = 300;

// UTF-8 that somebody read as Windows-1252 ("PÃ©rez") is read back before anything else looks at it.
const CP1252 = new Map<number, number>([
  [0x20ac, 0x80], [0x201a, 0x82], [0x0192, 0x83], [0x201e, 0x84], [0x2026, 0x85], [0x2020, 0x86], [0x2021, 0x87], [0x02c6, 0x88],
  [0x2030, 0x89], [0x0160, 0x8a], [0x2039, 0x8b], [0x0152, 0x8c], [0x017d, 0x8e], [0x2018, 0x91], [0x2019, 0x92], [0x201c, 0x93],
  [0x201d, 0x94], [0x2022, 0x95], [0x2013, 0x96], [0x2014, 0x97], [0x02dc, 0x98], [0x2122, 0x99], [0x0161, 0x9a], [0x203a, 0x9b],
  [0x0153, 0x9c], [0x017e, 0x9e], [0x0178, 0x9f],
]);

const REPAIRS_MAX = 3;

/** Text whose encoding was mistaken, once or several times, as far as that can be undone. */
function repairMojibake(text: string): string {
  let repaired = repairHangul(text);
  for (let i = 0; i < REPAIRS_MAX; i++) {
    const next = repairOnce(repaired);
    if (next === repaired) break;
    repaired = next;
  }
  return repaired;
}

// Hangul in CP949 that somebody read as Latin-1 ("±è¹Î¼ö"): only high characters, in pairs, and every pair a syllable.
function repairHangul(text: string): string {
  if (!/^[\u00a1-\u00fe\s]{4,}$/u.test(text)) return text;
  try {
    const read = new TextDecoder('euc-kr', { fatal: true }).decode(Uint8Array.from([...text].map((c) => c.codePointAt(0) as number)));
    return /^[가-힣\s]+$/u.test(read) ? read : text;
  } catch {
    return text;
  }
}

const CONTINUATION = /[\u0080-\u00bf\u2013-\u2122\u0152-\u0192\u02c6\u02dc\u20ac]/u;

// What any sequence of two bytes or more begins with, read wrongly.
const MAY_BE_MISTAKEN = /[\u00c2-\u00f4][\u0080-\u00bf\u2013-\u2122\u0152-\u0192\u02c6\u02dc\u20ac]|[\u00e0-\u00ef] [\u0080-\u00bf\u2013-\u2122\u0152-\u0192\u02c6\u02dc\u20ac]/u;

// Sequence by sequence, so that one whose invisible half was lost on the way does not keep the others from being read.
function repairOnce(text: string): string {
  if (!MAY_BE_MISTAKEN.test(text)) return text;
  const chars = [...text];
  let repaired = '';
  for (let i = 0; i < chars.length; i++) {
    const lead = (chars[i] as string).codePointAt(0) ?? 0;
    const length = lead >= 0xc2 && lead <= 0xdf ? 1 : lead >= 0xe0 && lead <= 0xef ? 2 : lead >= 0xf0 && lead <= 0xf4 ? 3 : 0;
    const rest = chars.slice(i + 1, i + 1 + length);
    const read = length > 0 && rest.length === length && isContinued(rest) ? decoded([lead, ...rest.map(byteOf)]) : null;
    repaired += read ?? (chars[i] as string);
    if (read !== null) i += length;
  }
  return repaired;
}

// The second of three bytes may be a hard blank, which many programs turn into a plain one.
const isContinued = (rest: readonly string[]): boolean => rest.every((c) => CONTINUATION.test(c) || (c === ' ' && rest.length === 2)) && rest.some((c) => CONTINUATION.test(c));

const byteOf = (char: string): number => {
  if (char === ' ') return 0xa0;
  const code = char.codePointAt(0) ?? 0;
  return code < 256 ? code : CP1252.get(code) ?? 0;
};

function decoded(bytes: readonly number[]): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}

const IS_PLAIN = /^[\x20-\x7e]*$/u;

/** Accents off, lower case, full-width and compatibility forms folded; Hangul syllables stay whole. */
export function foldText(text: string): string {
  if (IS_PLAIN.test(text)) return text.slice(0, NAME_LENGTH_MAX).toLowerCase();
  const bare = withoutInvisible(repairMojibake(text.slice(0, NAME_LENGTH_MAX))).normalize('NFKD').replace(/[\u0300-\u036f]/gu, '');
  if (IS_PLAIN.test(bare)) return bare.toLowerCase();
  const folded = inLatin(bare.normalize('NFC').toLowerCase());
  return folded.replace(/ß/gu, 'ss').replace(/æ/gu, 'ae').replace(/œ/gu, 'oe').replace(/ø/gu, 'o').replace(/ł/gu, 'l').replace(/đ/gu, 'd').replace(/ı/gu, 'i');
}

/** One spelling of a name for comparing and showing beside the printed one: folded words with single spaces. */
export const normaliseName: (text: string) => string = kept(normalise);

const IS_NORMAL = /^[a-z]+(?: [a-z]+)*$/u;

/** The same without being kept: for texts that do not come again. */
export function normalise(text: string): string {
  const folded = foldText(text);
  return IS_NORMAL.test(folded) ? folded : folded.replace(/['’ʼ`´]/gu, '').replace(/[^\p{L}\p{N}\ufffd?]+/gu, ' ').trim();
}

const ABBREVIATIONS: Readonly<Record<string, string>> = {
  ma: 'maria', mra: 'maria', gpe: 'guadalupe', guad: 'guadalupe', lupe: 'guadalupe', fco: 'francisco', fca: 'francisca',
  jse: 'jose', hdez: 'hernandez', hndz: 'hernandez', hdz: 'hernandez', glez: 'gonzalez', gzlez: 'gonzalez', gzz: 'gonzalez', gnzlz: 'gonzalez',
  gonz: 'gonzalez', mtz: 'martinez', mtnez: 'martinez', mnez: 'martinez', rdz: 'rodriguez', rguez: 'rodriguez', rodz: 'rodriguez', rdgz: 'rodriguez',
  fdez: 'fernandez', fdz: 'fernandez', lpz: 'lopez', prz: 'perez', pz: 'perez', snchz: 'sanchez', schz: 'sanchez', shz: 'sanchez', sndz: 'sanchez',
  grcia: 'garcia', gcia: 'garcia', jmnz: 'jimenez', jmz: 'jimenez', dguez: 'dominguez', dmgz: 'dominguez', gtz: 'gutierrez', gtrrz: 'gutierrez',
  alv: 'alvarez', vzqz: 'vazquez', vazqz: 'vazquez', rmz: 'ramirez', rmrz: 'ramirez', fdo: 'fernando', fda: 'fernanda', ant: 'antonio', anto: 'antonio', alej: 'alejandro', alejo: 'alejandro',
  mgl: 'miguel', ml: 'manuel', mnl: 'manuel', eliz: 'elizabeth', rob: 'roberto', conc: 'concepcion', cpcion: 'concepcion', dol: 'dolores', soc: 'socorro',
  ros: 'rosario', ign: 'ignacio', sn: 'san', sta: 'santa', sto: 'santo', merc: 'mercedes', trini: 'trinidad', refug: 'refugio', wm: 'william', chas: 'charles',
};

/** `afterDe`: stood after "de", as a husband's surname does in a married name. */
export type Token = { readonly text: string; readonly isInitial: boolean; readonly isAbbreviated: boolean; readonly afterDe: boolean; readonly form: WordForm };

function toToken(word: string, dotted: boolean, afterDe: boolean): Token {
  const text = ABBREVIATIONS[word] ?? word;
  if (text.length === 1 && !/\p{Script=Hangul}/u.test(text)) return { text, isInitial: true, isAbbreviated: true, afterDe, form: wordForm(text) };
  return { text, isInitial: false, isAbbreviated: text !== word || (dotted && word.length < 6), afterDe, form: wordForm(text) };
}

/** The words of a Latin-script name that carry meaning: particles and titles dropped, usual abbreviations written out. */
export const nameTokens: (text: string) => readonly Token[] = kept(tokensOf);

function tokensOf(text: string): Token[] {
  const folded = foldText(text.replace(/[ªº]/gu, '')).replace(/['’ʼ`´]/gu, '');
  const tokens: Token[] = [];
  let afterDe = false;
  for (const match of folded.matchAll(/([\p{L}\p{N}\ufffd?]+)(\.?)/gu)) {
    const word = match[1] ?? '';
    const isTitle = TITLES.has(word) && (word.length > 1 || match[2] === '.') && tokens.length === 0;
    const isParticle = PARTICLES.has(word) && (match[2] !== '.' || word === 'vda');
    // Numbers that strayed into the cell are no part of a name.
    if (/^\p{N}+$/u.test(word)) continue;
    if (isParticle) afterDe = afterDe || word.startsWith('de') || word === 'vda' || word === 'viuda';
    if (isParticle || isTitle || /^(jr|ii|iii|iv)$/u.test(word)) continue;
    tokens.push(toToken(withoutDigits(word), match[2] === '.', afterDe));
    afterDe = false;
  }
  return tokens;
}

export function hasHangul(text: string): boolean {
  return /\p{Script=Hangul}/u.test(text);
}
