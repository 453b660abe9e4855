import { PAYING_ROLES, RECEIVING_ROLES } from '../../cases/index.ts';
import type { DisclosedCase, DisclosedParticipant, Residence, SupportCase } from '../../cases/index.ts';
import { unconfirmedFacts } from '../../partners/index.ts';
import type { PartnerProfile } from '../../partners/index.ts';
import type { Finding, Param } from '../../../platform/errors.ts';
import { needsOf } from '../documents/form-set.rules.ts';
import type { FormSet, ServiceNeed } from '../documents/form-set.rules.ts';
import { misfit } from './address-form.rules.ts';
import type { AddressForm } from './address-form.rules.ts';
import { reportContradictions } from './contradiction.rules.ts';
import { askedForm, papersToFollow } from './partner-papers.rules.ts';
import { asksForMoney, serviceForms } from './service.rules.ts';

export interface CompletenessInput {
  readonly supportCase: Pick<SupportCase, 'status' | 'county' | 'participants'>;
  /** What this partner may know: a datum that is kept back counts as missing. */
  readonly view: DisclosedCase;
  readonly partner: PartnerProfile;
  readonly services: readonly string[];
  /** What each service asks for, as data. */
  readonly set: FormSet;
  readonly answers: { readonly sections: Readonly<Record<string, unknown>>; readonly children: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
  /** The kinds of the papers attached. */
  readonly attachments: readonly string[];
  /** The forms that the packet would have. */
  readonly documents: readonly string[];
  /** How addresses are written, by country; those of another country are not checked. */
  readonly addressForms: ReadonlyMap<string, AddressForm>;
}

type Report = (severity: Finding['severity'], code: string, path: string, params?: Record<string, Param>) => void;

/**
 * What is missing before a referral can go to this partner for these services: blocking, worth a look, or good to know.
 * Paths are JSON pointers into the case record, or into the partner's profile under `/partner`.
 */
export function completenessFindings(input: CompletenessInput): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (severity, code, path, params) => void findings.push({ code: `referral.${code}`, severity, path, ...(params ? { params } : {}) });
  checkPartner(input, report);
  checkOrders(input, report);
  checkDebtors(input, report);
  checkPersons(input, report);
  checkBalances(input, report);
  reportContradictions({ services: input.services, set: input.set, balances: input.view.balances, sections: input.answers.sections }, report);
  checkNeeds(input, findings);
  for (const { index, paper } of papersToFollow(input.partner, input.services, input.set, input)) report('info', 'document_to_follow', `/partner/documents/${index}`, { document: paper.code });
  return bySeverity(findings);
}

const SEVERITIES: readonly Finding['severity'][] = ['block', 'warn', 'info'];

/** What stops the packet first; otherwise in the order in which it was found. */
export function bySeverity(findings: readonly Finding[]): Finding[] {
  return SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
}

function checkPartner({ partner, services, supportCase, set }: CompletenessInput, report: Report): void {
  services.forEach((service, index) => {
    if (!partner.services.value.some((offered) => offered === service)) report('block', 'service_not_offered', `/services/${index}`, { service });
    if (supportCase.status === 'closed' && serviceForms(set, service).forClosedCases !== true) report('block', 'case_closed', '/status', { service });
  });
  if (!partner.counties.value.includes(supportCase.county)) report('warn', 'county_not_served', '/county');
  if (partner.addresses.value.length === 0) report('warn', 'partner_address_missing', '/partner/addresses');
  if (partner.exchangeBasis.value.approverNeeded) report('warn', 'approver_needed', '/partner/exchangeBasis', { basis: partner.exchangeBasis.value.basis });
  const unconfirmed = unconfirmedFacts(partner).filter((fact) => USED_IN_PACKETS.some((part) => fact.path.startsWith(part)));
  if (unconfirmed.length > 0) report('warn', 'profile_unconfirmed', '/partner', { count: unconfirmed.length });
}

// Unconfirmed file dialects or calendars do not touch what a packet says.
const USED_IN_PACKETS = ['/names', '/unit', '/addresses', '/languages', '/legalBasis', '/services', '/documents', '/packet'];

function checkOrders({ view, services, set }: CompletenessInput, report: Report): void {
  const wanting = services.filter((service) => needsOf(set, service, 'order') !== null);
  const hasAmounts = view.orders.some((order) => order.obligations.length > 0);
  view.orders.forEach((order, index) => {
    if (order.obligations.length === 0) {
      report(wanting.length > 0 && !hasAmounts ? 'block' : 'warn', 'order_without_obligations', `/orders/${index}/obligations`);
    }
  });
  for (const service of wanting) if (view.orders.length === 0) report(needsOf(set, service, 'order')?.severity ?? 'block', 'order_missing', '/orders', { service });
  for (const service of services) if (needsOf(set, service, 'no_order') !== null && view.orders.length > 0) report('warn', 'order_exists', '/orders/0', { service });
}

