// Which letters of two writings differ, so that a person sees the slip without reading both letter by letter. Pure.

/** A stretch of a text that stands in the other one too, or does not. */
export type Piece = { readonly text: string; readonly isDifferent: boolean };

const WORD_ALIKE = 0.5;
const CHARACTERS_MAX = 200;

/** Capitals count as the same letter; accents do not: a name is written with them or without. */
const fold = (letter: string): string => letter.toLocaleUpperCase('en');

/** For each letter of `a` and of `b`, whether it belongs to the longest sequence that both have. */
function common(a: readonly string[], b: readonly string[]): { readonly a: readonly boolean[]; readonly b: readonly boolean[]; readonly length: number } {
  const lengths = Array.from({ length: a.length + 1 }, () => new Int32Array(b.length + 1));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) (lengths[i] as Int32Array)[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const inA = a.map(() => false);
  const inB = b.map(() => false);
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      inA[i++] = true;
      inB[j++] = true;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return { a: inA, b: inB, length: at(0, 0) };
}

type Word = { readonly letters: readonly string[]; readonly folded: readonly string[] };

const wordsOf = (text: string): Word[] => text.normalize('NFC').slice(0, CHARACTERS_MAX).trim().split(/\s+/u).filter((word) => word !== '')
  .map((word) => ({ letters: [...word], folded: [...word].map(fold) }));

/** Words are paired by likeness, in whatever order they stand: a surname put first is not a different name. */
function pairs(a: readonly Word[], b: readonly Word[]): { readonly i: number; readonly j: number; readonly inA: readonly boolean[]; readonly inB: readonly boolean[] }[] {
  const likely = a.flatMap((x, i) => b.map((y, j) => {
    const { a: inA, b: inB, length } = common(x.folded, y.folded);
    return { i, j, inA, inB, likeness: (2 * length) / (x.letters.length + y.letters.length) };
  })).filter((pair) => pair.likeness >= WORD_ALIKE).sort((p, q) => q.likeness - p.likeness || Math.abs(p.i - p.j) - Math.abs(q.i - q.j));
  const [usedA, usedB] = [new Set<number>(), new Set<number>()];
  return likely.filter(({ i, j }) => {
    if (usedA.has(i) || usedB.has(j)) return false;
    usedA.add(i);
    usedB.add(j);
    return true;
  });
}

function pieces(words: readonly Word[], kept: ReadonlyMap<number, readonly boolean[]>): Piece[] {
  const all: { text: string; isDifferent: boolean }[] = [];
  const add = (text: string, isDifferent: boolean): void => {
    const last = all.at(-1);
    if (last?.isDifferent === isDifferent) last.text += text;
    else all.push({ text, isDifferent });
  };
  words.forEach((word, i) => {
    if (i > 0) add(' ', false);
    const same = kept.get(i) ?? [];
    word.letters.forEach((letter, at) => add(letter, !(same[at] ?? false)));
  });
  return all;
}

/** Both texts with the letters marked that the other one does not have. */
export function markDifferences(printed: string, known: string): { readonly printed: readonly Piece[]; readonly known: readonly Piece[] } {
  const [a, b] = [wordsOf(printed), wordsOf(known)];
  const found = pairs(a, b);
  return { printed: pieces(a, new Map(found.map(({ i, inA }) => [i, inA]))), known: pieces(b, new Map(found.map(({ j, inB }) => [j, inB]))) };
}
