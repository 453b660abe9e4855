// Bits as a person reads them: how strong each piece of evidence is and for what it speaks, and how a candidate stands among the others.
import type { Weighed, WeighedField, Weights } from './weights.rules.ts';

export type Strength = 'strong' | 'moderate' | 'weak';
/** `alone`: enough evidence, and no other candidate to be ahead of; `clear`: enough evidence, ahead of the others; `near_tie`: enough, but another fits almost as well; `behind`: enough, but another fits better. */
export type Standing = 'alone' | 'clear' | 'near_tie' | 'behind' | 'too_little' | 'against';
/** `isCommon`: a name that agrees and says little, because many bear it; its weight may even be against. */
export type Evidence = WeighedField & { readonly strength: Strength; readonly isFor: boolean; readonly isCommon: boolean };

/** From so many bits on: 128 to one, 8 to one, and what is hardly more than even is left out. */
const STRONG = 7;
const MODERATE = 3;
const SAYS_NOTHING = 0.5;
const NAMES: readonly string[] = ['payer', 'receiver', 'payee'];
const AGREEING: readonly string[] = ['full', 'strong', 'agrees', 'child'];

/** What speaks for and against, the heaviest first; what says nothing either way is left out. */
export function evidenceOf({ fields }: Pick<Weighed, 'fields'>): Evidence[] {
  return fields.filter(({ bits }) => Math.abs(bits) >= SAYS_NOTHING).map((one): Evidence => {
    const size = Math.abs(one.bits);
    return { ...one, isFor: one.bits > 0, isCommon: NAMES.includes(one.field) && AGREEING.includes(one.level) && one.bits < MODERATE, strength: size >= STRONG ? 'strong' : size >= MODERATE ? 'moderate' : 'weak' };
  }).sort((a, b) => Math.abs(b.bits) - Math.abs(a.bits));
}

/** By the thresholds by which the rules post, so that a page and a run say the same. */
export function standingOf({ postBits, marginBits }: Weights['thresholds'], bits: number, others: readonly number[]): Standing {
  if (bits < 0) return 'against';
  if (bits < postBits) return 'too_little';
  if (others.length === 0) return 'alone';
  const ahead = bits - Math.max(...others, -Infinity);
  return ahead >= marginBits ? 'clear' : ahead > -marginBits ? 'near_tie' : 'behind';
}
