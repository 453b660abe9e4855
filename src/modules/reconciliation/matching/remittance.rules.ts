// What becomes of one line of a remittance advice (contract 4). Pure: evidence in, decision out.
import { numberReason } from './number-evidence.rules.ts';
import type { NamedCase } from './number-evidence.rules.ts';
import { AGREES, AGREES_FULLY, DIFFERS, isBeyondSlips } from './person.rules.ts';
import type { NameEvidence } from './person.rules.ts';
import { relation } from './printed-number.rules.ts';
import type { NumberRelation } from './printed-number.rules.ts';
import { suspense } from './reason.rules.ts';
import type { Decision, Method } from './reason.rules.ts';

export type RemittanceLine = {
  readonly partnerId: string;
  readonly givenCaseId: string | null;
  readonly obligorName: string;
  readonly obligeeName: string;
  readonly settledMinor: bigint | null;
  readonly settledCurrency: string | null;
  readonly flags: readonly string[];
};

export type TransferState = 'agrees' | 'no_credit' | 'differs' | 'unclear' | 'taken_back' | 'none';

export type RemittanceCandidate = {
  readonly caseId: string;
  readonly county: string;
  readonly isOpen: boolean;
  readonly payer: NameEvidence;
  readonly receiver: NameEvidence;
  /** How the amount stands to what the case orders and what came before; where somebody has looked. */
  readonly amount?: 'as_ordered' | 'as_before' | 'usual' | 'unusual';
  /** What was posted before for the same printed payer of the same partner. */
  readonly history?: 'same_case' | 'other_case';
  readonly remark?: 'names_child' | 'names_person';
};

export type RemittanceEvidence = {
  readonly transfer: TransferState;
  /** The credit paid less than the sum, within the fee that the profile allows. */
  readonly feeTaken: boolean;
  readonly namedCases: readonly NamedCase[];
  /** Of the cases named; where none is, of all that the names point to. */
  readonly candidates: readonly RemittanceCandidate[];
  /** Cases that the partner serves; others are never found by names alone. */
  readonly counties: ReadonlySet<string>;
  /** How many cases there are to be mistaken for, and whether more couples bear the names than were looked at. */
  readonly caseCount: number;
  readonly isCut: boolean;
  /** A part of a name has more bearers than were even counted. */
  readonly areKeysCut: boolean;
  /** Where not all who share only the one name were looked at: how many are as like it as those that were; else 0. */
  readonly unseen: { readonly payers: number; readonly receivers: number };
  /** The remark was not read to its end: it may name another case. */
  readonly isRemarkUnread: boolean;
};

/** Transfers whose money is not there for their lines, or not plainly. */
const WITHOUT_MONEY: Readonly<Partial<Record<TransferState, string>>> = { differs: 'transfer.sum_differs', unclear: 'transfer.unclear', taken_back: 'collection.taken_back' };

/** How many cases are looked at that share only the one name of a line; of those that share both, six times as many. */
export const ONE_SIDED_MAX = 10;

const CHANCE_MAX = 0.02;
const RIVAL = 0.6;

/** The line's money is the case's: posted where it has come, else waiting for it. */
export function arrived(line: RemittanceLine, evidence: RemittanceEvidence, c: RemittanceCandidate, method: Method, score: number | null, reasons: readonly string[]): Decision {
  if (!c.isOpen) return suspense([...reasons, 'case.closed'], c.caseId);
  const money = evidence.transfer === 'agrees' ? [evidence.feeTaken ? 'transfer.within_fee' : 'transfer.agrees'] : [];
  const matched = { caseId: c.caseId, disbursementId: null, county: c.county, amountMinor: line.settledMinor, currency: line.settledCurrency, feeMinor: 0n, method, score, candidateCaseId: null };
  if (evidence.transfer === 'no_credit') return { outcome: 'pending', ...matched, reasons: [...new Set([...reasons, 'transfer.no_credit'])] };
  return { outcome: 'posted', ...matched, reasons: [...new Set([...reasons, ...money])] };
}

function nameReasons(c: RemittanceCandidate): string[] {
  return [...(c.payer?.reasons ?? ['payer.missing']), ...(c.receiver?.reasons ?? ['receiver.missing'])];
}

