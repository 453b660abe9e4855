import { isAllowed } from '../platform/authorise.ts';
import { isCalendarDate } from '../platform/dates.ts';
import { kindRule } from '../modules/exchange/index.ts';
import type { ConversationView, MessageKind } from '../modules/exchange/index.ts';
import { HOPS, MOVE_REASONS, officeDay } from '../modules/referrals/index.ts';
import { field, fields } from './visit.ts';
import type { Visit } from './visit.ts';

/** A field of a form for one kind of message. */
export interface FormField {
  readonly name: string;
  readonly type: 'text' | 'date' | 'select' | 'checks';
  readonly options?: readonly string[];
  readonly isNeeded?: boolean;
}

export interface EnteredMessage {
  readonly values: Readonly<Record<string, string>>;
  readonly checked: Readonly<Record<string, readonly string[]>>;
  readonly answers: string;
  readonly source: string;
  readonly target: string;
  readonly yourNumber: string;
}

type Entered = Pick<EnteredMessage, 'values' | 'checked'>;
type Bag = Readonly<Record<string, unknown>>;

interface KindForm {
  readonly fields: readonly FormField[];
  /** Whether the message says nothing without words of its own. */
  readonly needsWords: boolean;
  body(entered: Entered, about: { readonly messageId: string; readonly answers: string; readonly language: string; readonly requestId: string | null }): Bag;
}

const PAPERS = ['certified_order', 'birth_certificate', 'marriage_certificate', 'proof_of_paternity', 'income_proof', 'payment_history', 'proof_of_service', 'power_of_attorney', 'photograph_obligor', 'other'];
export const UNAVAILABLE = ['not_found', 'does_not_exist', 'needs_time', 'other'];
const STEPS = ['hearing', 'decision', 'service_of_process', 'payment_expected', 'promised_answer'];
const CHANGES = ['address', 'employer', 'phone', 'income', 'child_added', 'child_left', 'case_number', 'worker', 'hearing', 'new_information'];
const QUESTIONS = ['status', 'last_payment', 'next_step', 'address', 'employer', 'income'];
const REFUSALS = MOVE_REASONS.refuse ?? [];
const MISSING = MOVE_REASONS.report_incomplete ?? [];

const text = (name: string, isNeeded = false): FormField => ({ name, type: 'text', isNeeded });
const date = (name: string, isNeeded = false): FormField => ({ name, type: 'date', isNeeded });
const select = (name: string, options: readonly string[], isNeeded = false): FormField => ({ name, type: 'select', options, isNeeded });
const checks = (name: string, options: readonly string[], isNeeded = false): FormField => ({ name, type: 'checks', options, isNeeded });

const given = (parts: Bag): Bag => Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== '' && value !== undefined && !(Array.isArray(value) && value.length === 0)));
const codes = (list: readonly string[] | undefined): Bag[] => (list ?? []).map((code) => ({ code }));

function acknowledgment({ values, checked }: Entered, language: string): Bag {
  const { status = '', receivedOn = '' } = values;
  const office = { hop: values['hop'], forwardedOn: values['forwardedOn'], fileNumber: values['officeNumber'], name: [{ lang: language, value: values['office'] === '' ? values['hop'] : values['office'] }] };
  return given({ status, receivedOn, missing: status === 'missing_items' ? codes(checked['missing']) : [], forwardedTo: status === 'forwarded' ? given(office) : undefined });
}

function payment({ values }: Entered, language: string): Bag {
  const address = given({ country: (values['payCountry'] ?? '').toUpperCase(), line: values['payLine'] === '' ? [] : [values['payLine']], locality: values['payLocality'], region: values['payRegion'], postalCode: values['payPostal'] });
  return { change: values['payChange'], effectiveOn: values['effectiveOn'], payTo: { name: [{ lang: language, value: values['payOffice'] }], ...(address['country'] === undefined ? {} : { address }) } };
}

