import { stacked, strong } from './document.rules.ts';
import type { Pair, Words } from './document.rules.ts';
import { addressLines } from './format.rules.ts';
import type { PostalAddress } from './format.rules.ts';

/** The name of an office in both languages of the packet; where it has none in the partner's, the English one, marked as English. */
export function officeName(words: Words, names: Readonly<Record<string, string>>): Pair {
  const english = names[words.left.language] ?? '';
  const other = names[words.right.language];
  const pair = words.given(english, other ?? english);
  return other === undefined ? { left: pair.left, right: pair.left } : pair;
}

/** A court in the partner's language with its English name below, which is what its papers bear; a court of which no other name is known has the one. */
export function tribunalName(words: Words, names: Readonly<Record<string, string>>): Pair {
  const english = names[words.left.language] ?? '';
  const other = names[words.right.language];
  if (other === undefined || other === english) return words.given(english);
  const { left, right } = words.given(english, other);
  return { left, right: [...right, ...left.map((line) => ({ ...line, style: 'small' as const }))] };
}

export function addressPair(words: Words, address: PostalAddress): Pair {
  const left = addressLines(address, words.left.language);
  const right = addressLines(address, words.right.language);
  return stacked(left.map((line, index) => words.given(line, right[index] ?? line)));
}

export interface NamedParty {
  readonly given: string | null;
  readonly family: string | null;
  readonly secondFamily: string | null;
  readonly native: string | null;
}

/** Given names before surnames, as both Spanish and English write them; a Korean name stands in its own script beside it. */
export function nameOf(party: Pick<NamedParty, 'given' | 'family' | 'secondFamily'>): string {
  return [party.given, party.family, party.secondFamily].filter((part) => part !== null && part !== '').join(' ');
}

/** In English the name in Latin letters; in the partner's language the name in its own script first, where there is one. */
export function fullName(party: NamedParty, words: Words): Pair {
  const latin = strong(words.given(nameOf(party)));
  if (party.native === null) return latin;
  const { tag } = words.right;
  return { left: latin.left, right: [{ text: party.native, lang: tag, style: 'strong' }, { text: nameOf(party), lang: tag, style: 'small' }] };
}
