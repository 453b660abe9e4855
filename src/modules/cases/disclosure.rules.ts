import type { CalendarDate } from '../../platform/dates.ts';
import type { Finding } from '../../platform/errors.ts';
import { isOwnSuperiorCourt } from './county-court.rules.ts';
import { isUsableAccount } from './identifier.rules.ts';
import { isInForce, protectedParticipants } from './nondisclosure.rules.ts';
import { whereaboutsOf } from './whereabouts.rules.ts';
import type { Whereabouts } from './whereabouts.rules.ts';
import type { Account, Balance, Employer, HistoryEntry, Identifier, Obligation, Participant, PartnerCaseNumber, PersonName, Residence, Source, SupportCase, SupportOrder } from './support-case.rules.ts';

/** To whom a case is about to be shown: a partner and the country in which it works (ISO 3166-1 alpha-2). */
export interface Recipient { partnerId: string; country: string }

/** Stands where a protected person's address would: the agency's own address is used instead. */
export interface AgencyAddress { substitute: 'agency' }

export type DisclosedIdentifier = Omit<Identifier, 'verifiedBy'>;
export type DisclosedResidence = Omit<Residence, 'verifiedBy'>;
export interface DisclosedEmployer { name: string; residence?: DisclosedResidence; source?: Source }
export type DisclosedParticipant = Omit<Participant, 'residence' | 'identifiers' | 'employer' | 'accounts' | 'nondisclosure'> & {
  residence?: DisclosedResidence | AgencyAddress; identifiers?: DisclosedIdentifier[]; employer?: DisclosedEmployer; accounts?: Omit<Account, 'source' | 'verifiedBy'>[];
  /** Whether this person's whereabouts are sealed. The basis is nobody's business abroad. */
  isProtected: boolean;
};
export type DisclosedOrder = Omit<SupportOrder, 'tribunal' | 'docketNumber' | 'jurisdiction'> & Partial<Pick<SupportOrder, 'tribunal' | 'docketNumber' | 'jurisdiction'>>;
/** A support case as this recipient may know it: the shape of contract 1, less what stays here. */
export type DisclosedCase = Omit<SupportCase, 'participants' | 'orders'> & { participants: DisclosedParticipant[]; orders: DisclosedOrder[] };

export type DisclosureReason =
  | 'case_record' | 'source_allowed' | 'verified_elsewhere' | 'order_record' | 'own_number'
  | 'nondisclosure' | 'shares_protected_whereabouts' | 'source_restricted' | 'source_missing' | 'source_unknown' | 'not_needed_abroad'
  | 'other_country' | 'other_partner' | 'unusable' | 'unknown_field';
export interface DisclosureDecision { pointer: string; decision: 'disclose' | 'withhold' | 'substitute'; reason: DisclosureReason }
export interface Disclosure { view: DisclosedCase; decisions: DisclosureDecision[]; findings: Finding[] }

// Federal locate, tax and bank-match data (45 CFR 303.21(d)(3), 42 USC 653(c)(5)): no authority abroad may have them.
const RESTRICTED: readonly string[] = ['fpls', 'irs', 'fidm'];
const ALLOWED: readonly string[] = ['party', 'employer', 'court', 'dmv', 'partner', 'other'];

/** What is decided so far, and where a decision is written down. */
class Ledger {
  readonly decisions: DisclosureDecision[] = [];
  readonly findings: Finding[] = [];

  disclose(pointer: string, reason: DisclosureReason): true {
    this.decisions.push({ pointer, decision: 'disclose', reason });
    return true;
  }

  withhold(pointer: string, reason: DisclosureReason): false {
    this.decisions.push({ pointer, decision: 'withhold', reason });
    if (reason === 'source_missing') this.find('source_missing', 'warn', pointer);
    if (reason === 'source_restricted') this.find('source_restricted', 'info', pointer);
    if (reason === 'unknown_field') this.find('field_withheld', 'info', pointer);
    return false;
  }

  substitute(pointer: string): AgencyAddress {
    this.decisions.push({ pointer, decision: 'substitute', reason: 'nondisclosure' });
    return { substitute: 'agency' };
  }

  find(code: string, severity: Finding['severity'], path: string): void {
    this.findings.push({ code: `cases.${code}`, severity, path });
  }
}

/** What the decisions about one case look at. */
interface Scope { supportCase: SupportCase; recipient: Recipient; sealed: ReadonlySet<string>; whereabouts: Whereabouts; ledger: Ledger }

