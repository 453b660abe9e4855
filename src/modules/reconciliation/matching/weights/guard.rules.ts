// What the rules would post by names is weighed before it is: too little weight, or another candidate close behind, and a person decides.
import type { ForwardingEvidence, ForwardingLine, PayeeCandidate } from '../forwarding.rules.ts';
import { AGREES_FULLY } from '../person.rules.ts';
import { relation } from '../printed-number.rules.ts';
import { suspense } from '../reason.rules.ts';
import type { Decision } from '../reason.rules.ts';
import { arrived, bearersOf } from '../remittance.rules.ts';
import type { RemittanceCandidate, RemittanceEvidence, RemittanceLine } from '../remittance.rules.ts';
import { compareForwarding, compareRemittance } from './comparison.rules.ts';
import { rankByWeight, reportOf, weigh } from './weights.rules.ts';
import type { Ranked, Weights, WeightReport } from './weights.rules.ts';

const caseOf = (c: { readonly caseId: string }): string => c.caseId;

export function rankRemittance(weights: Weights, line: RemittanceLine, evidence: RemittanceEvidence): Ranked<RemittanceCandidate>[] {
  const bearers = bearersOf(evidence);
  return rankByWeight(evidence.candidates.map((candidate) => ({ candidate, weighed: weigh(weights, compareRemittance(line, evidence, candidate, bearers), evidence.caseCount) })), caseOf);
}

export function rankForwarding(weights: Weights, line: ForwardingLine, evidence: ForwardingEvidence): Ranked<PayeeCandidate>[] {
  return rankByWeight(evidence.candidates.map((candidate) => ({ candidate, weighed: weigh(weights, compareForwarding(line, evidence, candidate), evidence.caseCount) })), caseOf);
}

function held(weights: Weights, decision: Decision, report: WeightReport | null): Decision {
  if (report === null) return suspense([...decision.reasons, 'weight.too_little'], decision.caseId);
  if (report.bits < weights.thresholds.postBits) return { ...suspense([...decision.reasons, 'weight.too_little'], decision.caseId), weights: report };
  if (report.margin !== null && report.margin < weights.thresholds.marginBits) return { ...suspense([...decision.reasons, 'weight.near_tie'], decision.caseId), weights: report };
  return { ...decision, weights: report };
}

export function guardForwarding(weights: Weights, line: ForwardingLine, evidence: ForwardingEvidence, decision: Decision): Decision {
  if (decision.method !== 'scored') return decision;
  const ranked = rankForwarding(weights, line, evidence);
  const own = ranked.find((r) => r.candidate.caseId === decision.caseId);
  return held(weights, decision, own === undefined ? null : reportOf(weights, ranked, own.candidate));
}

export function guardRemittance(weights: Weights, line: RemittanceLine, evidence: RemittanceEvidence, decision: Decision): Decision {
  const wanted = decision.method === 'scored' ? decision : outweighed(weights, line, evidence, decision);
  if (wanted.method !== 'scored') return wanted;
  const ranked = rankRemittance(weights, line, evidence);
  const own = ranked.find((r) => r.candidate.caseId === wanted.caseId);
  return held(weights, wanted, own === undefined ? null : reportOf(weights, ranked, own.candidate));
}

/**
 * A number that is nobody's and two slips away from the case's, beside both names in full of one couple only: the names outweigh it.
 * Everything else that the rules leave to a person stays with a person.
 */
function outweighed(weights: Weights, line: RemittanceLine, evidence: RemittanceEvidence, decision: Decision): Decision {
  if (decision.outcome !== 'suspense' || !decision.reasons.includes('conflict.number_unknown') || line.givenCaseId === null) return decision;
  const full = evidence.candidates.filter((c) => Math.min(c.payer?.score ?? 0, c.receiver?.score ?? 0) >= AGREES_FULLY);
  const [only] = full;
  if (only === undefined || full.length > 1 || only.caseId !== decision.candidateCaseId || !evidence.counties.has(only.county)) return decision;
  if (evidence.isCut || evidence.areKeysCut || relation(line.givenCaseId, only.caseId) !== 'near') return decision;
  const ranked = rankRemittance(weights, line, evidence);
  if ((ranked[0]?.weighed.bits ?? 0) < weights.thresholds.overwhelmingBits || ranked[0]?.candidate !== only) return decision;
  const reasons = decision.reasons.filter((r) => r !== 'conflict.number_unknown' && r !== 'case_id.unknown');
  return arrived(line, evidence, only, 'scored', Math.min(only.payer?.score ?? 0, only.receiver?.score ?? 0), ['case_id.mistyped', ...reasons, 'weight.overwhelming']);
}
