/** A text as words are looked for in it: without accents and marks, in small letters; Hangul stays whole, so that a syllable finds that syllable. */
export function folded(text: string): string {
  return text.normalize('NFKD').replace(/[\u0300-\u036f]/gu, '').normalize('NFC').toLowerCase();
}