/**
 * Decides field by field what of a case may leave to a partner on a day: the one place that does (design rule 7). Provenance
 * and nondisclosure fail closed: a field that these rules do not know stays here, and so does a datum whose source is not told
 * where it must be. The view may be printed, sent and logged as delivered; the case it was made of may not.
 */
export function disclose(supportCase: SupportCase, recipient: Recipient, on: CalendarDate): Disclosure {
  const ledger = new Ledger();
  const sealed = protectedParticipants(supportCase, on);
  const scope: Scope = { supportCase, recipient, sealed, whereabouts: whereaboutsOf(supportCase, sealed), ledger };
  const view: DisclosedCase = {
    ...caseRecord(scope),
    participants: supportCase.participants.map((participant, i) => discloseParticipant(participant, `/participants/${i}`, scope)),
    orders: supportCase.orders.map((order, i) => discloseOrder(order, `/orders/${i}`, scope)),
    balances: supportCase.balances.map((balance, i) => pick<Balance>(balance, BALANCE, `/balances/${i}`, 'case_record', ledger)),
  };
  if (supportCase.history) view.history = supportCase.history.map((entry, i) => pick<HistoryEntry>(entry, HISTORY, `/history/${i}`, 'case_record', ledger));
  const numbers = disclosePartnerNumbers(scope);
  if (numbers.length > 0) view.partnerCaseNumbers = numbers;
  reportProtection(scope, on);
  return { view, decisions: ledger.decisions, findings: ledger.findings };
}

// Every field that may be known at all, by the part of the record that carries it. What is not listed is withheld.
const CASE = ['extractVersion', 'caseId', 'county', 'status', 'assistance', 'openedOn', 'closedOn'];
const CASE_PARTS = ['participants', 'orders', 'balances', 'history', 'partnerCaseNumbers'];
const BALANCE = ['bucket', 'amount', 'currency', 'asOf'];
const HISTORY = ['kind', 'on', 'amount', 'currency', 'bucket'];
const NAME = ['given', 'family', 'secondFamily', 'native', 'aliases'];
// A new name is part of a new life: of a protected person only the names that the case goes by are shown.
const NAME_SEALED = ['given', 'family', 'secondFamily', 'native'];
const RESIDENCE = ['country', 'lines', 'neighborhood', 'locality', 'region', 'postalCode', 'verifiedOn'];
const ORDER = ['orderId', 'issuedOn', 'parentageEstablished'];
const ORDER_FORUM = ['tribunal', 'docketNumber', 'jurisdiction'];
const OBLIGATION = ['obligationId', 'kind', 'amount', 'currency', 'frequency', 'startsOn', 'endsOn', 'dependents'];
const PERSON_OPEN = ['participantId', 'role', 'sex', 'birthDate', 'birthPlace', 'nationalities', 'livesWith'];
const PERSON_SEALED = ['participantId', 'role', 'sex'];
const PERSON_PARTS = ['name', 'residence', 'identifiers', 'phones', 'emails', 'employer', 'accounts', 'nondisclosure'];
const IDENTIFIER = ['type', 'value', 'country'];
const ACCOUNT = ['kind', 'value', 'bankCode'];

function caseRecord(scope: Scope): Pick<SupportCase, 'extractVersion' | 'caseId' | 'county' | 'status' | 'assistance' | 'openedOn' | 'closedOn'> {
  return pick<SupportCase>(scope.supportCase, CASE, '', 'case_record', scope.ledger, CASE_PARTS);
}

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string');
  return ['string', 'boolean'].includes(typeof value);
}

/** Copies the fields that are listed and plain, and withholds all others; `elsewhere` are decided by others. */
function pick<T extends object>(from: T, fields: readonly string[], path: string, reason: DisclosureReason, ledger: Ledger, elsewhere: readonly string[] = [], otherwise: (field: string) => DisclosureReason = () => 'unknown_field'): T {
  const view: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(from)) {
    if (elsewhere.includes(field) || value === undefined) continue;
    const pointer = `${path}/${pointerPart(field)}`;
    if (!fields.includes(field)) ledger.withhold(pointer, otherwise(field));
    else if (isPlain(value) && ledger.disclose(pointer, reason)) view[field] = Array.isArray(value) ? [...value] : value;
    else ledger.withhold(pointer, 'unknown_field');
  }
  return view as T;
}

function pointerPart(field: string): string {
  return /^[A-Za-z0-9_]{1,40}$/.test(field) ? field : '*';
}