const FORMS: Readonly<Partial<Record<MessageKind, KindForm>>> = {
  acknowledgment: {
    needsWords: false,
    fields: [
      select('status', ['complete', 'missing_items', 'forwarded', 'case_not_recognised'], true), date('receivedOn', true), checks('missing', MISSING), select('hop', HOPS), text('office'), date('forwardedOn'), text('officeNumber'),
    ],
    body: (entered, { language }) => acknowledgment(entered, language),
  },
  statusRequest: { needsWords: false, fields: [date('since')], body: ({ values }) => given({ since: values['since'] }) },
  statusReport: {
    needsWords: false, fields: [select('state', ['accepted', 'in_progress', 'located', 'answered', 'closed'], true), date('asOf', true), select('nextKind', STEPS), date('nextBy')],
    body: ({ values }) => given({ state: values['state'], asOf: values['asOf'], nextStep: values['nextKind'] === '' ? [] : [given({ kind: values['nextKind'], expectedBy: values['nextBy'] })] }),
  },
  documentRequest: {
    needsWords: false, fields: [checks('papers', PAPERS, true), date('neededBy')],
    body: ({ values, checked }, { messageId }) => given({ requestId: messageId, neededBy: values['neededBy'], document: (checked['papers'] ?? []).map((kind) => ({ kind })) }),
  },
  documentResponse: {
    needsWords: false, fields: [checks('unavailable', [], true), select('unavailableReason', UNAVAILABLE, true), date('expectedOn')],
    body: ({ values, checked }, { requestId }) => given({
      requestId: requestId ?? '', notAvailable: (checked['unavailable'] ?? []).map((kind) => given({ kind, reason: values['unavailableReason'], expectedOn: values['expectedOn'] })),
    }),
  },
  inquiry: { needsWords: false, fields: [checks('question', QUESTIONS, true)], body: ({ checked }) => ({ question: checked['question'] ?? [] }) },
  reply: { needsWords: true, fields: [select('replyStatus', ['answered', 'partly', 'not_answered'], true)], body: ({ values }) => ({ status: values['replyStatus'] }) },
  informationUpdate: {
    needsWords: true, fields: [date('asOf', true), checks('change', CHANGES, true), date('changeOn')],
    body: ({ values, checked }) => ({ asOf: values['asOf'], change: (checked['change'] ?? []).map((kind) => given({ kind, on: values['changeOn'] })) }),
  },
  paymentLocationChange: {
    needsWords: false,
    fields: [select('payChange', ['payment_address', 'payee'], true), date('effectiveOn', true), text('payOffice', true), text('payLine'), text('payLocality'), text('payRegion'), text('payPostal'), text('payCountry')],
    body: (entered, { language }) => payment(entered, language),
  },
  refusal: { needsWords: false, fields: [select('refusal', REFUSALS, true)], body: ({ values }, { answers }) => ({ of: answers, reason: codes([values['refusal'] ?? '']) }) },
};

const BY_AGENCY: readonly MessageKind[] = ['statusRequest', 'documentRequest', 'documentResponse', 'inquiry', 'reply', 'informationUpdate', 'paymentLocationChange'];
const BY_PARTNER: readonly MessageKind[] = ['acknowledgment', 'statusReport', 'statusRequest', 'documentRequest', 'documentResponse', 'reply', 'informationUpdate', 'refusal'];

type Said = { readonly messages: readonly Pick<ConversationView['messages'][number], 'messageId' | 'direction' | 'kind' | 'state'>[] };

/** What this person may say in a conversation by a form; moves of a referral are made on its own page. */
export function kindsToWrite(visit: Visit, { messages }: Said): MessageKind[] {
  const isOfficer = visit.ctx.actor.partner !== null;
  if (!isAllowed(visit.ctx, isOfficer ? 'messages.receive' : 'messages.send')) return [];
  // An office says of papers only that it has none of those asked for: what it has, it sends.
  const isReply = (kind: MessageKind): boolean => kindRule(kind).reply === 'required' || (isOfficer && kind === 'documentResponse');
  return (isOfficer ? BY_PARTNER : BY_AGENCY).filter((kind) => !isReply(kind) || answerable(visit, kind, { messages }).length > 0);
}

/** Messages of the other side that this kind answers, the latest first. */
export function answerable(visit: Visit, kind: MessageKind, { messages }: Said): string[] {
  const theirs = visit.ctx.actor.partner === null ? 'in' : 'out';
  const answered: readonly string[] = kindRule(kind).answers;
  return messages.filter((one) => one.direction === theirs && answered.includes(one.kind) && !['refused', 'draft', 'cancelled'].includes(one.state)).map(({ messageId }) => messageId).reverse();
}

/** A move of a partner's officer that promises content, with the form that takes it: the message makes the move. */
export interface Saying {
  readonly move: string;
  readonly kind: MessageKind;
  /** What the move itself says, and the fields that it leaves nothing to say in. */
  readonly preset: Readonly<Record<string, string>>;
  readonly hidden: readonly string[];
  readonly needed: readonly string[];
  readonly needsWords: boolean;
}

const SAYINGS: readonly Saying[] = [
  { move: 'ask', kind: 'statusRequest', preset: {}, hidden: ['since'], needed: [], needsWords: true },
  { move: 'report_incomplete', kind: 'acknowledgment', preset: { status: 'missing_items' }, hidden: ['status', 'hop', 'office', 'forwardedOn', 'officeNumber'], needed: ['missing'], needsWords: false },
  { move: 'forward', kind: 'acknowledgment', preset: { status: 'forwarded' }, hidden: ['status', 'missing'], needed: ['hop', 'office'], needsWords: false },
  { move: 'refuse', kind: 'refusal', preset: {}, hidden: [], needed: [], needsWords: false },
];

export const sayingOf = (move: string): Saying | null => SAYINGS.find((one) => one.move === move) ?? null;

/** The messages that a move made by a message may answer: it is about the request itself, where it answers any. */
export function answerableBy(saying: Saying, visit: Visit, conversation: Said): string[] {
  const requests = conversation.messages.filter(({ kind }) => kind === 'referral').map(({ messageId }) => messageId);
  return kindRule(saying.kind).reply === 'required' ? answerable(visit, saying.kind, conversation).filter((messageId) => requests.includes(messageId)) : [];
}

