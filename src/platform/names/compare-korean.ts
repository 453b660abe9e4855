// A printed name against a Korean one. A syllable is a third of such a name, so little is forgiven here.
import { editDistance } from './edit-distance.ts';
import { isReadable, romanizes, sharesReading } from './hangul.ts';
import type { KoreanForm, PersonForms, Printed } from './forms.ts';
import type { KoreanReading } from './korean.ts';

export type Judgement = { readonly score: number; readonly reasons: readonly string[] };

function givenLikeness(printed: KoreanReading, stored: KoreanForm): Judgement {
  const native = stored.native?.given ?? null;
  if (printed.isHangul) {
    if (native !== null) return printed.given === native ? { score: 1, reasons: ['name.hangul'] } : { score: 0.15, reasons: ['name.different'] };
    return romanizes(stored.givenLatin, printed.given) ? { score: 0.9, reasons: ['name.romanized'] } : { score: 0.15, reasons: ['name.different'] };
  }
  if (printed.given === stored.givenLatin) return { score: 1, reasons: ['name.exact'] };
  if (native !== null && romanizes(printed.given, native)) return { score: 0.94, reasons: ['name.romanized'] };
  if (native !== null && romanizes(printed.given, native, true)) return { score: 0.78, reasons: ['name.romanized'] };
  if (native === null && sharesReading(printed.given, stored.givenLatin)) return { score: 0.86, reasons: ['name.romanized'] };
  const longest = Math.max(printed.given.length, stored.givenLatin.length);
  // Minsu and Jinsu are brothers: what reads as another name is one, and only what reads as none is a slip.
  if (isReadable(printed.given)) return { score: 0.3, reasons: ['name.different'] };
  if (longest >= 4 && editDistance(printed.given, stored.givenLatin, 1) <= 1) return { score: printed.given.length >= 5 ? 0.78 : 0.6, reasons: ['name.typo'] };
  return { score: 0.15, reasons: ['name.different'] };
}

function surnameLikeness(printed: KoreanReading, stored: KoreanForm): number {
  if (printed.isHangul && stored.native !== null) return printed.surnameText === stored.native.surnameText ? 1 : 0;
  if (!printed.isHangul && printed.surnameText === stored.surnameLatin) return 1;
  return printed.surname === stored.surname ? 0.97 : 0;
}

const ANOTHER: Judgement = { score: 0.1, reasons: ['name.different'] };

/** The best reading of a printed name against a Korean person's, or null when one of them is not Korean. */
export function compareKorean(printed: Printed, name: PersonForms): Judgement | null {
  if (name.korean === null) return null;
  let best: Judgement | null = null;
  for (const reading of printed.korean) {
    for (const form of name.korean) {
      const surname = surnameLikeness(reading, form);
      const judged = surname === 0 ? ANOTHER : weakened(givenLikeness(reading, form), surname);
      if (best === null || judged.score > best.score) best = judged;
    }
  }
  return best;
}

const weakened = (given: Judgement, surname: number): Judgement => ({ score: surname * given.score, reasons: given.reasons });