type Names = { readonly verdict: 'agree' | 'unclear' | 'conflict' | 'missing'; readonly score: number };

/** Both names have to agree; one may be weak where the other is certain, and one may be missing. */
function judgeNames(c: RemittanceCandidate): Names {
  const scores = [c.payer?.score, c.receiver?.score].filter((s) => s !== undefined);
  if (scores.length === 0) return { verdict: 'missing', score: 0 };
  const worst = Math.min(...scores);
  const best = Math.max(...scores);
  if (worst < DIFFERS) return { verdict: 'conflict', score: worst };
  if (scores.length === 1) return { verdict: worst >= AGREES ? 'agree' : 'unclear', score: worst };
  return { verdict: worst >= AGREES || best >= AGREES_FULLY ? 'agree' : 'unclear', score: worst };
}

function byCaseNumber(line: RemittanceLine, evidence: RemittanceEvidence): Decision {
  const cases = new Set(evidence.namedCases.map((c) => c.caseId));
  const [named] = evidence.namedCases;
  const candidate = evidence.candidates.find((c) => c.caseId === named?.caseId);
  if (cases.size > 1) return suspense(['ambiguous.two_cases_named']);
  if (named === undefined || candidate === undefined) return suspense(['case_id.unknown']);
  const number = numberReason(named);
  const names = judgeNames(candidate);
  if (names.verdict === 'conflict') return suspense([number, 'conflict.name'], named.caseId);
  if (names.verdict !== 'agree') return suspense([number, names.verdict === 'missing' ? 'name.missing' : 'name.unclear'], named.caseId);
  return arrived(line, evidence, candidate, 'exact', null, [number, ...nameReasons(candidate)]);
}

// Two slips already make the number of another case: numbers stand close together.
const LOOKS_LIKE: ReadonlySet<NumberRelation> = new Set(['same', 'tail', 'slip']);

type Scored = { readonly c: RemittanceCandidate; readonly payer: number; readonly receiver: number; readonly number: NumberRelation | null; readonly score: number };

function scoreOf(line: RemittanceLine, c: RemittanceCandidate): Scored {
  const payer = c.payer?.score ?? 0;
  const receiver = c.receiver?.score ?? 0;
  return { c, payer, receiver, number: line.givenCaseId === null ? null : relation(line.givenCaseId, c.caseId), score: Math.round(((payer + receiver) / 2) * 1000) / 1000 };
}

/** A mistyped number together with a name that fits its case; or one name missing and the other in full. */
function byMistypedNumber(line: RemittanceLine, evidence: RemittanceEvidence, all: readonly Scored[]): Decision | null {
  const close = all.filter((s) => s.number !== null && LOOKS_LIKE.has(s.number));
  const fitting = close.filter((s) => {
    const names = judgeNames(s.c);
    if (names.verdict !== 'agree') return false;
    return (s.c.payer !== null && s.c.receiver !== null) || names.score >= AGREES_FULLY;
  });
  if (fitting.length > 1) return suspense(['case_id.mistyped', 'ambiguous.two_cases'], fitting[0]?.c.caseId ?? null);
  const [found] = fitting;
  if (found === undefined) return null;
  if (evidence.areKeysCut) return suspense(['case_id.mistyped', 'candidates.too_many'], found.c.caseId);
  // A slip may tell two cases of one couple apart, but only when it cannot be a slip of the other's number as well.
  const rival = all.some((s) => s !== found && Math.min(s.payer, s.receiver) >= RIVAL && s.number !== 'other');
  if (rival) return suspense(['case_id.mistyped', 'ambiguous.two_cases'], found.c.caseId);
  return arrived(line, evidence, found.c, 'scored', found.score, ['case_id.mistyped', ...nameReasons(found.c)]);
}

// As many as were seen; where all that were looked at agree, those not looked at may as well.
const bearers = (seen: number, unseen: number): number => (seen >= ONE_SIDED_MAX ? Math.max(seen, unseen) : seen);

