// A person has said of a line that it is not this case's, or of a printed person that it is nobody of it. Such a pair never posts again.
import { suspense } from './reason.rules.ts';
import type { Decision } from './reason.rules.ts';

export type Refused = { readonly cases: ReadonlySet<string>; readonly disbursements: ReadonlySet<string> };

export const NOTHING_REFUSED: Refused = { cases: new Set(), disbursements: new Set() };

/** Whatever the evidence: what was refused waits for a person. A refusal never makes another case certain. */
export function unlessRefused(decision: Decision, refused: Refused): Decision {
  const isRefused = (decision.caseId !== null && refused.cases.has(decision.caseId)) || (decision.disbursementId !== null && refused.disbursements.has(decision.disbursementId));
  return isRefused ? suspense([...decision.reasons, 'match.refused_before'], decision.caseId) : decision;
}
