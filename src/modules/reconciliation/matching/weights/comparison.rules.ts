// How a line looks beside a candidate, field by field: the levels that the weights are kept for.
import { daysBetween } from '../../../../platform/dates.ts';
import type { ForwardingEvidence, ForwardingLine, PayeeCandidate } from '../forwarding.rules.ts';
import type { NamedCase } from '../number-evidence.rules.ts';
import { AGREES, AGREES_FULLY, DIFFERS } from '../person.rules.ts';
import type { NameEvidence } from '../person.rules.ts';
import { relation } from '../printed-number.rules.ts';
import type { RemittanceCandidate, RemittanceEvidence, RemittanceLine } from '../remittance.rules.ts';
import type { Comparison } from './weights.rules.ts';

const FULL = 0.97;

/** The share of the other cases that bear a name; never less than a quarter of one case, because a name seen once may be borne once more. */
function rarityOf(bearers: number | null, caseCount: number): number | undefined {
  if (bearers === null || caseCount === 0) return undefined;
  return Math.min(1, Math.max(bearers - 1, 0.25) / caseCount);
}

export function nameLevel(name: NameEvidence): string {
  if (name === null) return 'absent';
  if (name.reasons.includes('name.of_child')) return 'child';
  if (name.score >= FULL) return 'full';
  if (name.score >= AGREES_FULLY) return 'strong';
  if (name.score >= AGREES) return 'agrees';
  return name.score >= DIFFERS ? 'unclear' : 'differs';
}

const AGREEING = new Set(['full', 'strong', 'agrees', 'child']);

function compareName(field: string, name: NameEvidence, bearers: number | null, caseCount: number): Comparison {
  const level = nameLevel(name);
  const rarity = AGREEING.has(level) ? rarityOf(bearers, caseCount) : undefined;
  return rarity === undefined ? { field, level } : { field, level, rarity };
}

function numberLevel(given: string | null, caseId: string, named: readonly NamedCase[]): string {
  const own = named.find((c) => c.caseId === caseId);
  if (own !== undefined) return own.inText ? 'in_text' : own.strength;
  if (named.length > 0) return 'another';
  return given === null ? 'absent' : relation(given, caseId);
}

const amountLevel = (c: RemittanceCandidate): string => c.amount ?? 'unknown';
const historyLevel = (c: RemittanceCandidate | PayeeCandidate): string => c.history ?? 'none';
const remarkLevel = (c: RemittanceCandidate): string => c.remark ?? 'says_nothing';

export type Bearers = { readonly payers: number | null; readonly receivers: number | null };

/** A line of an advice beside a case. */
export function compareRemittance(line: RemittanceLine, evidence: RemittanceEvidence, candidate: RemittanceCandidate, bearers: Bearers): Comparison[] {
  return [
    { field: 'case_number', level: numberLevel(line.givenCaseId, candidate.caseId, evidence.namedCases) },
    compareName('payer', candidate.payer, bearers.payers, evidence.caseCount),
    compareName('receiver', candidate.receiver, bearers.receivers, evidence.caseCount),
    { field: 'county', level: evidence.counties.has(candidate.county) ? 'served' : 'not_served' },
    { field: 'amount', level: amountLevel(candidate) },
    { field: 'history', level: historyLevel(candidate) },
    { field: 'remark', level: remarkLevel(candidate) },
  ];
}

function lagLevel(happenedOn: string | null, issuedOn: string | undefined): string {
  if (happenedOn === null || issuedOn === undefined) return 'unknown';
  // Money is never handed out before it was sent.
  if (happenedOn < issuedOn) return 'before_issue';
  const days = daysBetween(issuedOn, happenedOn);
  return days <= 10 ? 'in_ten_days' : days <= 45 ? 'in_45_days' : 'later';
}

/** Whether it is the amount of the disbursement: one that is named by its number, or of a case that is, may be of another amount. */
const isOfAmount = (line: ForwardingLine, { latest }: PayeeCandidate): boolean => latest !== null && latest.amountMinor === line.amountMinor && latest.currency === line.currency;

/** A line of a report beside a payee's case and its latest disbursement of that amount, or the disbursement that it names. */
export function compareForwarding(line: ForwardingLine, evidence: ForwardingEvidence, candidate: PayeeCandidate): Comparison[] {
  const given = line.givenDisbursementId;
  const toLatest = given === null ? 'absent' : candidate.latest === null ? 'other' : relation(given, candidate.latest.disbursementId);
  return [
    { field: 'disbursement_number', level: toLatest },
    { field: 'case_number', level: numberLevel(line.givenCaseId, candidate.caseId, evidence.namedCases) },
    compareName('payee', candidate.name, evidence.payeeBearers, evidence.caseCount),
    { field: 'sent_amount', level: isOfAmount(line, candidate) ? 'exact' : 'other', ...(isOfAmount(line, candidate) && evidence.reach === 'all' && evidence.caseCount > 0 ? { rarity: Math.min(1, evidence.candidates.length / evidence.caseCount) } : {}) },
    { field: 'lag', level: lagLevel(line.happenedOn, candidate.latest?.issuedOn) },
    { field: 'disbursement', level: candidate.latest === null ? 'none' : candidate.latest.settledOn === null ? 'open' : 'settled' },
    { field: 'history', level: historyLevel(candidate) },
  ];
}
