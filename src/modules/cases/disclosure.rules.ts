import type { CalendarDate } from '../../platform/dates.ts';
import type { Finding } from '../../platform/errors.ts';
import { isOwnSuperiorCourt } from './county-court.rules.ts';
import { Ledger, pick } from './disclosure-ledger.rules.ts';
import type { DisclosureDecision, Protection, Recipient, Scope } from './disclosure-ledger.rules.ts';
import { isInForce, isProtectedThemselves, protectedParticipants, sameSide } from './nondisclosure.rules.ts';
import { discloseParticipant } from './participant-disclosure.rules.ts';
import type { DisclosedParticipant } from './participant-disclosure.rules.ts';
import { plain } from './address.rules.ts';
import { whereaboutsOf } from './whereabouts.rules.ts';
import type { Balance, HistoryEntry, Obligation, PartnerCaseNumber, SupportCase, SupportOrder } from './support-case.rules.ts';

export type DisclosedOrder = Omit<SupportOrder, 'tribunal' | 'docketNumber' | 'jurisdiction'> & Partial<Pick<SupportOrder, 'tribunal' | 'docketNumber' | 'jurisdiction'>>;
/** A support case as this recipient may know it: the shape of contract 1, less what stays here. */
export type DisclosedCase = Omit<SupportCase, 'participants' | 'orders'> & { participants: DisclosedParticipant[]; orders: DisclosedOrder[] };
export interface Disclosure { view: DisclosedCase; decisions: DisclosureDecision[]; findings: Finding[] }

export function protectionOf(supportCase: SupportCase, on: CalendarDate): Protection {
  const sealed = protectedParticipants(supportCase, on);
  const isHidden = (order: SupportOrder): boolean => !isOwnSuperiorCourt(order, supportCase.county);
  const open = new Set(supportCase.orders.filter((order) => !isHidden(order)).map((order) => plain(order.docketNumber)));
  const hidden = supportCase.orders.filter(isHidden).map((order) => (open.has(plain(order.docketNumber)) ? { ...order, docketNumber: '' } : order));
  return { sealed, near: sameSide(supportCase, sealed), whereabouts: whereaboutsOf(supportCase, sealed, hidden) };
}

/**
 * Decides field by field what of a case may leave to a partner on a day: the one place that does (design rule 7). Provenance
 * and nondisclosure fail closed: a field that these rules do not know stays here, and so does a datum whose source is not told
 * where it must be. The view may be printed, sent and logged as delivered; the case it was made of may not.
 */
