// Blocking keys: few, selective, and equal for every usual way of printing one name. Two persons who share a key need not be one.
import { nameTokens } from './text.ts';
import { kept } from './kept.ts';
import { soundOf } from './spanish.ts';
import { koreanKey, koreanReadings } from './korean.ts';

export type PersonName = {
  readonly given: string;
  readonly family: string;
  readonly secondFamily?: string | null | undefined;
  readonly native?: string | null | undefined;
  readonly aliases?: readonly string[] | null | undefined;
};

const PRINTED_TOKENS_MAX = 7;

/** Two words of a name, in no order: one mistyped or missing word of three still leaves a pair. */
function pairKey(a: string, b: string): string {
  const [x, y] = [soundOf(a), soundOf(b)].sort() as [string, string];
  return `p:${x}+${y}`;
}

function words(text: string): string[] {
  return nameTokens(text).filter((t) => !t.isInitial && !/[?\ufffd]/u.test(t.text)).map((t) => t.text);
}

function pairsOf(groups: readonly (readonly string[])[]): string[] {
  const keys: string[] = [];
  for (let g = 0; g < groups.length; g++) {
    for (let h = g + 1; h < groups.length; h++) {
      for (const a of groups[g] ?? []) for (const b of groups[h] ?? []) keys.push(pairKey(a, b));
    }
  }
  return keys;
}

/** Keys of a name as printed in one cell, its parts unknown. */
export const printedNameKeys: (text: string) => readonly string[] = kept((text) => {
  const tokens = words(text).slice(0, PRINTED_TOKENS_MAX);
  return [...new Set([...koreanReadings(text).map(koreanKey), ...pairsOf(tokens.map((t) => [t]))])];
});

/** Keys under which a person of a case is found, whatever way a partner prints the name. */
export function nameKeys(name: PersonName): string[] {
  const keys = new Set<string>();
  const korean = [...koreanReadings(name.native ?? ''), ...koreanReadings(`${name.family}, ${name.given}`)];
  for (const reading of korean) keys.add(koreanKey(reading));
  const groups = [words(name.family).slice(0, 2), words(name.secondFamily ?? '').slice(0, 2), words(name.given).slice(0, 3)];
  if ((name.native ?? '') === '' || korean.length === 0) for (const key of pairsOf(groups)) keys.add(key);
  for (const alias of name.aliases ?? []) for (const key of printedNameKeys(alias)) keys.add(key);
  return [...keys];
}
