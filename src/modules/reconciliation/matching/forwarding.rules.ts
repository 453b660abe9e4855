// What becomes of one line of a forwarding report (contract 3). Pure: evidence in, decision out.
import { convert, parseDecimal } from '../../../platform/money.ts';
import { numberReason } from './number-evidence.rules.ts';
import type { NamedCase } from './number-evidence.rules.ts';
import { AGREES, AGREES_FULLY, DIFFERS, isBeyondSlips } from './person.rules.ts';
import type { NameEvidence } from './person.rules.ts';
import { relation } from './printed-number.rules.ts';
import type { NumberRelation } from './printed-number.rules.ts';
import { suspense } from './reason.rules.ts';
import type { Decision, Method } from './reason.rules.ts';

export type ForwardingLine = {
  readonly partnerId: string;
  readonly givenDisbursementId: string | null;
  readonly givenCaseId: string | null;
  readonly payeeName: string;
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
  readonly rate: string | null;
  readonly feeMinor: bigint | null;
  readonly settledCurrency: string | null;
  readonly happenedOn: string | null;
  readonly status: 'delivered' | 'returned' | 'pending' | 'cancelled' | null;
  readonly flags: readonly string[];
};

export type Disbursement = {
  readonly disbursementId: string;
  readonly caseId: string;
  readonly partnerId: string;
  readonly payeeName: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly issuedOn: string;
  readonly method: string;
  readonly county: string | null;
  /** The day on which it was delivered or came back, by an earlier line. */
  readonly settledOn: string | null;
};

/** A case that the line names or that its payee and amount point to, with the latest fitting disbursement. */
export type PayeeCandidate = {
  readonly caseId: string;
  readonly name: NameEvidence;
  /** The latest of that amount, currency and partner issued on or before the line's date. */
  readonly latest: Disbursement | null;
  /** Older ones of the same amount: never taken, but a printed number may look like one of them. */
  readonly older: readonly Disbursement[];
  /** There are more of that amount than were looked up. */
  readonly isCut: boolean;
  /** What was posted before for the same printed payee of the same partner. */
  readonly history?: 'same_case' | 'other_case';
};

/**
 * Among whom the payee was looked for: all who were sent the amount; those of them who share a part of the printed name; or too
 * many even of those to compare.
 */
export type SearchReach = 'all' | 'by_key' | 'cut';

export type ForwardingEvidence = {
  /** Disbursements whose number the line gives, in its cell or in a remark. */
  readonly named: readonly { readonly disbursement: Disbursement; readonly name: NameEvidence; readonly inText: boolean }[];
  /** Cases that exist and whose number the line gives. */
  readonly namedCases: readonly NamedCase[];
  /** Of the cases named; where none is, of all cases that the payee's name and the amount point to. */
  readonly candidates: readonly PayeeCandidate[];
  readonly reach: SearchReach;
  /** The remark was not read to its end: it may name another case. */
  readonly isRemarkUnread: boolean;
  /** In how many cases somebody who receives bears the printed payee's name; null where nobody has counted. */
  readonly payeeBearers: number | null;
  /** How many cases there are to be mistaken for. */
  readonly caseCount: number;
};

const HARMLESS_FLAGS = new Set(['line.reference_missing']);
const STANDS_FOR: ReadonlySet<NumberRelation> = new Set(['same', 'tail', 'slip', 'near']);

/** The part of a delivered disbursement that the partner kept as its fee, in the disbursement's currency. */
export function feePart(line: Pick<ForwardingLine, 'status' | 'feeMinor' | 'settledCurrency' | 'rate'>, disbursement: Pick<Disbursement, 'currency' | 'amountMinor'>): bigint {
  if (line.status !== 'delivered' || line.feeMinor === null || line.feeMinor <= 0n || line.settledCurrency === null) return 0n;
  const rate = parseDecimal(line.rate ?? '1');
  if (rate === null || rate.digits <= 0n) return 0n;
  const fee = convert(line.feeMinor, line.settledCurrency, rate, disbursement.currency, 'divide');
  return fee > disbursement.amountMinor ? disbursement.amountMinor : fee;
}

function settle(line: ForwardingLine, d: Disbursement, method: Method, score: number | null, reasons: readonly string[]): Decision {
  if (line.happenedOn !== null && line.happenedOn < d.issuedOn) return suspense([...reasons, 'date.before_issue'], d.caseId);
  if (d.settledOn !== null && (line.status !== 'pending' || d.settledOn < (line.happenedOn ?? ''))) return suspense([...reasons, 'disbursement.already_settled'], d.caseId);
  const outcome = line.status === 'delivered' ? 'posted' : line.status === 'pending' ? 'pending' : 'returned';
  return {
    outcome, caseId: d.caseId, disbursementId: d.disbursementId, county: d.county, amountMinor: d.amountMinor, currency: d.currency,
    feeMinor: feePart(line, d), method, score, reasons: [...new Set([...reasons, `status.${line.status ?? 'unknown'}`])], candidateCaseId: null,
  };
}

