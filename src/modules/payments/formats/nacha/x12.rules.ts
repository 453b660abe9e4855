/**
 * Segments of ANSI X12 as ACH addenda carry them: alone (`DED*…\`), or in an interchange (payment order 820 of CTX), which names its own
 * separators in its first segment. Segments straddle addenda, so the addenda are joined before anything is split.
 */

const ISA_ELEMENTS = 16;
const ISA_CHARS = 106;
const TERMINATORS = /[\\~\n]/;

/** What separates elements, and what ends a segment. */
function separatorsOf(information: string): { element: string; end: RegExp | string } {
  if (!information.startsWith('ISA')) return { element: '*', end: TERMINATORS };
  const element = information[3] ?? '*';
  // The first segment has a fixed length; its sixteenth element is one character, the separator of components, and the next one ends segments.
  const isWhole = information.slice(0, ISA_CHARS).split(element).length === ISA_ELEMENTS + 1 && information[ISA_CHARS - 3] === element;
  const end = information[ISA_CHARS - 1];
  return { element, end: !isWhole || end === undefined || /[A-Za-z0-9 ]/.test(end) ? TERMINATORS : end };
}

/** The segments of a text, each as its elements with the segment's name first. */
export function segmentsOf(information: string): string[][] {
  const { element, end } = separatorsOf(information);
  return information.split(end).map((segment) => segment.trim()).filter((segment) => segment !== '').map((segment) => segment.split(element));
}

/** References that may name a transfer (TRN02, REF02), and what is no segment at all: words. DED carries case numbers, which are no transfer's. */
export function remittanceOf(information: string): { references: string[]; texts: string[] } {
  const references: string[] = [];
  const texts: string[] = [];
  for (const elements of segmentsOf(information)) {
    const [id = '', , second = ''] = elements.map((part) => part.trim());
    if ((id === 'TRN' || id === 'REF') && second !== '') references.push(second);
    else if (elements.length === 1 || !/^[A-Z][A-Z0-9]{1,2}$/.test(id)) texts.push(elements.join(separatorsOf(information).element).trim());
  }
  return { references, texts };
}
