// Numbers as partners print them: whole, shortened, split by blanks or hyphens, in a sentence, mistyped.
import { editDistance } from '../../../platform/names/index.ts';

const DIGITS_MIN = 5;
const DIGITS_MAX = 16;
const GROUPS_MAX = 12;
const TEXT_MAX = 500;

export type PrintedNumber = { readonly letters: string; readonly digits: string };

type Group = { readonly letters: string; readonly digits: string; readonly joins: boolean };

/** One spelling for comparing numbers: capitals and digits only. */
export function canonicalNumber(text: string): string {
  if (/^[A-Z0-9]*$/.test(text)) return text;
  return text.normalize('NFKC').toUpperCase().replace(/[^A-Z0-9]/gu, '');
}

// Digit groups with the letters before them; `joins` says that only one blank, hyphen, point or stroke stands before.
function groupsOf(text: string): Group[] {
  const groups: Group[] = [];
  let end = -1;
  for (const match of text.matchAll(/(?:(?<![\p{L}])([A-Z]{1,4})[\s\-.:/#]{0,2})?(\d+)/gu)) {
    if (groups.length === GROUPS_MAX) break;
    const between = end < 0 ? '' : text.slice(end, match.index);
    groups.push({ letters: match[1] ?? '', digits: match[2] ?? '', joins: end >= 0 && (match[1] ?? '') === '' && /^[\s\-./_–]{1,2}$/u.test(between) });
    end = match.index + match[0].length;
  }
  return groups;
}

/** Whether a text is longer, or has more numbers in it, than is read: what it says further on is not known. */
export function isReadInPart(text: string): boolean {
  return text.length > TEXT_MAX || [...text.normalize('NFKC').matchAll(/\d+/gu)].length > GROUPS_MAX;
}

/** Every number that a text may name: each run of neighbouring digit groups, with the letters before it. */
export function printedNumbers(text: string): PrintedNumber[] {
  const groups = groupsOf(text.slice(0, TEXT_MAX).normalize('NFKC').toUpperCase());
  const found = new Map<string, PrintedNumber>();
  for (let from = 0; from < groups.length; from++) {
    let digits = '';
    for (let to = from; to < groups.length; to++) {
      const group = groups[to] as Group;
      if (to > from && !group.joins) break;
      digits += group.digits;
      if (digits.length > DIGITS_MAX) break;
      const letters = (groups[from] as Group).letters;
      if (digits.length >= DIGITS_MIN || (letters !== '' && digits.length >= 3)) found.set(`${letters}/${digits}`, { letters, digits });
    }
  }
  return [...found.values()];
}

/** How case numbers look here: what stands before the running digits, such as `200000` and `IM-`. */
export type NumberShape = { readonly prefix: string; readonly digits: number };

export type NumberCandidate = { readonly id: string; readonly strength: 'whole' | 'short' | 'weak' };

/** The ids that a printed number may stand for, given the shapes that ids have. */
export function idsFor(printed: PrintedNumber, shapes: readonly NumberShape[]): NumberCandidate[] {
  const candidates: NumberCandidate[] = [];
  for (const shape of shapes) {
    const letters = shape.prefix.replace(/[^A-Z]/gu, '');
    const prefixDigits = shape.prefix.replace(/\D/gu, '');
    const namesShape = letters !== '' && printed.letters === letters;
    const whole = `${prefixDigits}${'0'.repeat(shape.digits)}`.length;
    const running = printed.digits.slice(-shape.digits);
    const before = printed.digits.slice(0, -shape.digits);
    if (before !== '' && !prefixDigits.endsWith(before)) {
      // A county code or the like may stand before the whole number.
      const tail = printed.digits.slice(-whole);
      if (prefixDigits !== '' && printed.digits.length > whole && tail.startsWith(prefixDigits)) candidates.push({ id: `${shape.prefix}${running}`, strength: 'whole' });
      continue;
    }
    const id = `${shape.prefix}${running.padStart(shape.digits, '0')}`;
    if (letters === '' ? printed.digits.length === whole : namesShape) candidates.push({ id, strength: 'whole' });
    else if (running.length === shape.digits) candidates.push({ id, strength: 'short' });
    else if (prefixDigits === '') candidates.push({ id, strength: 'weak' });
  }
  return candidates;
}

/** What a cell gives for a number, or null where it only says that there is none (S/N, 0, 미상) or a spreadsheet has spoilt it (2.00000E+12). */
export function usableNumber(text: string | null): string | null {
  if (text === null) return null;
  const plain = text.normalize('NFKC').trim();
  if (!/[1-9]/u.test(withoutLookalikes(canonicalNumber(plain))) || !/\p{Nd}/u.test(plain)) return null;
  return /^[+-]?\d+(?:[.,]\d+)?E\+?\d+$/iu.test(plain) ? null : text;
}

export type NumberRelation = 'same' | 'tail' | 'slip' | 'near' | 'other';

const LOOKALIKES: Readonly<Record<string, string>> = { O: '0', Q: '0', I: '1', L: '1', Z: '2', S: '5', B: '8', G: '6' };

/** Letters that stand where digits belong (O for 0, I for 1), read as those digits. */
export function withoutLookalikes(canonical: string): string {
  const letters = /^[A-Z]*/u.exec(canonical)?.[0] ?? '';
  const rest = canonical.slice(letters.length);
  const read = (text: string): string => text.replace(/[OQILZSBG]/gu, (c) => LOOKALIKES[c] ?? c);
  return rest === '' ? canonical : `${letters}${read(rest)}`;
}

/** How a printed number that names nothing stands to an id that other evidence points to. */
export function relation(printed: string, id: string): NumberRelation {
  return relationTo(printed)(id);
}

/** The same, for holding one printed number against many ids. */
export function relationTo(printed: string): (id: string) => NumberRelation {
  const a = withoutLookalikes(canonicalNumber(printed));
  const digits = a.replace(/^[A-Z]+/u, '');
  return (id) => relationOf(a, digits, canonicalNumber(id));
}

function relationOf(a: string, digits: string, b: string): NumberRelation {
  if (a === '' || b === '') return 'other';
  if (a === b) return 'same';
  if (digits.length >= DIGITS_MIN && b.endsWith(digits)) return 'tail';
  const edits = editDistance(a, b, 2);
  if (edits <= 1) return 'slip';
  // In a short number two slips already make it another one.
  return edits === 2 && b.length >= 9 ? 'near' : digitsRelation(digits, b);
}

function digitsRelation(digits: string, id: string): NumberRelation {
  const idDigits = id.replace(/^[A-Z]+/u, '');
  if (digits.length < 7 || idDigits.length < 7) return 'other';
  const edits = editDistance(digits, idDigits.slice(-digits.length), 1);
  return edits <= 1 ? 'near' : 'other';
}