/** Whether the case number that the line gives speaks for, against or not about the disbursement's case. */
function caseVoice(line: ForwardingLine, evidence: ForwardingEvidence, caseId: string): { agrees: boolean; reasons: string[]; conflict: boolean } {
  if (evidence.namedCases.some((c) => c.caseId !== caseId)) return { agrees: false, reasons: ['conflict.case_number'], conflict: true };
  const named = evidence.namedCases.find((c) => c.caseId === caseId);
  if (named !== undefined) return { agrees: true, reasons: [numberReason(named)], conflict: false };
  if (line.givenCaseId === null) return { agrees: false, reasons: [], conflict: false };
  const stands = STANDS_FOR.has(relation(line.givenCaseId, caseId));
  return { agrees: stands, reasons: [stands ? 'case_id.mistyped' : 'case_id.unknown'], conflict: false };
}

function byNumber(line: ForwardingLine, evidence: ForwardingEvidence): Decision {
  const [first] = evidence.named;
  if (first === undefined || evidence.named.length > 1) return suspense(['ambiguous.two_disbursements']);
  const { disbursement: d, name } = first;
  const reasons = [first.inText ? 'disbursement_id.in_text' : 'disbursement_id.exact'];
  if (d.partnerId !== line.partnerId) return suspense([...reasons, 'disbursement.other_partner']);
  if (d.method !== 'consulate') return suspense([...reasons, 'disbursement.other_method'], d.caseId);
  if (d.amountMinor !== line.amountMinor || d.currency !== line.currency) return suspense([...reasons, 'amount.other'], d.caseId);
  const voice = caseVoice(line, evidence, d.caseId);
  if (voice.conflict) return suspense([...reasons, ...voice.reasons], d.caseId);
  if (name !== null && name.score < DIFFERS) return suspense([...reasons, ...voice.reasons, 'conflict.name'], d.caseId);
  if (name !== null && name.score < AGREES && !voice.agrees) return suspense([...reasons, ...voice.reasons, 'name.unclear'], d.caseId);
  if (voice.reasons.includes('case_id.unknown') && (name === null || name.score < AGREES)) return suspense([...reasons, ...voice.reasons], d.caseId);
  return settle(line, d, 'reference', null, [...reasons, ...voice.reasons, ...(name?.reasons ?? ['name.missing']), 'amount.exact']);
}

type IdVoice = { readonly stands: boolean; readonly isNear?: boolean; readonly reasons: string[]; readonly conflict: boolean };

/** What a disbursement number that names nothing says about the one that other evidence points to. */
function idVoice(line: ForwardingLine, candidate: PayeeCandidate): IdVoice {
  if (line.givenDisbursementId === null || candidate.latest === null) return { stands: false, reasons: [], conflict: false };
  const given = line.givenDisbursementId;
  const toLatest = relation(given, candidate.latest.disbursementId);
  if (toLatest === 'same') return { stands: true, reasons: ['disbursement_id.mistyped'], conflict: false };
  // A slip of the latest one's number that may as well be a slip of an older one's tells nothing.
  const older = candidate.older.some((d) => ['slip', 'tail', 'same', ...(toLatest === 'near' ? ['near'] : [])].includes(relation(given, d.disbursementId)));
  if (!older && (toLatest === 'slip' || toLatest === 'tail')) return { stands: true, reasons: ['disbursement_id.mistyped'], conflict: false };
  if (older) return { stands: false, reasons: ['conflict.disbursement_number'], conflict: true };
  if (toLatest === 'near') return { stands: true, isNear: true, reasons: ['disbursement_id.mistyped'], conflict: false };
  // A number that is nobody's may be a bad print of any older one: then it is not known that the latest is meant.
  return { stands: false, reasons: ['disbursement_id.unknown'], conflict: candidate.older.length > 0 };
}

/** Two of one amount were sent to one case on the day of the latest: none of them is the latest, whether or not one is settled. */
const isTie = ({ latest, older }: PayeeCandidate): boolean => latest !== null && older.some((d) => d.issuedOn === latest.issuedOn);

