import type { Finding, Param } from '../../platform/errors.ts';
import { isCalendarDate } from '../../platform/dates.ts';
import { isCurrency, minorDigits, parseDecimal, parseMajor } from '../../platform/money.ts';
import { identifierFindings } from './identifier.rules.ts';

/** Where a datum came from (contract 1); it decides what may leave the country. */
export type Source = 'party' | 'employer' | 'court' | 'dmv' | 'fpls' | 'irs' | 'fidm' | 'partner' | 'other';
export type Role = 'obligor' | 'alleged_parent' | 'obligee' | 'caretaker' | 'dependent';
export type Sex = 'F' | 'M' | 'X';
export type IdentifierType = 'SSN' | 'ITIN' | 'CURP' | 'RFC' | 'INE' | 'RRN' | 'ARN' | 'passport';
export type AccountKind = 'CLABE' | 'KR_BANK' | 'US_ACH';
export type Assistance = 'never' | 'former' | 'current' | 'foster_care' | 'medicaid_only' | 'non_iv_d';
export type Bucket = 'current_support' | 'arrears_unassigned' | 'arrears_assigned' | 'interest' | 'medical';
export type ObligationKind = 'child_support' | 'spousal_support' | 'medical_support' | 'arrears_payment';
export type Frequency = 'weekly' | 'biweekly' | 'semimonthly' | 'monthly' | 'one_time';
export type NondisclosureBasis = 'affidavit' | 'court_order' | 'family_violence_indicator' | 'good_cause';

export interface PersonName { given: string; family: string; secondFamily?: string; native?: string; aliases?: string[] }
export interface Residence {
  country: string; lines: string[]; neighborhood?: string; locality?: string; region?: string; postalCode?: string;
  verifiedOn?: string; source?: Source; verifiedBy?: Source;
}
export interface Identifier { type: IdentifierType; value: string; country?: string; source?: Source; verifiedBy?: Source }
export interface Account { kind: AccountKind; value: string; bankCode?: string; source?: Source; verifiedBy?: Source }
export interface Employer { name: string; residence?: Residence; source?: Source; verifiedBy?: Source }
export interface Nondisclosure { basis: NondisclosureBasis; on: string; against?: string; until?: string }
export interface Participant {
  participantId: string; role: Role; name: PersonName; sex?: Sex; birthDate?: string; birthPlace?: string; nationalities?: string[];
  residence?: Residence; identifiers?: Identifier[]; phones?: string[]; emails?: string[]; employer?: Employer; accounts?: Account[];
  nondisclosure?: Nondisclosure; livesWith?: string;
  /** Not of the extract: what an earlier version said and nobody has confirmed to be over. It binds as if it were still said. */
  retained?: { nondisclosures: Nondisclosure[]; livesWith: string[] };
}
export interface Obligation {
  obligationId: string; kind: ObligationKind; amount: string; currency: string; frequency: Frequency; startsOn: string; endsOn?: string; dependents: string[];
}
export interface SupportOrder {
  orderId: string; tribunal: string; docketNumber: string; jurisdiction: string; issuedOn: string; parentageEstablished: boolean; obligations: Obligation[];
}
export interface Balance { bucket: Bucket; amount: string; currency: string; asOf: string }
export interface HistoryEntry { kind: 'charge' | 'payment' | 'adjustment' | 'interest'; on: string; amount: string; currency: string; bucket: Bucket }
export interface PartnerCaseNumber { partner: string; value: string }

/** One support case in the shape of contract 1: amounts are decimal strings in major units, dates are calendar dates. */
export interface SupportCase {
  extractVersion: '1.0'; caseId: string; county: string; status: 'open' | 'closed'; assistance: Assistance; openedOn: string; closedOn?: string;
  participants: Participant[]; orders: SupportOrder[]; balances: Balance[]; history?: HistoryEntry[]; partnerCaseNumbers?: PartnerCaseNumber[];
}

export const PAYING_ROLES: readonly Role[] = ['obligor', 'alleged_parent'];
export const RECEIVING_ROLES: readonly Role[] = ['obligee', 'caretaker'];

/** Fifteen digits and two decimals are more than any support order; bigint columns hold nineteen. */
const AMOUNT_DIGITS_MAX = 15;

type Report = (severity: Finding['severity'], code: string, path: string, params?: Record<string, Param>) => void;

/**
 * What the schema cannot say about one case: who must be in it, what may refer to what, real dates, exact amounts, identifiers.
 * A `block` finding at the case's own structure means that the line is not imported; see `isRejected`.
 */
export function supportCaseFindings(supportCase: SupportCase): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (severity, code, path, params) => void findings.push({ code: `cases.${code}`, severity, path, ...(params ? { params } : {}) });
  checkLife(supportCase, report);
  checkParticipants(supportCase.participants, report);
  checkOrders(supportCase, report);
  supportCase.balances.forEach((balance, i) => {
    checkAmount(balance, `/balances/${i}`, report);
    checkDate(balance.asOf, `/balances/${i}/asOf`, report);
  });
  supportCase.history?.forEach((entry, i) => {
    checkAmount(entry, `/history/${i}`, report, entry.kind === 'adjustment');
    checkDate(entry.on, `/history/${i}/on`, report);
  });
  supportCase.participants.forEach((participant, i) => findings.push(...identifierFindings(participant, `/participants/${i}`)));
  return findings;
}

/** Findings that block a datum (an account number that cannot be right) but not the case that carries it. */
const DATUM_ONLY = new Set(['cases.clabe_structure', 'cases.clabe_check_digit']);

