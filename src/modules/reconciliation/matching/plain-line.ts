// Remittance lines about which there is nothing to find out: the case's own number in its cell, both names as the case has them, no remark that
// says more, dates in their order. They differ in a handful of ways only, so the rules decide each way once, and the database gives that decision to all lines of it.
import type { OpenLine } from '../runs/line.store.ts';
import { decideRemittanceLine } from './decide-line.ts';
import type { Caseload } from './gather-remittance.ts';
import { namedIds } from './number-evidence.rules.ts';
import { payerEvidence, receiverEvidence } from './person.rules.ts';
import type { CaseView } from './person.rules.ts';
import type { Decision } from './reason.rules.ts';
import { NOTHING_REFUSED } from './refusal.rules.ts';
import type { RemittanceEvidence, TransferState } from './remittance.rules.ts';
import { isRemarkUnread } from './shapes.rules.ts';
import type { Shapes } from './shapes.rules.ts';

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

function decidePlain(kind: PlainKind, caseload: Caseload): PlainDecision {
  const payer = kind.payerHasSecond ? PRINTED.payer.full : PRINTED.payer.short;
  const receiver = kind.receiverHasSecond ? PRINTED.receiver.full : PRINTED.receiver.short;
  const view: CaseView = { ...CASE, persons: [person('obligor', payer), person('obligee', receiver)] };
  const line: OpenLine = {
    place: 1, lineNumber: 1, postingKey: '', note: '', partnerId: '', transfer: kind.transfer, feeTaken: kind.feeTaken, givenCaseId: CASE.caseId, givenDisbursementId: null,
    obligorName: payer, obligeeName: receiver, payeeName: '', settledMinor: 1n, settledCurrency: 'USD', flags: [], amountMinor: null, currency: null, rate: null,
    feeMinor: null, happenedOn: null, sentOn: null, creditedOn: null, status: null,
  };
  const evidence: RemittanceEvidence = {
    transfer: kind.transfer, feeTaken: kind.feeTaken, namedCases: [{ caseId: CASE.caseId, strength: 'whole', inText: false }],
    candidates: [{ caseId: CASE.caseId, county: CASE.county, isOpen: kind.isOpen, payer: payerEvidence(payer, view), receiver: receiverEvidence(receiver, view) }],
    counties: caseload.counties, caseCount: caseload.caseCount, isCut: false, areKeysCut: false, unseen: { payers: 0, receivers: 0 }, isRemarkUnread: false,
  };
  const decision = decideRemittanceLine(line, evidence, { refused: NOTHING_REFUSED, today: '9999-12-31' });
  return { kind, decision, namesCase: decision.caseId !== null, namesCandidate: decision.candidateCaseId !== null, takesAmount: decision.amountMinor !== null };
}

const EITHER = [false, true] as const;

/** Every kind of plain line that there can be, in an order that statements count on. */
export const PLAIN_KINDS: readonly PlainKind[] = (['agrees', 'no_credit'] as const).flatMap((transfer) => EITHER.flatMap((feeTaken) => EITHER.flatMap((isOpen) =>
  EITHER.flatMap((payerHasSecond) => EITHER.map((receiverHasSecond) => ({ transfer, feeTaken, isOpen, payerHasSecond, receiverHasSecond }))))));

export const decidePlainKinds = (caseload: Caseload): PlainDecision[] => PLAIN_KINDS.map((kind) => decidePlain(kind, caseload));

/** Whether a remark names nothing of ours and was read in full: whatever line bears it, it says nothing. */
export function saysNothing(note: string, shapes: Shapes): boolean {
  return !isRemarkUnread(note, shapes) && namedIds(null, note, shapes.cases).length === 0;
}