function discloseParticipant(participant: Participant, path: string, scope: Scope): DisclosedParticipant {
  const isProtected = scope.sealed.has(participant.participantId);
  const { ledger } = scope;
  const fields = isProtected ? PERSON_SEALED : PERSON_OPEN;
  const reasonOf = (known: readonly string[]) => (field: string): DisclosureReason => (isProtected && known.includes(field) ? 'nondisclosure' : 'unknown_field');
  const view = {
    ...pick<Participant>(participant, fields, path, 'case_record', ledger, PERSON_PARTS, reasonOf(PERSON_OPEN)),
    name: pick<PersonName>(participant.name, isProtected ? NAME_SEALED : NAME, `${path}/name`, 'case_record', ledger, [], reasonOf(NAME)),
    isProtected,
  } as DisclosedParticipant;
  if (participant.nondisclosure) ledger.withhold(`${path}/nondisclosure`, 'nondisclosure');
  if (isProtected) sealParts(participant, path, view, ledger);
  else openParts(participant, path, view, scope);
  return view;
}

/** Nothing of these parts leaves; the address of the agency stands in, whether or not an address is known. */
function sealParts(participant: Participant, path: string, view: DisclosedParticipant, ledger: Ledger): void {
  view.residence = ledger.substitute(`${path}/residence`);
  for (const part of ['identifiers', 'phones', 'emails', 'employer', 'accounts'] as const) {
    if (participant[part] !== undefined) ledger.withhold(`${path}/${part}`, 'nondisclosure');
  }
}

function openParts(participant: Participant, path: string, view: DisclosedParticipant, scope: Scope): void {
  const residence = participant.residence && discloseResidence(participant.residence, `${path}/residence`, scope);
  if (residence) view.residence = residence;
  const employer = participant.employer && discloseEmployer(participant.employer, `${path}/employer`, scope);
  if (employer) view.employer = employer;
  const identifiers = keepEach(participant.identifiers, `${path}/identifiers`, (identifier, at) => discloseIdentifier(identifier, at, scope));
  if (identifiers) view.identifiers = identifiers;
  const accounts = keepEach(participant.accounts, `${path}/accounts`, (account, at) => discloseAccount(account, at, scope));
  if (accounts) view.accounts = accounts;
  for (const part of ['phones', 'emails'] as const) {
    const kept = keepEach(participant[part], `${path}/${part}`, (value, at) => discloseContact(value, at, scope));
    if (kept) view[part] = kept;
  }
}

function keepEach<T, V>(items: readonly T[] | undefined, path: string, one: (item: T, at: string) => V | null): V[] | undefined {
  if (!items) return undefined;
  const kept = items.map((item, i) => one(item, `${path}/${i}`)).filter((item) => item !== null);
  return kept.length > 0 ? kept : undefined;
}

/** Why a datum with this provenance may leave, or why not. What is verified by an allowed source is that source's datum. */
function provenance(datum: { source?: string; verifiedBy?: string }, byDefault?: Source): { source: Source; reason: DisclosureReason } | DisclosureReason {
  const source = datum.source ?? byDefault;
  if (source === undefined) return 'source_missing';
  if (ALLOWED.includes(source)) return { source: source as Source, reason: datum.source === undefined ? 'case_record' : 'source_allowed' };
  if (!RESTRICTED.includes(source)) return 'source_unknown';
  if (datum.verifiedBy !== undefined && ALLOWED.includes(datum.verifiedBy)) return { source: datum.verifiedBy as Source, reason: 'verified_elsewhere' };
  return 'source_restricted';
}

function discloseResidence(residence: Residence, path: string, scope: Scope, byDefault?: Source): DisclosedResidence | null {
  const origin = provenance(residence, byDefault);
  if (typeof origin === 'string') return scope.ledger.withhold(path, origin) || null;
  if (scope.whereabouts.hasAddress(residence)) return scope.ledger.withhold(path, 'shares_protected_whereabouts') || null;
  const view = pick<Residence>(residence, RESIDENCE, path, origin.reason, scope.ledger, ['source', 'verifiedBy']);
  return { ...view, source: origin.source };
}

function discloseEmployer(employer: Employer, path: string, scope: Scope): DisclosedEmployer | null {
  const origin = provenance(employer);
  if (typeof origin === 'string') return scope.ledger.withhold(path, origin) || null;
  const view: DisclosedEmployer = { ...pick<Employer>(employer, ['name'], path, origin.reason, scope.ledger, ['residence', 'source', 'verifiedBy']), source: origin.source };
  const residence = employer.residence && discloseResidence(employer.residence, `${path}/residence`, scope, origin.source);
  if (residence) view.residence = residence;
  return view;
}

