import { hasHangul, kept, normaliseName } from '../../platform/names/index.ts';
import { normaliseIdentifier } from './identifier.rules.ts';
import type { PersonName } from './support-case.rules.ts';

// What a case is found by, as short texts that are compared as they are: the letter before each says what it is.

/** Longer pieces than this are no name and no number. */
const TERM_LENGTH_MAX = 64;
const CONSONANTS = [...'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'];
const FIRST_SYLLABLE = 0xac00;
const SYLLABLES_OF_INITIAL = 588;
// Words between names that hardly tell one person from another.
const PARTICLES = new Set(['de', 'del', 'la', 'las', 'los', 'el', 'y']);

const wordTerm = (word: string): string => `w:${word.slice(0, TERM_LENGTH_MAX)}`;
const syllablesOf = (text: string): string => text.normalize('NFC').replace(/[^가-힣]/gu, '');

/** The initial consonants of a Hangul name, as they are typed: 김민수 is ㄱㅁㅅ. */
export function initialsOf(hangul: string): string {
  return [...hangul].map((syllable) => CONSONANTS[Math.floor(((syllable.codePointAt(0) ?? FIRST_SYLLABLE) - FIRST_SYLLABLE) / SYLLABLES_OF_INITIAL)] ?? '').join('');
}

/** Terms of all names by which a person is known: each word, and each end of a Hangul name, so that 민수 finds 김민수. */
export function nameTerms(name: PersonName): string[] {
  return [name.given, name.family, name.secondFamily ?? '', name.native ?? '', ...(name.aliases ?? [])].flatMap(termsOfText);
}

/** Of a whole caseload most names are other people's too: their terms are made once. */
const termsOfText: (text: string) => readonly string[] = kept((text) => [...wordsOf(text).map(wordTerm), ...(hasHangul(text) ? hangulTerms(syllablesOf(text)) : [])]);

function hangulTerms(hangul: string): string[] {
  const ends = [...hangul].slice(0, TERM_LENGTH_MAX).map((_, i) => hangul.slice(i)).filter((end, i) => i === 0 || [...end].length > 1);
  return ends.flatMap((end) => [wordTerm(end), `i:${initialsOf(end)}`]);
}

/** Words of a name that a search compares. */
export function wordsOf(text: string): string[] {
  const words = normaliseName(text).split(' ').filter((word) => word.length > 1);
  const telling = words.filter((word) => !PARTICLES.has(word));
  return telling.length > 0 ? telling : words;
}

/** Number of a case or a partner: its beginning finds it. */
export function numberTerm(value: string): string {
  return `n:${normaliseIdentifier(value).slice(0, TERM_LENGTH_MAX)}`;
}

/** The same from its end: people read out the last digits. */
export function tailTerm(value: string): string {
  return `t:${[...normaliseIdentifier(value)].slice(-TERM_LENGTH_MAX).reverse().join('')}`;
}

/** A docket says which court: it is found by its keyed hash, whole. */
export function docketTerm(lookup: (kind: string, value: string) => Buffer, docket: string): string {
  return `d:${lookup('docket', normaliseIdentifier(docket)).toString('base64url')}`;
}

/** What a text that holds Hangul is looked for by: initial consonants where there is nothing else, else what it begins with. */
export function hangulBeginning(text: string): string | null {
  const compact = [...text.normalize('NFC').replace(/[\s·ㆍ,.-]/gu, '')].map((letter) => {
    const code = letter.codePointAt(0) ?? 0;
    return code >= 0x1100 && code <= 0x1112 ? (CONSONANTS[code - 0x1100] ?? '') : letter;
  });
  if (compact.length > 0 && compact.every((letter) => CONSONANTS.includes(letter))) return `i:${compact.join('')}`;
  const syllables = syllablesOf(text);
  return syllables === '' ? null : wordTerm(syllables);
}

const BEGINNING_LENGTH_MIN = 3;

/** The beginnings that words may be of names; null where one is too short to tell anything. The longest stands first. */
export function wordBeginnings(text: string): string[] | null {
  const words = wordsOf(text);
  const isShort = words.length === 0 || words.some((word) => word.length < BEGINNING_LENGTH_MIN);
  return isShort ? null : words.toSorted((a, b) => b.length - a.length).map(wordTerm);
}
