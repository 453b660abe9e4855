import { hasHangul } from '../../../platform/names/index.ts';

export interface NameParts {
  readonly given: string | null;
  readonly family: string | null;
  readonly secondFamily?: string | null;
  readonly native?: string | null;
}

/** A person's name as it is written: in their own script where that is not Latin, and in Latin letters as in the passport. */
export interface WrittenName {
  readonly own: string | null;
  readonly latin: string;
  /** The surname or surnames within `latin`, for whoever must know which part that is. */
  readonly familyName: string;
}

const present = (parts: readonly (string | null | undefined)[]): string => parts.filter((part) => part !== null && part !== undefined && part.trim() !== '').join(' ');

// Family names of two syllables; all others have one.
const TWO_SYLLABLES = new Set(['남궁', '황보', '제갈', '선우', '독고', '사공', '서문', '동방']);

/** 홍 길동 → 홍길동; a foreign name spelled in Hangul (마리아 로페스) keeps its spaces. */
function hangulName(native: string): string {
  const words = native.trim().split(/\s+/u);
  const [family = '', given = ''] = words;
  const isKorean = words.length === 2 && /^\p{Script=Hangul}+$/u.test(family + given) && (family.length === 1 || TWO_SYLLABLES.has(family)) && given.length <= 3;
  return isKorean ? family + given : words.join(' ');
}

/**
 * Letters stay as the passport has them: none are raised, none shortened. Given names stand before one surname or two, as in
 * Spanish and English; a Korean name puts the family name first, marked by the comma after it.
 */
export function namesOf(person: NameParts): WrittenName {
  const native = person.native === null || person.native === undefined || person.native.trim() === '' ? null : person.native;
  const familyName = present([person.family, person.secondFamily]);
  const isFamilyFirst = native !== null && hasHangul(native) && familyName !== '' && present([person.given]) !== '';
  const latin = isFamilyFirst ? `${familyName}, ${person.given}` : present([person.given, person.family, person.secondFamily]);
  return { own: native === null ? null : hasHangul(native) ? hangulName(native) : native.trim().replace(/\s+/gu, ' '), latin, familyName };
}