// Somebody of whom only the one name was found may bear the other one misprinted: not when the other one is printed in full for the best.
function mayHideRival(line: RemittanceLine, evidence: RemittanceEvidence, best: Scored): boolean {
  return (evidence.unseen.payers > 0 && !isBeyondSlips(line.obligeeName, best.receiver)) || (evidence.unseen.receivers > 0 && !isBeyondSlips(line.obligorName, best.payer));
}

// How many couples of the caseload would agree with both names by chance: persons with the one name times persons with the other.
function chanceOf(evidence: RemittanceEvidence): number {
  const { payers, receivers } = bearersOf(evidence);
  return (payers * receivers) / Math.max(evidence.caseCount, 1);
}

/** In how many cases somebody bears the printed debtor's name, and in how many the creditor's. */
export function bearersOf(evidence: RemittanceEvidence): { readonly payers: number; readonly receivers: number } {
  const agreeing = (name: (c: RemittanceCandidate) => NameEvidence): number => evidence.candidates.filter((c) => (name(c)?.score ?? 0) >= AGREES).length;
  return { payers: bearers(agreeing((c) => c.payer), evidence.unseen.payers), receivers: bearers(agreeing((c) => c.receiver), evidence.unseen.receivers) };
}

function byNames(line: RemittanceLine, evidence: RemittanceEvidence, all: readonly Scored[]): Decision {
  const couples = all.filter((s) => Math.min(s.payer, s.receiver) >= RIVAL).toSorted((a, b) => b.score - a.score);
  const [best] = couples;
  const somebody = all.toSorted((a, b) => b.score - a.score)[0]?.c.caseId ?? null;
  if (best === undefined) {
    const reason = line.givenCaseId !== null ? 'case_id.unknown' : line.obligorName === '' || line.obligeeName === '' ? 'name.one_only' : 'name.unknown';
    const several = all.filter((s) => Math.max(s.payer, s.receiver) >= AGREES).length > 1;
    return suspense(several && reason === 'name.one_only' ? [reason, 'ambiguous.two_cases'] : [reason], somebody);
  }
  const reasons = [...(line.givenCaseId === null ? [] : ['case_id.unknown']), ...nameReasons(best.c)];
  if (couples.length > 1) return suspense([...reasons, 'ambiguous.two_cases'], best.c.caseId);
  if (line.givenCaseId !== null) return suspense([...reasons, 'conflict.number_unknown'], best.c.caseId);
  if (Math.min(best.payer, best.receiver) < AGREES) return suspense([...reasons, 'name.unclear'], best.c.caseId);
  if (evidence.areKeysCut || mayHideRival(line, evidence, best)) return suspense([...reasons, 'candidates.too_many'], best.c.caseId);
  if (evidence.isCut || chanceOf(evidence) > Math.max(CHANCE_MAX, 4 / Math.max(evidence.caseCount, 1))) return suspense([...reasons, 'name.too_common'], best.c.caseId);
  if (!evidence.counties.has(best.c.county)) return suspense([...reasons, 'county.not_served'], best.c.caseId);
  return arrived(line, evidence, best.c, 'scored', best.score, reasons);
}

/** The decision on a line that is neither a repeat nor rejected in itself. */
export function decideRemittance(line: RemittanceLine, evidence: RemittanceEvidence): Decision {
  const named = evidence.namedCases[0]?.caseId ?? null;
  if (line.settledMinor === null || line.settledMinor <= 0n || line.settledCurrency === null) return suspense(['line.incomplete'], named);
  if (evidence.transfer === 'none') return suspense(['transfer.missing'], named);
  const obstacle = WITHOUT_MONEY[evidence.transfer];
  if (obstacle !== undefined) return suspense([obstacle], named);
  const flags = line.flags.filter((f) => f !== 'line.reference_missing');
  if (flags.length > 0) return suspense(flags, named);
  if (evidence.isRemarkUnread) return suspense(['note.not_read_in_full'], named);
  if (evidence.namedCases.length > 0) return byCaseNumber(line, evidence);
  const all = evidence.candidates.map((c) => scoreOf(line, c));
  return byMistypedNumber(line, evidence, all) ?? byNames(line, evidence, all);
}