function byCase(line: ForwardingLine, evidence: ForwardingEvidence): Decision {
  const cases = new Set(evidence.namedCases.map((c) => c.caseId));
  if (cases.size > 1) return suspense(['ambiguous.two_cases_named']);
  const [named] = evidence.namedCases;
  const candidate = evidence.candidates.find((c) => c.caseId === named?.caseId);
  if (named === undefined || candidate === undefined) return suspense(['case_id.unknown']);
  const reasons = [numberReason(named)];
  const { name, latest } = candidate;
  if (name !== null && name.score < DIFFERS) return suspense([...reasons, 'conflict.name'], named.caseId);
  if (name === null || name.score < AGREES) return suspense([...reasons, name === null ? 'name.missing' : 'name.unclear'], named.caseId);
  if (candidate.isCut) return suspense([...reasons, ...name.reasons, 'candidates.too_many'], named.caseId);
  if (latest === null) return suspense([...reasons, ...name.reasons, 'disbursement.none'], named.caseId);
  const id = idVoice(line, candidate);
  if (id.conflict || (id.reasons.includes('disbursement_id.unknown') && name.score < AGREES_FULLY)) return suspense([...reasons, ...id.reasons], named.caseId);
  if (isTie(candidate) && !(id.stands && !id.isNear)) return suspense([...reasons, ...id.reasons, ...name.reasons, 'ambiguous.two_disbursements'], named.caseId);
  return settle(line, latest, 'exact', null, [...reasons, ...id.reasons, ...name.reasons, 'amount.exact', 'disbursement.latest']);
}

type Ranked = { readonly candidate: PayeeCandidate; readonly score: number; readonly reasons: readonly string[]; readonly numberStands: boolean; readonly idStands: boolean; readonly conflict: boolean };

function rank(line: ForwardingLine, candidate: PayeeCandidate): Ranked {
  const id = idVoice(line, candidate);
  const toCase = line.givenCaseId === null ? null : relation(line.givenCaseId, candidate.caseId);
  const caseStands = toCase !== null && toCase !== 'near' && STANDS_FOR.has(toCase);
  const caseReasons = toCase === null ? [] : [caseStands ? 'case_id.mistyped' : 'case_id.unknown'];
  return {
    candidate, score: candidate.name?.score ?? 0, numberStands: (id.stands && !id.isNear) || caseStands, conflict: id.conflict, idStands: id.stands && !id.isNear,
    reasons: [...id.reasons, ...caseReasons, ...(candidate.name?.reasons ?? []), 'amount.exact', 'disbursement.latest'],
  };
}

const RIVAL = 0.6;

function byNameAndAmount(line: ForwardingLine, evidence: ForwardingEvidence): Decision {
  const alike = evidence.candidates.filter((c) => (c.name?.score ?? 0) >= RIVAL);
  if (evidence.reach === 'cut' || alike.some((c) => c.isCut)) return suspense(['candidates.too_many'], alike[0]?.caseId ?? null);
  const ranked = alike.filter((c) => c.latest !== null).map((c) => rank(line, c));
  const supported = ranked.filter((r) => r.numberStands && r.score >= AGREES);
  const rivals = ranked.toSorted((a, b) => b.score - a.score);
  const best = supported.length === 1 ? supported[0] : rivals[0];
  if (best === undefined) return suspense([line.givenCaseId !== null ? 'case_id.unknown' : 'name.unknown']);
  // A number that looks like one of them tells two namesakes apart; without it nothing does.
  if (supported.length > 1 || (supported.length === 0 && rivals.length > 1)) return suspense([...best.reasons, 'ambiguous.two_cases'], best.candidate.caseId);
  if (best.conflict) return suspense(best.reasons, best.candidate.caseId);
  const numberPrinted = line.givenCaseId !== null || line.givenDisbursementId !== null;
  if (best.score < AGREES) return suspense([...best.reasons, 'name.unclear'], best.candidate.caseId);
  if (numberPrinted && !best.numberStands) return suspense([...best.reasons, 'conflict.number_unknown'], best.candidate.caseId);
  if (evidence.reach === 'by_key' && !best.numberStands && !isBeyondSlips(line.payeeName, best.score)) return suspense([...best.reasons, 'candidates.too_many'], best.candidate.caseId);
  if (isTie(best.candidate) && !best.idStands) return suspense([...best.reasons, 'ambiguous.two_disbursements'], best.candidate.caseId);
  return settle(line, best.candidate.latest as Disbursement, 'scored', best.score, best.reasons);
}

/** The decision on a line that is neither a repeat nor rejected in itself. */
export function decideForwarding(line: ForwardingLine, evidence: ForwardingEvidence): Decision {
  const flags = line.flags.filter((f) => !HARMLESS_FLAGS.has(f));
  const named = evidence.named[0]?.disbursement.caseId ?? evidence.namedCases[0]?.caseId ?? null;
  if (line.status === null || flags.length > 0) return suspense(flags.length > 0 ? flags : ['line.status_unknown'], named);
  if (line.amountMinor === null || line.happenedOn === null) return suspense(['line.incomplete'], named);
  if (evidence.isRemarkUnread) return suspense(['note.not_read_in_full'], named);
  if (evidence.named.length > 0) return byNumber(line, evidence);
  if (evidence.namedCases.length > 0) return byCase(line, evidence);
  return byNameAndAmount(line, evidence);
}
