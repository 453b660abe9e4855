import { PAYING_ROLES, RECEIVING_ROLES } from '../../cases/index.ts';
import type { DisclosedCase, DisclosedParticipant, SupportCase } from '../../cases/index.ts';
import { unconfirmedFacts } from '../../partners/index.ts';
import type { PartnerProfile } from '../../partners/index.ts';
import type { Finding, Param } from '../../../platform/errors.ts';
import { needsOf } from '../documents/form-set.rules.ts';
import type { FormSet, ServiceNeed } from '../documents/form-set.rules.ts';
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
  checkNeeds(input, findings);
  return findings;
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
  partner.documents.forEach((fact, index) => {
    const { form, services: wanted, code } = fact.value;
    if (form === 'datum' || code === 'cover_letter' || (wanted !== 'all' && !wanted.some((service) => services.includes(service)))) return;
    report('info', 'document_to_follow', `/partner/documents/${index}`, { document: code });
  });
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

function checkDebtors({ supportCase, view, partner, services }: CompletenessInput, report: Report): void {
  const rule = partner.documents.map((fact) => fact.value).find((document) => document.code === 'debtor_address');
  const wanted = rule?.services ?? [];
  const isNeeded = rule?.blocking === true && (wanted === 'all' || wanted.some((service) => services.includes(service)));
  view.participants.forEach((participant, index) => {
    if (!PAYING_ROLES.includes(participant.role)) return;
    const path = `/participants/${index}/residence`;
    const fault = addressFault(participant, supportCase.participants[index]?.residence !== undefined);
    if (fault !== null) report(isNeeded ? 'block' : 'warn', `debtor_address_${fault}`, path);
    else if (countryOf(participant) !== partner.country) report('warn', 'debtor_elsewhere', path, { country: countryOf(participant) });
  });
}

function addressFault(participant: DisclosedParticipant, isKnown: boolean): 'missing' | 'withheld' | 'incomplete' | null {
  const { residence } = participant;
  if (residence === undefined) return isKnown ? 'withheld' : 'missing';
  if ('substitute' in residence) return 'withheld';
  const isComplete = residence.lines.some((line) => line.trim() !== '') && Boolean(residence.locality ?? residence.region) && Boolean(residence.postalCode ?? residence.region);
  return isComplete ? null : 'incomplete';
}

function countryOf(participant: DisclosedParticipant): string {
  const { residence } = participant;
  return residence !== undefined && !('substitute' in residence) ? residence.country : '';
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
    if (!before || rank.indexOf(need.severity) > rank.indexOf(before.severity)) missing.set(need.code, { code: `need.${need.code}`, severity: need.severity, path });
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