/** Whether a line with these findings stays out. */
export function isRejected(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'block' && !DATUM_ONLY.has(finding.code));
}

function checkLife(supportCase: SupportCase, report: Report): void {
  const isOpened = checkDate(supportCase.openedOn, '/openedOn', report);
  if (supportCase.status === 'closed' && supportCase.closedOn === undefined) report('block', 'closed_without_date', '/closedOn');
  if (supportCase.closedOn === undefined) return;
  if (supportCase.status === 'open') report('block', 'open_with_closing_date', '/closedOn');
  if (checkDate(supportCase.closedOn, '/closedOn', report) && isOpened && supportCase.closedOn < supportCase.openedOn) report('warn', 'closed_before_opened', '/closedOn');
}

function checkParticipants(participants: readonly Participant[], report: Report): void {
  const first = new Map<string, number>();
  participants.forEach((participant, i) => {
    const earlier = first.get(participant.participantId);
    if (earlier === undefined) first.set(participant.participantId, i);
    else report('block', 'participant_id_repeated', `/participants/${i}/participantId`, { firstAt: `/participants/${earlier}` });
  });
  const roles = new Set(participants.map((participant) => participant.role));
  if (!PAYING_ROLES.some((role) => roles.has(role))) report('block', 'participant_missing', '/participants', { role: PAYING_ROLES.join(' | ') });
  if (!RECEIVING_ROLES.some((role) => roles.has(role))) report('block', 'participant_missing', '/participants', { role: RECEIVING_ROLES.join(' | ') });
  if (!roles.has('dependent')) report('block', 'participant_missing', '/participants', { role: 'dependent' });
  participants.forEach((participant, i) => checkParticipant(participant, `/participants/${i}`, first, report));
}

function checkParticipant(participant: Participant, path: string, known: ReadonlyMap<string, number>, report: Report): void {
  checkDate(participant.birthDate, `${path}/birthDate`, report);
  checkDate(participant.residence?.verifiedOn, `${path}/residence/verifiedOn`, report);
  checkDate(participant.employer?.residence?.verifiedOn, `${path}/employer/residence/verifiedOn`, report);
  if (participant.livesWith !== undefined && (!known.has(participant.livesWith) || participant.livesWith === participant.participantId)) {
    report('block', 'reference_unknown', `${path}/livesWith`);
  }
  const { nondisclosure } = participant;
  if (!nondisclosure) return;
  checkDate(nondisclosure.on, `${path}/nondisclosure/on`, report);
  checkDate(nondisclosure.until, `${path}/nondisclosure/until`, report);
  if (nondisclosure.against !== undefined && !known.has(nondisclosure.against)) report('block', 'reference_unknown', `${path}/nondisclosure/against`);
}

function checkOrders(supportCase: SupportCase, report: Report): void {
  const dependents = new Set(supportCase.participants.filter((participant) => participant.role === 'dependent').map((participant) => participant.participantId));
  const orderIds = new Set<string>();
  const obligationIds = new Set<string>();
  supportCase.orders.forEach((order, i) => {
    const path = `/orders/${i}`;
    if (orderIds.has(order.orderId)) report('block', 'order_id_repeated', `${path}/orderId`);
    orderIds.add(order.orderId);
    checkDate(order.issuedOn, `${path}/issuedOn`, report);
    order.obligations.forEach((obligation, j) => {
      if (obligationIds.has(obligation.obligationId)) report('block', 'obligation_id_repeated', `${path}/obligations/${j}/obligationId`);
      obligationIds.add(obligation.obligationId);
      checkObligation(obligation, `${path}/obligations/${j}`, dependents, report);
    });
  });
}

function checkObligation(obligation: Obligation, path: string, dependents: ReadonlySet<string>, report: Report): void {
  checkAmount(obligation, path, report);
  const isStart = checkDate(obligation.startsOn, `${path}/startsOn`, report);
  const isEnd = checkDate(obligation.endsOn, `${path}/endsOn`, report);
  if (isStart && isEnd && obligation.endsOn !== undefined && obligation.endsOn < obligation.startsOn) report('warn', 'ends_before_start', `${path}/endsOn`);
  obligation.dependents.forEach((id, k) => {
    if (!dependents.has(id)) report('block', 'dependent_unknown', `${path}/dependents/${k}`);
  });
}

function checkDate(date: string | undefined, path: string, report: Report): boolean {
  if (date === undefined || isCalendarDate(date)) return true;
  report('block', 'date_unreal', path);
  return false;
}

function checkAmount(of: { amount: string; currency: string }, path: string, report: Report, mayBeNegative = false): void {
  if (!isCurrency(of.currency)) {
    report('block', 'currency_unknown', `${path}/currency`);
    return;
  }
  const decimal = parseDecimal(of.amount);
  if (!decimal || of.amount.startsWith('+')) report('block', 'amount_unreadable', `${path}/amount`);
  else if (of.amount.startsWith('-') && !mayBeNegative) report('block', 'amount_negative', `${path}/amount`);
  else if (of.amount.replace(/\D/g, '').length > AMOUNT_DIGITS_MAX) report('block', 'amount_too_large', `${path}/amount`, { digitsMax: AMOUNT_DIGITS_MAX });
  else if (decimal.scale > minorDigits(of.currency) || parseMajor(of.amount, of.currency) === null) {
    report('block', 'amount_too_precise', `${path}/amount`, { currency: of.currency, decimals: minorDigits(of.currency) });
  }
}