export function disclose(supportCase: SupportCase, recipient: Recipient, on: CalendarDate): Disclosure {
  const protection = protectionOf(supportCase, on);
  const ledger = new Ledger(protection.whereabouts);
  const scope: Scope = { ...protection, supportCase, recipient, idOf: idsOf(supportCase, ledger), ledger };
  const record = (fields: readonly string[], path: string) => ({ fields, path, reason: 'case_record' as const });
  const view: DisclosedCase = {
    ...pick<SupportCase>(supportCase, { ...record(CASE, ''), elsewhere: CASE_PARTS }, ledger),
    participants: supportCase.participants.map((participant, i) => discloseParticipant(participant, `/participants/${i}`, scope)),
    orders: supportCase.orders.map((order, i) => discloseOrder(order, i, scope)),
    balances: supportCase.balances.map((balance, i) => pick<Balance>(balance, record(BALANCE, `/balances/${i}`), ledger)),
  };
  if (supportCase.history) view.history = supportCase.history.map((entry, i) => pick<HistoryEntry>(entry, record(HISTORY, `/history/${i}`), ledger));
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
const ORDER = ['issuedOn', 'parentageEstablished'];
const ORDER_FORUM = ['tribunal', 'docketNumber', 'jurisdiction'];
const OBLIGATION = ['kind', 'amount', 'currency', 'frequency', 'startsOn', 'endsOn'];

/** The ids of participants as they leave: their own, or where one says too much its number in the case. */
function idsOf({ participants }: SupportCase, ledger: Ledger): Map<string, string> {
  const own = participants.map((participant) => participant.participantId);
  const isTelling = own.some((id) => ledger.tells(id));
  return new Map(own.map((id, i) => [id, isTelling ? `P${i + 1}` : id]));
}

function discloseOrder(order: SupportOrder, index: number, scope: Scope): DisclosedOrder {
  const { ledger, idOf } = scope;
  const path = `/orders/${index}`;
  const isSealed = scope.sealed.size > 0;
  // Where somebody is protected, a court says where somebody lived and sued, unless it is the sending county's own.
  const isOwnCourt = isOwnSuperiorCourt(order, scope.supportCase.county);
  const isForumOpen = !isSealed || isOwnCourt;
  const fields = isForumOpen ? [...ORDER, ...ORDER_FORUM] : ORDER;
  const view = pick<SupportOrder>(order, { fields, path, reason: 'order_record', elsewhere: ['orderId', 'obligations'], isOwnCourt, otherwise: (field) => (ORDER_FORUM.includes(field) ? 'nondisclosure' : 'unknown_field') }, ledger);
  if (!isForumOpen) ledger.find('tribunal_withheld', 'warn', `${path}/tribunal`);
  // The ids of a case system are often made of the docket's number and the court's place.
  const idFor = (own: string, ordinal: string, at: string): string => {
    if (!isSealed) return ledger.disclose(at, 'order_record') && own;
    ledger.decisions.push({ pointer: at, decision: 'substitute', reason: 'nondisclosure' });
    return ordinal;
  };
  const orderId = idFor(order.orderId, `O${index + 1}`, `${path}/orderId`);
  return {
    ...view, orderId,
    obligations: order.obligations.map((obligation, j) => {
      const at = `${path}/obligations/${j}`;
      ledger.disclose(`${at}/dependents`, 'order_record');
      return {
        ...pick<Obligation>(obligation, { fields: OBLIGATION, path: at, reason: 'order_record', elsewhere: ['obligationId', 'dependents'] }, ledger),
        obligationId: idFor(obligation.obligationId, `O${index + 1}-${j + 1}`, `${at}/obligationId`),
        dependents: obligation.dependents.flatMap((id) => idOf.get(id) ?? []),
      };
    }),
  };
}

function disclosePartnerNumbers({ supportCase, recipient, ledger }: Scope): PartnerCaseNumber[] {
  const kept: PartnerCaseNumber[] = [];
  supportCase.partnerCaseNumbers?.forEach((number, i) => {
    const path = `/partnerCaseNumbers/${i}`;
    if (number.partner !== recipient.partnerId) ledger.withhold(path, 'other_partner');
    else if (ledger.tells(number.value)) ledger.withhold(path, 'shares_protected_whereabouts');
    else kept.push(pick<PartnerCaseNumber>(number, { fields: ['partner', 'value'], path, reason: 'own_number' }, ledger));
  });
  return kept;
}

function reportProtection({ ledger, sealed, supportCase }: Scope, on: CalendarDate): void {
  supportCase.participants.forEach((participant, i) => {
    const { nondisclosure, retained } = participant;
    if (nondisclosure && !isInForce(nondisclosure, on)) ledger.find('nondisclosure_ended', 'info', `/participants/${i}/nondisclosure`);
    const isRetained = retained?.nondisclosures.some((one) => isInForce(one, on)) === true && !isProtectedThemselves({ ...participant, retained: undefined as never }, on);
    if (isRetained) ledger.find('protection_retained', 'warn', `/participants/${i}`);
    if (sealed.has(participant.participantId)) ledger.find('person_protected', 'info', `/participants/${i}`);
  });
  // Which office is asked may tell where somebody is to be looked for. Said whenever somebody is protected: it tells no country itself.
  if (sealed.size > 0) ledger.find('recipient_near_protected', 'warn', '/participants');
}
