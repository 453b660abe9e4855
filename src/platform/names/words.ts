// One word of a name with all that is asked of it whenever it is held against another one, made once.
import { isCommonName } from './common-names.ts';
import { kept } from './kept.ts';
import { looksToScanner } from './misprints.ts';
import { soundOf } from './spanish.ts';

export type WordForm = {
  readonly text: string;
  readonly sound: string;
  /** As a scanner may see it. */
  readonly scanned: string;
  /** Which of a to z stand in it, a bit each. */
  readonly letters: number;
  readonly isCommon: boolean;
  /** Letters of it were lost (? or \ufffd). */
  readonly hasLost: boolean;
};

const A = 0x61;
const Z = 0x7a;

function lettersOf(word: string): number {
  let letters = 0;
  for (let i = 0; i < word.length; i++) {
    const code = word.charCodeAt(i);
    if (code >= A && code <= Z) letters |= 1 << (code - A);
  }
  return letters;
}

export const wordForm: (text: string) => WordForm = kept((text) => ({
  text, sound: soundOf(text), scanned: looksToScanner(text), letters: lettersOf(text), isCommon: isCommonName(text), hasLost: /[?\ufffd]/u.test(text),
}));

function count(bits: number): number {
  let n = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) n += 1;
  return n;
}

/** Edits that it takes at least from one word to the other: each brings or takes away one kind of letter at most. */
export function editsAtLeast(a: WordForm, b: WordForm): number {
  if (a.hasLost || b.hasLost) return 0;
  return Math.max(count(a.letters & ~b.letters), count(b.letters & ~a.letters));
}
