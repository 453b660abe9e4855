// All that a line has to pass before it posts: the rules, the weights, its dates, and what people have refused.
import type { OpenLine } from '../runs/line.store.ts';
import { normaliseName } from '../../../platform/names/index.ts';
import { settleCompetition } from './compete.rules.ts';
import { unlessDateOdd } from './date.rules.ts';
import { decideForwarding } from './forwarding.rules.ts';
import type { ForwardingEvidence } from './forwarding.rules.ts';
import type { Decision } from './reason.rules.ts';
import { unlessRefused } from './refusal.rules.ts';
import type { Refused } from './refusal.rules.ts';
import { decideRemittance } from './remittance.rules.ts';
import type { RemittanceEvidence } from './remittance.rules.ts';
import { WEIGHTS } from './weights/current-weights.ts';
import { guardForwarding, guardRemittance } from './weights/guard.rules.ts';

export type Bounds = { readonly refused: Refused; /** The agency's day. */ readonly today: string };

export function decideForwardingLine(line: OpenLine, evidence: ForwardingEvidence, { refused, today }: Bounds): Decision {
  return unlessRefused(unlessDateOdd(guardForwarding(WEIGHTS, line, evidence, decideForwarding(line, evidence)), line, today), refused);
}

export function decideRemittanceLine(line: OpenLine, evidence: RemittanceEvidence, { refused, today }: Bounds): Decision {
  return unlessRefused(unlessDateOdd(guardRemittance(WEIGHTS, line, evidence, decideRemittance(line, evidence)), line, today), refused);
}

/**
 * Decides lines of one report in their order. `settled` tells what earlier lines of it have settled, and is told what these settle. Those that
 * dispute a disbursement under different names are weighed against one another first, so that the earlier one does not win by being earlier.
 */
export function decideForwardings(lines: readonly OpenLine[], evidenceFor: (line: OpenLine) => ForwardingEvidence, settled: Map<string, string>, boundsOf: (line: OpenLine) => Bounds): { line: OpenLine; decision: Decision }[] {
  const contenders = lines.flatMap((line) => {
    const evidence = evidenceFor(line);
    if (evidence.named.length > 0 || evidence.namedCases.length > 0 || evidence.candidates.length === 0) return [];
    return [{ place: line.place, printedName: normaliseName(line.payeeName), decision: decideForwardingLine(line, evidence, boundsOf(line)) }];
  });
  const disputed = settleCompetition(contenders, WEIGHTS.thresholds.marginBits);
  return lines.map((line) => {
    const decision = disputed.get(line.place) ?? decideForwardingLine(line, evidenceFor(line), boundsOf(line));
    const settles = decision.outcome === 'posted' || decision.outcome === 'returned';
    if (settles && decision.disbursementId !== null) settled.set(decision.disbursementId, line.happenedOn ?? '');
    return { line, decision };
  });
}
