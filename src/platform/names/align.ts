// Which printed word stands for which word of the name, and how well.
import { editDistance } from './edit-distance.ts';
import { looksTheSameToScanner, mayBeCut } from './misprints.ts';
import type { Token } from './text.ts';
import { editsAtLeast } from './words.ts';
import type { WordForm } from './words.ts';

export type Part = 'given' | 'family' | 'second';
export type StoredToken = { readonly text: string; readonly form: WordForm; readonly part: Part };
export type Match = { readonly printed: number; readonly stored: number; readonly likeness: number; readonly why: string | null };

type Likeness = { readonly likeness: number; readonly why: string | null };

const INITIAL_LIKENESS = 0.55;
const NONE: Likeness = { likeness: 0, why: null };

// Mario / María, Juan / Juana: one letter apart and two persons.
function differsInGender(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length === short.length + 1) return long.startsWith(short) && /[ao]$/u.test(long);
  return short.length === long.length && short.slice(0, -1) === long.slice(0, -1) && /[ao]$/u.test(short) && /[ao]$/u.test(long);
}

// Cheap and never wrong about one edit: what differs lies between a common beginning and a common end.
function mayBeSlip(a: WordForm, b: WordForm, longest: number): boolean {
  if (a.hasLost) return true;
  const [x, y] = [a.text, b.text];
  const shortest = Math.min(x.length, y.length);
  let head = 0;
  while (head < shortest && x.charCodeAt(head) === y.charCodeAt(head)) head += 1;
  let tail = 0;
  while (tail < shortest - head && x.charCodeAt(x.length - 1 - tail) === y.charCodeAt(y.length - 1 - tail)) tail += 1;
  return head + tail >= longest - 2 || (longest >= 8 && head + tail >= 3);
}

function slip(printed: WordForm, stored: WordForm, part: Part): Likeness {
  const longest = Math.max(printed.text.length, stored.text.length);
  if (longest < 4 || printed.isCommon || !mayBeSlip(printed, stored, longest) || (part === 'given' && differsInGender(printed.text, stored.text))) return NONE;
  const max = longest >= 8 ? 2 : 1;
  const edits = editsAtLeast(printed, stored) > max ? max + 1 : editDistance(printed.text, stored.text, max);
  if (edits === 0) return { likeness: 0.95, why: 'name.letter_lost' };
  if (edits !== 1 && part !== 'given' && looksTheSameToScanner(printed, stored)) return { likeness: 0.85, why: 'name.typo' };
  if (edits === 1) return { likeness: longest === 4 ? 0.82 : 0.9, why: 'name.typo' };
  return longest >= 8 && edits === 2 ? { likeness: 0.8, why: 'name.typo' } : NONE;
}

// Written short: its letters stand in the whole word in the same order, from the first one on (Fdo., Alej., Mtz.).
function isShortFor(short: string, whole: string): boolean {
  if (short.length < 2 || short.length >= whole.length || short[0] !== whole[0]) return false;
  let at = 0;
  for (const letter of whole) if (letter === short[at]) at += 1;
  return at === short.length && (whole.startsWith(short) || short.at(-1) === whole.at(-1));
}

// The last word of a line that a narrow cell has cut off.
function cut(printed: Token, stored: StoredToken, printedLength: number | null): Likeness {
  if (printedLength === null || !mayBeCut(printed.text, stored.text, printedLength)) return NONE;
  // Martín may be Martínez cut off, and may be Martín.
  return { likeness: printed.form.isCommon ? 0.6 : 0.8, why: 'name.cut_off' };
}

function likenessOf(printed: Token, stored: StoredToken, printedLength: number | null): Likeness {
  const found = likenessOfWords(printed, stored);
  return found.likeness > 0 || printed.isInitial ? found : cut(printed, stored, printedLength);
}

function likenessOfWords(printed: Token, stored: StoredToken): Likeness {
  if (printed.text === stored.text) return { likeness: 1, why: printed.isAbbreviated ? 'name.abbreviated' : null };
  if (printed.isInitial) return stored.text.startsWith(printed.text) ? { likeness: stored.part === 'given' ? INITIAL_LIKENESS : 0.4, why: 'name.abbreviated' } : NONE;
  if (printed.isAbbreviated && isShortFor(printed.text, stored.text)) return { likeness: 0.85, why: 'name.abbreviated' };
  if (printed.text.length >= 3 && printed.form.sound === stored.form.sound) return { likeness: 0.96, why: 'name.sound' };
  return slip(printed.form, stored.form, stored.part);
}

const NO_MATCHES: readonly Match[] = [];

// Best pairs first; among equals the one nearest in place, so that equal surnames do not look swapped.
const byLikeness = (a: Match, b: Match): number => b.likeness - a.likeness || Math.abs(a.printed - a.stored) - Math.abs(b.printed - b.stored);

export function align(printed: readonly Token[], stored: readonly StoredToken[], printedLength = 0): readonly Match[] {
  let all: Match[] | null = null;
  for (let i = 0; i < printed.length; i++) {
    for (let j = 0; j < stored.length; j++) {
      const found = likenessOf(printed[i] as Token, stored[j] as StoredToken, i === printed.length - 1 ? printedLength : null);
      if (found.likeness > 0) (all ??= []).push({ printed: i, stored: j, likeness: found.likeness, why: found.why });
    }
  }
  // Most names of two persons share no word at all.
  if (all === null) return NO_MATCHES;
  if (all.length === 1) return all;
  const usedPrinted = new Set<number>();
  const usedStored = new Set<number>();
  return all.sort(byLikeness).filter((m) => {
    if (usedPrinted.has(m.printed) || usedStored.has(m.stored)) return false;
    usedPrinted.add(m.printed);
    usedStored.add(m.stored);
    return true;
  });
}
