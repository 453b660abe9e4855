// Letters of Cyrillic and Greek that look like Latin ones, as keyboards and scanners put them amid Latin words, and marks that nobody sees.
const ALIKE = new Map([...'аоерсхмткнвуѕіјαβεζηικμνορτυχ'].map((letter, at) => [letter, 'aoepcxmtkhbysijabezhikmnoptyx'[at] as string]));
const FOREIGN = /[\p{Script=Cyrillic}\p{Script=Greek}]/gu;
const isForeign = /[\p{Script=Cyrillic}\p{Script=Greek}]/u;

/** A text in small letters whose Latin words have letters of other scripts in them, with the Latin ones in their place. */
export function inLatin(text: string): string {
  return isForeign.test(text) && /[a-z]/u.test(text) ? text.replace(FOREIGN, (letter) => ALIKE.get(letter) ?? letter) : text;
}

/** Soft hyphens, zero-width blanks and marks of direction are no part of a name. */
export function withoutInvisible(text: string): string {
  return text.replace(/\p{Cf}/gu, '');
}
