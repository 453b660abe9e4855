import { WEIGHTS } from './current-weights.ts';
import { evidenceOf, standingOf } from './strength.rules.ts';
import type { Evidence, Standing } from './strength.rules.ts';
import type { Weighed } from './weights.rules.ts';

export type EvidenceRead = { readonly standing: Standing; readonly evidence: readonly Evidence[] };

/** What was weighed, as a person reads it, among the others that were weighed beside it. */
export function readEvidence<T extends Weighed>(weighed: T, all: readonly Pick<Weighed, 'bits'>[]): EvidenceRead {
  return { standing: standingOf(WEIGHTS.thresholds, weighed.bits, all.filter((one) => one !== weighed).map(({ bits }) => bits)), evidence: evidenceOf(weighed) };
}