function checkDebtors({ supportCase, view, partner, services, set, addressForms }: CompletenessInput, report: Report): void {
  const rule = partner.documents.map((fact) => fact.value).find((document) => document.code === 'debtor_address');
  const wanted = rule?.services ?? [];
  const bound = rule?.blocking === true ? services.filter((service) => wanted === 'all' || wanted.some((one) => one === service)) : [];
  const severity = bound.length > 0 ? 'block' : 'warn';
  const isOneThere = view.participants.some((one) => PAYING_ROLES.includes(one.role) && residenceOf(one)?.country === partner.country);
  const elsewhere = !isOneThere && bound.some((service) => serviceForms(set, service).actsOnDebtor === true) ? 'block' : 'warn';
  view.participants.forEach((participant, index) => {
    if (!PAYING_ROLES.includes(participant.role)) return;
    const path = `/participants/${index}/residence`;
    const fault = addressFault(participant, supportCase.participants[index]?.residence !== undefined);
    if (fault !== null) report(severity, `debtor_address_${fault}`, path);
    const residence = residenceOf(participant);
    if (residence === null) return;
    const { country } = residence;
    const form = addressForms.get(country);
    const part = form ? misfit(residence, form) : null;
    if (part !== null) report(severity, 'debtor_address_malformed', `${path}/${part}`, { country, part });
    if (fault === null && country !== partner.country) report(elsewhere, 'debtor_elsewhere', path, { country });
  });
}

function addressFault(participant: DisclosedParticipant, isKnown: boolean): 'missing' | 'withheld' | 'incomplete' | null {
  if (participant.residence === undefined) return isKnown ? 'withheld' : 'missing';
  const residence = residenceOf(participant);
  if (residence === null) return 'withheld';
  const isComplete = residence.lines.some((line) => line.trim() !== '') && Boolean(residence.locality ?? residence.region) && Boolean(residence.postalCode ?? residence.region);
  return isComplete ? null : 'incomplete';
}

/** The address as it may be told; null where it is unknown or another stands for it. */
function residenceOf({ residence }: DisclosedParticipant): Omit<Residence, 'source' | 'verifiedBy'> | null {
  return residence !== undefined && !('substitute' in residence) ? residence : null;
}

function checkPersons({ view, supportCase }: CompletenessInput, report: Report): void {
  view.participants.forEach((participant, index) => {
    if (!participant.isProtected && participant.birthDate === undefined) report('warn', 'birth_date_missing', `/participants/${index}/birthDate`, { role: participant.role });
    const isReceiving = RECEIVING_ROLES.includes(participant.role);
    if (isReceiving && !participant.isProtected && participant.residence === undefined && supportCase.participants[index]?.residence === undefined) {
      report('info', 'address_missing', `/participants/${index}/residence`, { role: participant.role });
    }
  });
}

function checkBalances({ view, services, set }: CompletenessInput, report: Report): void {
  if (!asksForMoney(set, services)) return;
  if (view.balances.length === 0) report('warn', 'balance_missing', '/balances');
}

/** What the set of forms asks of the record, the interview and the papers besides; each said once, with its worst severity. */
function checkNeeds(input: CompletenessInput, findings: Finding[]): void {
  const rank = ['info', 'warn', 'block'] as const;
  const missing = new Map<string, Finding>();
  for (const need of input.services.flatMap((service) => serviceForms(input.set, service).needs)) {
    const path = missingAt(need, input);
    if (path === null) continue;
    const before = missing.get(need.code);
    if (before && rank.indexOf(need.severity) <= rank.indexOf(before.severity)) continue;
    // Of a paper it is told in what form the partner asks for it.
    const params = need.kinds ? { params: { asked: askedForm(input.partner, input.services, input.set, need.kinds) } } : {};
    missing.set(need.code, { code: `need.${need.code}`, severity: need.severity, path, ...params });
  }
  findings.push(...missing.values());
}

/** The place to mend it, or null where nothing is missing. Order, address, balances, history and birth dates have checks of their own above. */
function missingAt(need: ServiceNeed, { supportCase, view, answers, attachments }: CompletenessInput): string | null {
  if (need.of === 'attachment') return need.kinds?.some((kind) => attachments.includes(kind)) ? null : '/attachments';
  if (need.of === 'case') {
    if (need.code === 'children') return view.participants.some((one) => one.role === 'dependent') ? null : '/participants';
    return need.code === 'partner_file_number' && (view.partnerCaseNumbers?.length ?? 0) === 0 ? '/partnerCaseNumbers' : null;
  }
  const section = need.section ?? need.code;
  const has = (sections: Readonly<Record<string, unknown>> | undefined): boolean => Object.keys(sections?.[section] ?? {}).length > 0;
  if (need.each !== 'child') return has(answers.sections) ? null : `/interview/sections/${section}`;
  // Answers are kept under the county's own numbers of the children.
  const children = supportCase.participants.filter((one) => one.role === 'dependent');
  return children.every((child) => has(answers.children[child.participantId])) ? null : `/interview/children/${section}`;
}