/** The form of a move, where it can be made by a message in this conversation. */
export function formOfMove(move: string, visit: Visit, conversation: Said): Saying | null {
  const saying = sayingOf(move);
  if (saying === null || visit.ctx.actor.partner === null || !kindsToWrite(visit, conversation).includes(saying.kind)) return null;
  return kindRule(saying.kind).reply === 'required' && answerableBy(saying, visit, conversation).length === 0 ? null : saying;
}

/** A form as a move has it: without what the move says already. */
export function formOf(kind: MessageKind, saying: Saying | null): KindForm | null {
  const form = FORMS[kind] ?? null;
  if (form === null || saying === null) return form;
  const shown = form.fields.filter(({ name }) => !saying.hidden.includes(name)).map((one) => ({ ...one, isNeeded: one.isNeeded === true || saying.needed.includes(one.name) }));
  const body: KindForm['body'] = ({ values, checked }, about) => form.body({ values: { ...Object.fromEntries(form.fields.map(({ name }) => [name, ''])), ...values, ...saying.preset }, checked }, about);
  return { fields: shown, needsWords: form.needsWords || saying.needsWords, body };
}

/** Days of what has happened: after the office's day there is nothing to ask since. */
const PAST: readonly string[] = ['since'];
const TEXT_MAX = 200;
const WORDS_MAX = 4_000;
const lines = (value: string): string => value.replace(/\r\n?/g, '\n');

export function enteredMessage(visit: Visit, form: KindForm): EnteredMessage {
  const of = (type: (field: FormField) => boolean): string[] => form.fields.filter(type).map(({ name }) => name);
  return {
    values: Object.fromEntries(of(({ type }) => type !== 'checks').map((name) => [name, field(visit, name, TEXT_MAX).replace(/\s+/g, ' ')])),
    checked: Object.fromEntries(of(({ type }) => type === 'checks').map((name) => [name, fields(visit, name)])),
    answers: field(visit, 'answers', 40), source: lines(field(visit, 'source', WORDS_MAX)), target: lines(field(visit, 'target', WORDS_MAX)), yourNumber: field(visit, 'your_number', 60).replace(/\s+/g, ' '),
  };
}

export interface FormFault {
  readonly field: string;
  readonly text: string;
}

/** What is wrong with what was typed, before anybody is told anything. */
export function formFaults(visit: Visit, kind: MessageKind, form: KindForm, entered: EnteredMessage, answers: readonly string[]): FormFault[] {
  const { t } = visit;
  const isOfficer = visit.ctx.actor.partner !== null;
  const faults: FormFault[] = form.fields.flatMap(({ name, type, isNeeded, options }) => {
    const value = entered.values[name] ?? '';
    const label = t(`conversations:form.${name}`);
    const isMissing = type === 'checks' ? (entered.checked[name] ?? []).length === 0 : value === '' || (type === 'select' && !(options ?? []).includes(value));
    if (isNeeded && isMissing) return [{ field: name, text: t('conversations:write.needed', { field: label }) }];
    if (type !== 'date' || value === '') return [];
    if (!isCalendarDate(value)) return [{ field: name, text: t('conversations:write.date_invalid', { field: label }) }];
    return PAST.includes(name) && value > officeDay(visit.ctx) ? [{ field: name, text: t('conversations:write.date_future', { field: label }) }] : [];
  });
  const needs = (name: string): void => void faults.push({ field: name, text: t('conversations:write.needed', { field: t(`conversations:form.${name}`) }) });
  if (entered.values['status'] === 'forwarded' && entered.values['hop'] === '') needs('hop');
  if (entered.values['status'] === 'missing_items' && (entered.checked['missing'] ?? []).length === 0) needs('missing');
  if (entered.answers === '' ? kindRule(kind).reply === 'required' : !answers.includes(entered.answers)) faults.push({ field: 'answers', text: t('conversations:write.answers_needed') });
  const isOther = entered.values['refusal'] === 'other' || (entered.values['status'] !== 'complete' && (entered.checked['missing'] ?? []).includes('other'));
  if ((form.needsWords || isOther) && entered.source === '') faults.push({ field: 'source', text: t('conversations:write.words_needed') });
  if (!isOfficer && (entered.source === '') !== (entered.target === '')) faults.push({ field: entered.source === '' ? 'source' : 'target', text: t('conversations:write.both_needed') });
  if (isOfficer && !form.needsWords && !isOther && entered.source === '' && entered.target !== '') faults.push({ field: 'source', text: t('conversations:write.words_needed') });
  return faults;
}

/** What was written in own words, in its language and, where it is there, in the other. */
export function remarkOf({ source, target }: Pick<EnteredMessage, 'source' | 'target'>, languages: { readonly source: string; readonly target: string }): Bag[] {
  if (source === '') return [];
  return [{ sourceLanguage: languages.source, ...(target === '' ? {} : { targetLanguage: languages.target }), segment: [{ source, ...(target === '' ? {} : { target }) }] }];
}