// Whose number it is decides who can use it. Social security and tax numbers stay here (domain: omitted by default).
const ISSUED_BY: Readonly<Record<string, string>> = { CURP: 'MX', RFC: 'MX', INE: 'MX', RRN: 'KR', ARN: 'KR', CLABE: 'MX', KR_BANK: 'KR' };

function discloseIdentifier(identifier: Identifier, path: string, scope: Scope): DisclosedIdentifier | null {
  const { ledger, recipient } = scope;
  const origin = provenance(identifier);
  if (typeof origin === 'string') return ledger.withhold(path, origin) || null;
  if (identifier.type === 'SSN' || identifier.type === 'ITIN') return ledger.withhold(path, 'not_needed_abroad') || null;
  const country = ISSUED_BY[identifier.type] ?? identifier.country;
  if (country !== recipient.country) return ledger.withhold(path, 'other_country') || null;
  if (scope.whereabouts.hasNumber(identifier.value)) return ledger.withhold(path, 'shares_protected_whereabouts') || null;
  return { ...pick<Identifier>(identifier, IDENTIFIER, path, origin.reason, ledger, ['source', 'verifiedBy']), source: origin.source };
}

function discloseAccount(account: Account, path: string, scope: Scope): Omit<Account, 'source' | 'verifiedBy'> | null {
  const { ledger, recipient } = scope;
  const origin = provenance(account, 'party');
  if (typeof origin === 'string') return ledger.withhold(path, origin) || null;
  if (ISSUED_BY[account.kind] !== recipient.country) return ledger.withhold(path, 'other_country') || null;
  if (scope.whereabouts.hasNumber(account.value)) return ledger.withhold(path, 'shares_protected_whereabouts') || null;
  if (!isUsableAccount(account)) return ledger.withhold(path, 'unusable') || null;
  return pick<Account>(account, ACCOUNT, path, origin.reason, ledger, ['source', 'verifiedBy']);
}

function discloseContact(value: string, path: string, scope: Scope): string | null {
  if (typeof value !== 'string') return scope.ledger.withhold(path, 'unknown_field') || null;
  if (scope.whereabouts.hasContact(value)) return scope.ledger.withhold(path, 'shares_protected_whereabouts') || null;
  scope.ledger.disclose(path, 'case_record');
  return value;
}

function discloseOrder(order: SupportOrder, path: string, scope: Scope): DisclosedOrder {
  const { ledger } = scope;
  // Where somebody is protected, a court says where somebody lived and sued, unless it is the sending county's own.
  const isForumOpen = scope.sealed.size === 0 || isOwnSuperiorCourt(order, scope.supportCase.county);
  const fields = isForumOpen ? [...ORDER, ...ORDER_FORUM] : ORDER;
  const view = pick<SupportOrder>(order, fields, path, 'order_record', ledger, ['obligations'], (field) => (ORDER_FORUM.includes(field) ? 'nondisclosure' : 'unknown_field'));
  if (!isForumOpen) ledger.find('tribunal_withheld', 'warn', `${path}/tribunal`);
  return { ...view, obligations: order.obligations.map((obligation, j) => pick<Obligation>(obligation, OBLIGATION, `${path}/obligations/${j}`, 'order_record', ledger)) };
}

function disclosePartnerNumbers(scope: Scope): PartnerCaseNumber[] {
  const kept: PartnerCaseNumber[] = [];
  scope.supportCase.partnerCaseNumbers?.forEach((number, i) => {
    const path = `/partnerCaseNumbers/${i}`;
    if (number.partner === scope.recipient.partnerId) kept.push(pick<PartnerCaseNumber>(number, ['partner', 'value'], path, 'own_number', scope.ledger));
    else scope.ledger.withhold(path, 'other_partner');
  });
  return kept;
}

function reportProtection(scope: Scope, on: CalendarDate): void {
  const { ledger, recipient, sealed, supportCase } = scope;
  supportCase.participants.forEach((participant, i) => {
    const { nondisclosure } = participant;
    if (nondisclosure && !isInForce(nondisclosure, on)) ledger.find('nondisclosure_ended', 'info', `/participants/${i}/nondisclosure`);
    if (!sealed.has(participant.participantId)) return;
    ledger.find('person_protected', 'info', `/participants/${i}`);
    // Which office is asked tells in which region somebody is to be looked for.
    if (participant.residence?.country === recipient.country) ledger.find('recipient_near_protected', 'warn', `/participants/${i}/residence`);
  });
}
