import { MONTH, monthIn, monthNumber } from './month.rules.ts';
import { isOrdinary, sharedWords } from './ordinary-word.rules.ts';

/**
 * What the memory may keep of an approved translation. Whatever may name a person or tell a number goes out of both sides and
 * leaves its mark (⟦1⟧); where the two sides do not agree on what that is, the sentence is not kept at all.
 */
export interface MaskedPair {
  readonly source: string;
  readonly target: string;
}

export interface Masked {
  readonly text: string;
  readonly values: readonly string[];
}

interface Found {
  readonly from: number;
  readonly to: number;
  readonly isNumber: boolean;
}

export const MARK = /⟦\d{1,3}⟧/gu;

/** Accents and case off; Hangul becomes its letters, so that a changed particle changes little. */
export function folded(text: string): string {
  return text.normalize('NFKD').replace(/[\u0300-\u036f]/gu, '').toLowerCase();
}

/** A sentence with its names and numbers replaced, in the order in which they stand. */
export function masked(text: string, names: readonly string[]): Masked {
  const values: string[] = [];
  let out = '';
  let at = 0;
  for (const { from, to } of tokensOf(text, names)) {
    const value = text.slice(from, to);
    if (!values.includes(value)) values.push(value);
    out += `${text.slice(at, from)}⟦${values.indexOf(value) + 1}⟧`;
    at = to;
  }
  return { text: out + text.slice(at), values };
}

/** Both sides with the same marks for the same things, or null where something would stay that may tell of a person. */
export function maskedPair(source: string, target: string, names: readonly string[]): MaskedPair | null {
  if (`${source}${target}`.match(/[⟦⟧]/u) || [source, target].some(isWithoutCapitals)) return null;
  const { text, values } = masked(source, names);
  let other = target;
  for (const [index, value] of [...values.entries()].sort((a, b) => b[1].length - a[1].length)) {
    const replaced = replaceAll(other, value, `⟦${index + 1}⟧`);
    if (replaced === null) return null;
    other = replaced;
  }
  // A word that stands on both sides is a name in lower case, or as good as one.
  const isTold = tokensOf(other.replace(MARK, '⟦⟧'), names).length > 0 || sharedWords(text, other).length > 0;
  return isTold ? null : { source: text, target: other };
}

/** Who begins a sentence without a capital writes names without one too, and nothing tells them from other words. */
const isWithoutCapitals = (text: string): boolean => /^[^\p{L}\p{N}]*\p{Ll}/u.test(text);

/** A remembered translation with what stands in the new sentence in place of the marks, months in their own language; marks without a value stay. */
export function unmasked(text: string, values: readonly string[], language: string): string {
  return text.replace(MARK, (mark) => {
    const value = values[Number(mark.slice(1, -1)) - 1];
    const month = value === undefined ? null : monthNumber(value);
    return month === null ? value ?? mark : monthIn(month, language) ?? mark;
  });
}

function tokensOf(text: string, names: readonly string[]): Found[] {
  const found = [...knownNames(text, names), ...spans(text, MONTH, true), ...spans(text, /\S+@\S+|https?:\/\/\S+/gu, false), ...spans(text, /\d(?:[\d.,:/-]*\d)?/gu, true), ...capitalRuns(text)];
  const ordered = found.sort((a, b) => a.from - b.from || b.to - a.to);
  const kept: Found[] = [];
  for (const one of ordered) {
    const last = kept.at(-1);
    if (last && one.from < last.to) kept[kept.length - 1] = { from: last.from, to: Math.max(last.to, one.to), isNumber: last.isNumber && one.isNumber };
    else kept.push(one);
  }
  return kept;
}

function spans(text: string, pattern: RegExp, isNumber: boolean): Found[] {
  return [...text.matchAll(pattern)].map((match) => ({ from: match.index, to: match.index + match[0].length, isNumber }));
}

// A Korean name takes its particle without a blank (김선영은), so it is looked for anywhere; a Latin one only as a word.
function knownNames(text: string, names: readonly string[]): Found[] {
  return names.flatMap((name) => {
    if (name.length < 2) return [];
    const escaped = name.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
    return spans(text, /\p{Script=Hangul}/u.test(name) ? new RegExp(escaped, 'gu') : new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'giu'), false);
  });
}

/** Words with a capital that no list knows as ordinary, a row of them as one: Juan Pérez de la Cruz. And Hangul before 씨 or 님. */
function capitalRuns(text: string): Found[] {
  const words = [...text.matchAll(/\p{L}[\p{L}\p{M}'’-]*/gu)].map((match) => ({ word: match[0], from: match.index, to: match.index + match[0].length }));
  const found: Found[] = [];
  for (const { word, from, to } of words) {
    if (!/^\p{Lu}/u.test(word) || isOrdinary(word)) continue;
    const last = found.at(-1);
    const between = last ? text.slice(last.to, from) : '';
    if (last && /^ (?:(?:de|del|la|las|los|y|van|von) ){0,2}$/u.test(between)) found[found.length - 1] = { ...last, to };
    else found.push({ from, to, isNumber: false });
  }
  return [...found, ...spans(text, /\p{Script=Hangul}{2,4}(?=\s?(?:씨|님))/gu, false)];
}

/** Every place of a value in the other side: a number by its digits, a name whatever its accents. Null where there is none. */
function replaceAll(text: string, value: string, mark: string): string | null {
  const month = monthNumber(value);
  if (month !== null) return replaceMonth(text, month, mark);
  if (/^\d/u.test(value)) {
    const digits = value.replace(/\D/gu, '');
    let isFound = false;
    const out = text.replace(/⟦\d{1,3}⟧|\d(?:[\d.,:/-]*\d)?/gu, (number) => {
      if (number.startsWith('⟦') || number.replace(/\D/gu, '') !== digits) return number;
      isFound = true;
      return mark;
    });
    return isFound ? out : null;
  }
  const characters = [...text];
  const plain = characters.map(bare);
  const wanted = [...value].map(bare);
  const isWord = !/\p{Script=Hangul}/u.test(value);
  let out = '';
  let isFound = false;
  for (let at = 0; at < characters.length;) {
    const isHere = wanted.every((one, index) => plain[at + index] === one)
      && !(isWord && (isLetter(plain[at - 1]) || isLetter(plain[at + wanted.length])));
    isFound ||= isHere;
    out += isHere ? mark : characters[at];
    at += isHere ? wanted.length : 1;
  }
  return isFound ? out : null;
}

function replaceMonth(text: string, month: number, mark: string): string | null {
  let isFound = false;
  const out = text.replace(MONTH, (name) => {
    if (monthNumber(name) !== month) return name;
    isFound = true;
    return mark;
  });
  return isFound ? out : null;
}

const isLetter = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}]/u.test(character);

/** One character without its accent, in lower case; a Hangul syllable as it is. */
function bare(character: string): string {
  const plain = character.normalize('NFD').replace(/[\u0300-\u036f]/gu, '').normalize('NFC').toLowerCase();
  return [...plain].length === 1 ? plain : character;
}
