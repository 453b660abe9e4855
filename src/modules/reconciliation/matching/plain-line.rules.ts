// Remittance lines about which there is nothing to find out: the case's own number in its cell, both names as the case has them, no remark that
// says more. They differ in a handful of ways only, so the rules decide each way once, and the database gives that decision to all lines of it.
import { namedIds } from './number-evidence.rules.ts';
import { payerEvidence, receiverEvidence } from './person.rules.ts';
import type { CaseView } from './person.rules.ts';
import type { Decision } from './reason.rules.ts';
import { NOTHING_REFUSED } from './refusal.rules.ts';
import { decideRemittance } from './remittance.rules.ts';
import type { RemittanceEvidence, RemittanceLine, TransferState } from './remittance.rules.ts';
import { isRemarkUnread } from './shapes.rules.ts';
import type { Shapes } from './shapes.rules.ts';
import { guardRemittance } from './weights/guard.rules.ts';
import type { Weights } from './weights/weights.rules.ts';

/** All that tells plain lines apart for the rules. */
export type PlainKind = {
  readonly transfer: TransferState;
  readonly feeTaken: boolean;
  readonly isOpen: boolean;
  readonly payerHasSecond: boolean;
  readonly receiverHasSecond: boolean;
};

/** What the rules decide of a kind of lines; what a line or its case says itself stands in for the line's own. */
export type PlainDecision = { readonly kind: PlainKind; readonly decision: Decision; readonly namesCase: boolean; readonly namesCandidate: boolean; readonly takesAmount: boolean };

const CASE: CaseView = { caseId: 'C', county: 'C', status: 'open', closedOn: null, persons: [] };
const PRINTED = { payer: { short: 'Uno Dos', full: 'Uno Dos Tres' }, receiver: { short: 'Ocho Nueve', full: 'Ocho Nueve Diez' } };

const person = (role: 'obligor' | 'obligee', printed: string) => {
  const [given = '', family = '', secondFamily = null] = printed.split(' ');
  return { role, name: { given, family, secondFamily } };
};

function decidePlain(kind: PlainKind, caseload: { readonly counties: ReadonlySet<string>; readonly caseCount: number }, weights: Weights): PlainDecision {
  const payer = kind.payerHasSecond ? PRINTED.payer.full : PRINTED.payer.short;
  const receiver = kind.receiverHasSecond ? PRINTED.receiver.full : PRINTED.receiver.short;
  const view: CaseView = { ...CASE, persons: [person('obligor', payer), person('obligee', receiver)] };
  const line: RemittanceLine = { partnerId: '', givenCaseId: CASE.caseId, obligorName: payer, obligeeName: receiver, settledMinor: 1n, settledCurrency: 'USD', flags: [] };
  const evidence: RemittanceEvidence = {
    transfer: kind.transfer, feeTaken: kind.feeTaken, namedCases: [{ caseId: CASE.caseId, strength: 'whole', inText: false }],
    candidates: [{ caseId: CASE.caseId, county: CASE.county, isOpen: kind.isOpen, payer: payerEvidence(payer, view), receiver: receiverEvidence(receiver, view) }],
    counties: caseload.counties, caseCount: caseload.caseCount, isCut: false, areKeysCut: false, unseen: { payers: 0, receivers: 0 }, isRemarkUnread: false, refused: NOTHING_REFUSED,
  };
  const decision = guardRemittance(weights, line, evidence, decideRemittance(line, evidence));
  return { kind, decision, namesCase: decision.caseId !== null, namesCandidate: decision.candidateCaseId !== null, takesAmount: decision.amountMinor !== null };
}

const EITHER = [false, true] as const;

/** The decision for every kind of plain line that there can be. */
export function decidePlainKinds(caseload: { readonly counties: ReadonlySet<string>; readonly caseCount: number }, weights: Weights): PlainDecision[] {
  return (['agrees', 'no_credit'] as const).flatMap((transfer) => EITHER.flatMap((feeTaken) => EITHER.flatMap((isOpen) => EITHER.flatMap((payerHasSecond) => EITHER.map((receiverHasSecond) =>
    decidePlain({ transfer, feeTaken, isOpen, payerHasSecond, receiverHasSecond }, caseload, weights))))));
}

/** Whether a remark names nothing of ours and was read in full: whatever line bears it, it says nothing. */
export function saysNothing(note: string, shapes: Shapes): boolean {
  return !isRemarkUnread(note, shapes) && namedIds(null, note, shapes.cases).length === 0;
}
