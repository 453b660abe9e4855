// What machines do to names: words run together, cut at the width of a cell, letters read as others.

const PARTICLES = ['de', 'del', 'la', 'las', 'los', 'y'];
const JOINED_MIN = 6;
const JOINED_MAX = 60;

/**
 * A printed word that is several words of the name written together ("GarciaLopez", "Delacruz"), taken apart. Every letter must be
 * explained, by words that are each used once and by particles; else null.
 */
export function takeApart(word: string, words: readonly string[]): string[] | null {
  if (word.length < JOINED_MIN || word.length > JOINED_MAX || words.includes(word)) return null;
  if (!PARTICLES.some((p) => word.startsWith(p)) && !words.some((w) => w.length > 1 && word.startsWith(w))) return null;
  const search = (at: number, used: ReadonlySet<number>, parts: readonly string[], hadParticle: boolean): string[] | null => {
    if (at === word.length) return parts.length > 1 || (hadParticle && parts.length === 1) ? [...parts] : null;
    for (let i = 0; i < words.length; i++) {
      const next = words[i] as string;
      if (used.has(i) || next.length < 2 || !word.startsWith(next, at)) continue;
      const found = search(at + next.length, new Set([...used, i]), [...parts, next], hadParticle);
      if (found !== null) return found;
    }
    for (const particle of PARTICLES) {
      if (!word.startsWith(particle, at)) continue;
      const found = search(at + particle.length, used, parts, true);
      if (found !== null) return found;
    }
    return null;
  };
  return search(0, new Set(), [], false);
}

const CUT_WIDTH_MIN = 14;
const CUT_LETTERS_MIN = 3;

/** Whether a word may be the beginning of another one that a narrow cell has cut off: only the last word of a long line of text can. */
export function mayBeCut(word: string, whole: string, printedLength: number): boolean {
  return printedLength >= CUT_WIDTH_MIN && word.length >= CUT_LETTERS_MIN && word.length < whole.length && whole.startsWith(word);
}

/** Letters that scanners take for one another, brought to one form: rn and m, ri and n, cl and d, l and i. */
export function looksToScanner(word: string): string {
  return word.replace(/rn/gu, 'm').replace(/ri/gu, 'n').replace(/cl/gu, 'd').replace(/vv/gu, 'w').replace(/[l1]/gu, 'i');
}

const SCANNED_MIN = 5;

type Seen = { readonly text: string; readonly scanned: string };

/** @param a A word and what `looksToScanner` makes of it. */
export function looksTheSameToScanner(a: Seen, b: Seen): boolean {
  return Math.min(a.text.length, b.text.length) >= SCANNED_MIN && Math.abs(a.text.length - b.text.length) <= 1 && a.scanned === b.scanned;
}

/** Digits within a word are letters that a scanner did not know; a word of digits only is none. */
export function withoutDigits(word: string): string {
  return /\p{L}/u.test(word) ? word.replace(/\d/gu, '?') : word;
}

const DIGIT_LETTERS: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 6: 'g', 8: 'b', 9: 'g' };

/** For short words, where a lost letter would leave nothing: the letter that the digit looks like. */
export function digitsAsLetters(word: string): string {
  return /[a-z]/u.test(word) ? word.replace(/\d/gu, (d) => DIGIT_LETTERS[d] ?? d) : word;
}
