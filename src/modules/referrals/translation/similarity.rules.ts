import { folded } from './memory.rules.ts';
import { COMMON_WORDS } from './ordinary-word.rules.ts';

/** Below this a remembered sentence is no help. */
export const SIMILARITY_MIN = 0.5;
const GRAM = 3;

/** The three-letter pieces of a sentence, each once; a mark counts as one thing, whatever its number. */
export function gramsOf(text: string): string[] {
  const words = folded(text.replace(/⟦\d{1,3}⟧/gu, ' ⟦⟧ ')).match(/[\p{L}\p{M}\p{N}]+|⟦⟧/gu) ?? [];
  const grams = new Set<string>();
  for (const word of words) {
    const padded = word === '⟦⟧' ? ' ⟦ ' : `  ${word} `;
    for (let at = 0; at + GRAM <= padded.length; at++) grams.add(padded.slice(at, at + GRAM));
  }
  return [...grams];
}

const COMMON = new Set([...gramsOf(COMMON_WORDS.join(' ')), ...gramsOf('⟦1⟧')]);

/** Whether most sentences have this piece: such come last in the order, so that sentences are found by what is their own. */
export function isCommonGram(gram: string): boolean {
  return COMMON.has(gram);
}

/**
 * The few pieces under which a sentence is found. Two sets, each in the same order, of which at least the share `SIMILARITY_MIN` is
 * common must share one of their first pieces (prefix filtering), so that only these need an index.
 */
export function findable<T>(ordered: readonly T[]): T[] {
  return ordered.slice(0, ordered.length - Math.ceil(ordered.length * SIMILARITY_MIN) + 1);
}
