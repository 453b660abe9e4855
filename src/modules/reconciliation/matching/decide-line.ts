// All that a line has to pass before it posts: the rules, the weights, its dates, and what people have refused.
import type { OpenLine } from '../runs/line.store.ts';
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
