/** One sentence of a text. */
export interface Sentence {
  readonly text: string;
  /** A new paragraph begins here. */
  readonly startsParagraph: boolean;
}

export const TEXT_CHARACTERS_MAX = 20_000;
export const SENTENCES_MAX = 800;

/**
 * A text cut into sentences. A cut too few makes a longer piece to translate, a cut too many tears a sentence apart: where it is
 * not sure ("U.S. Department", "No. 5", "2026. 11. 21.") the two stay together.
 */
export function sentencesOf(text: string, language: string): Sentence[] {
  const cutter = new Intl.Segmenter(language, { granularity: 'sentence' });
  return text.normalize('NFC').split(/\r\n|[\n\r\u2028\u2029]/u).flatMap((paragraph) => {
    const pieces = [...cutter.segment(paragraph)].map(({ segment }) => spaced(segment)).filter((piece) => piece !== '');
    const sentences: Sentence[] = [];
    let open = '';
    pieces.forEach((piece, index) => {
      open = open === '' ? piece : `${open} ${piece}`;
      const next = pieces[index + 1];
      if (next !== undefined && goesOn(open, next, language)) return;
      sentences.push({ text: open, startsParagraph: sentences.length === 0 });
      open = '';
    });
    return sentences;
  });
}

/** One spelling for comparing: a sentence whose blanks alone were changed is the same sentence. */
export function spaced(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

// Written with a point and followed by more of the same sentence.
const ABBREVIATIONS = new Map(Object.entries({
  en: 'mr mrs ms dr prof rev hon jr sr st nos art arts sec secs para p pp v vs cf e.g i.e etc inc co corp dept div ave blvd apt u.s u.s.a a.m p.m jan feb mar apr jun jul aug sep sept oct nov dec fam cal civ proc gov ext',
  es: 'sr sra srta sres dr dra lic ing arq prof profa mtro mtra c cc d dña art arts nos núm núms num inc frac fracc cap párr pág págs p pp vs cf p.ej ej etc av avda blvd calz col int ext esq edo mpio deleg c.p e.u ee.uu u.s a.m p.m s.a ma fco gpe hdez ene feb mar abr may jun jul ago sep sept oct nov dic exp',
  ko: 'mr mrs ms dr art vs u.s e.g i.e',
}).map(([language, words]) => [language, new Set(words.split(' '))]));

/** Whether what stands before a cut and after it is one sentence. */
function goesOn(before: string, after: string, language: string): boolean {
  // The number before an item of a list; the points within 2026. 11. 21.
  if (/^\(?\d{1,3}[.)]$/u.test(before) || (/\d\.$/u.test(before) && /^\d/u.test(after)) || /\d{4}\.\s?\d{1,2}\.\s?\d{1,2}\.$/u.test(before)) return true;
  const last = /(?:^|[\s("“«¿¡'’])(\p{L}[\p{L}.]*)\.$/u.exec(before)?.[1];
  if (last === undefined) return false;
  // "No. 5" is a number, "He said no." is not.
  if (/^nos?$/iu.test(last)) return /^\d/u.test(after);
  // J. Ramírez, U.S., EE.UU., S.A. de C.V.
  if (/^(?:\p{L}{1,2}\.)*\p{Lu}$/u.test(last) || /^(?:\p{L}{1,2}\.)+\p{L}{1,2}$/u.test(last)) return true;
  return ABBREVIATIONS.get(language.slice(0, 2))?.has(last.toLowerCase()) ?? false;
}
