import { isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { normaliseName } from '../../../platform/names/index.ts';

/** What may be asked; each is told or not told by itself. */
export const QUESTIONS = ['status', 'last_payment', 'next_step', 'balance'] as const;
export type Question = (typeof QUESTIONS)[number];

/** What the person at the counter is in the case; a representative asks for one of these. */
export const RELATIONS = ['obligor', 'obligee', 'caretaker', 'representative'] as const;
export type Relation = (typeof RELATIONS)[number];
export const CONSENT_FORMS = ['signed', 'verbal_recorded'] as const;
export type ConsentForm = (typeof CONSENT_FORMS)[number];
/** By what the officer has seen who it is. */
export const DOCUMENTS_SHOWN = ['passport', 'consular_id', 'national_id', 'resident_card', 'driver_licence', 'other'] as const;
export type DocumentShown = (typeof DOCUMENTS_SHOWN)[number];
export const ASK_CHANNELS = ['portal', 'api', 'sftp', 'courier'] as const;
export type AskChannel = (typeof ASK_CHANNELS)[number];

/** `asked`: not looked at yet. `with_person`: somebody of the agency answers. */
export const INQUIRY_STATES = ['asked', 'with_person', 'answered', 'declined'] as const;
export type InquiryState = (typeof INQUIRY_STATES)[number];
export const OPEN_INQUIRY_STATES: readonly InquiryState[] = ['asked', 'with_person'];
export const INQUIRY_ITEM = 'inquiry';

/** Why a person answers; for the agency alone, since each would tell whether there is such a case. */
export const PERSON_REASONS = ['no_number', 'no_case_fits', 'several_cases_fit', 'somebody_protected', 'partner_not_of_county', 'agreement_missing', 'facts_failed', 'withdrawn_before'] as const;
export type PersonReason = (typeof PERSON_REASONS)[number];
export const DECLINE_REASONS = ['not_identified', 'not_your_party', 'consent_withdrawn', 'ask_the_county', 'other'] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

export interface AskedPerson {
  readonly given: string;
  readonly family: string;
  readonly secondFamily?: string | null;
  readonly native?: string | null;
  readonly birthDate: CalendarDate;
  readonly identifiers?: readonly { readonly type: string; readonly value: string }[];
}

export interface ConsentGiven {
  readonly givenBy: string;
  readonly on: CalendarDate;
  readonly language: string;
  readonly form: ConsentForm;
  readonly textVersion: string;
  readonly questions: readonly Question[];
  readonly scanFileId?: string | null;
  /** Where it was given for less long than the words say. */
  readonly until?: CalendarDate | null;
}

export interface InquiryRequest {
  /** Whose officer asks; an officer asks for the own office. */
  readonly partnerId?: string;
  readonly county?: string | null;
  readonly caseNumber?: string | null;
  readonly ourFileNumber?: string | null;
  readonly partnerFileNumber?: string | null;
  readonly person: AskedPerson;
  readonly asker: { readonly name: string; readonly relation: Relation; readonly documentShown: DocumentShown };
  readonly questions: readonly Question[];
  readonly consent?: ConsentGiven | null;
  /** A consent that was recorded before and holds still, instead of a new one. */
  readonly consentId?: string | null;
  readonly channel?: AskChannel;
  readonly messageId?: string | null;
  readonly conversationId?: string | null;
}

/** What is kept, encrypted, of what was asked. */
export interface InquiryDetails {
  readonly caseNumber: string | null;
  readonly ourFileNumber: string | null;
  readonly partnerFileNumber: string | null;
  readonly person: AskedPerson;
  readonly asker: { readonly name: string; readonly relation: Relation; readonly documentShown: DocumentShown };
}

export interface CheckedInquiry {
  readonly details: InquiryDetails;
  readonly questions: readonly Question[];
}

const NAME_MAX = 120;
const NUMBER_MAX = 60;
const IDENTIFIERS_MAX = 4;
const OLDEST = '1900-01-01';

const plain = (text: string | null | undefined): string => (text ?? '').normalize('NFC').replace(/\s+/gu, ' ').trim();

/** Takes texts apart into those that can be kept and the faults of the others, each with its field. */
export class Fields {
  readonly findings: Finding[] = [];

  fault(code: string, path: string, params?: Finding['params']): void {
    this.findings.push({ code, severity: 'block', path, ...(params ? { params } : {}) });
  }

  text(value: string | null | undefined, path: string, most: number): string | null {
    const found = plain(value);
    if (found.length > most || /\p{Cc}|\p{Cf}|\p{Co}|\p{Cs}/u.test(found)) this.fault('inquiry.text_unfit', path, { most });
    return found === '' ? null : found;
  }

  needed(value: string | null | undefined, path: string, most: number): string {
    const found = this.text(value, path, most);
    if (found === null) this.fault('inquiry.needed', path);
    return found ?? '';
  }

  day(value: string | null | undefined, path: string, today: CalendarDate, isNeeded = true): CalendarDate {
    const found = plain(value);
    if (found === '' && isNeeded) this.fault('inquiry.needed', path);
    else if (found !== '' && !isCalendarDate(found)) this.fault('inquiry.day_unfit', path);
    else if (found > today) this.fault('inquiry.day_future', path);
    else if (found !== '' && found < OLDEST) this.fault('inquiry.day_too_early', path, { year: OLDEST.slice(0, 4) });
    return found;
  }

  oneOf<T extends string>(value: string | null | undefined, path: string, known: readonly T[]): T {
    const found = known.find((one) => one === value);
    if (found === undefined) this.fault(plain(value) === '' ? 'inquiry.needed' : 'inquiry.not_of_list', path, { expected: known.join(', ') });
    return found ?? (known[0] as T);
  }
}

/** The person as the consent and the case are held against. */
export function printedPerson({ given, family, secondFamily, native }: AskedPerson): string {
  const latin = [given, family, secondFamily ?? ''].filter((part) => part !== '').join(' ');
  return latin === '' ? native ?? '' : latin;
}

/** Looks at what was asked, and never at a case. @throws AppError `inquiry.invalid` with a finding for each field. */
export function checkedInquiry(request: InquiryRequest, today: CalendarDate): CheckedInquiry {
  const { checked, findings } = lookAtInquiry(request, today);
  if (findings.length > 0) throw new AppError('invalid', 'inquiry.invalid', { findings });
  return checked;
}

/** All that is wrong with what was asked and with its consent, for a form that tells it at once. Nothing is looked up. */
export function inquiryFindings(request: InquiryRequest, texts: readonly ConsentText[], today: CalendarDate): Finding[] {
  const { checked, findings } = lookAtInquiry(request, today);
  // Whose consent it is cannot be said while the person has no name.
  const isOpen = (code: string): boolean => code === 'inquiry.consent_of_another' && findings.some(({ path }) => /^\/person\/(?:given|family|secondFamily|native)$/.test(path ?? ''));
  return [...findings, ...(request.consent ? consentFindings(request.consent, checked, texts, today).filter(({ code }) => !isOpen(code)) : [])];
}

function lookAtInquiry(request: InquiryRequest, today: CalendarDate): { readonly checked: CheckedInquiry; readonly findings: readonly Finding[] } {
  const fields = new Fields();
  const person = checkedPerson(request.person, fields, today);
  const questions = QUESTIONS.filter((one) => request.questions.includes(one));
  if (request.questions.some((one) => !QUESTIONS.includes(one))) fields.fault('inquiry.not_of_list', '/questions', { expected: QUESTIONS.join(', ') });
  if (questions.length === 0) fields.fault('inquiry.question_needed', '/questions');
  const asker = {
    name: fields.needed(request.asker.name, '/asker/name', NAME_MAX * 2), relation: fields.oneOf(request.asker.relation, '/asker/relation', RELATIONS),
    documentShown: fields.oneOf(request.asker.documentShown, '/asker/documentShown', DOCUMENTS_SHOWN),
  };
  const details: InquiryDetails = {
    caseNumber: fields.text(request.caseNumber, '/caseNumber', NUMBER_MAX), ourFileNumber: fields.text(request.ourFileNumber, '/ourFileNumber', NUMBER_MAX),
    partnerFileNumber: fields.text(request.partnerFileNumber, '/partnerFileNumber', NUMBER_MAX), person, asker,
  };
  const isSelf = asker.relation !== 'representative';
  if (fields.findings.length === 0 && isSelf && !isSamePrinted(asker.name, person)) fields.fault('inquiry.asker_is_another', '/asker/name');
  return { checked: { details, questions }, findings: fields.findings };
}

function checkedPerson(given: AskedPerson, fields: Fields, today: CalendarDate): AskedPerson {
  const native = fields.text(given.native, '/person/native', NAME_MAX);
  const needed = (value: string, path: string): string => (native === null ? fields.needed(value, path, NAME_MAX) : fields.text(value, path, NAME_MAX) ?? '');
  const identifiers = (given.identifiers ?? []).filter(({ value }) => plain(value) !== '');
  if (identifiers.length > IDENTIFIERS_MAX) fields.fault('inquiry.too_many', '/person/identifiers', { most: IDENTIFIERS_MAX });
  return {
    given: needed(given.given, '/person/given'), family: needed(given.family, '/person/family'), secondFamily: fields.text(given.secondFamily, '/person/secondFamily', NAME_MAX), native,
    birthDate: fields.day(given.birthDate, '/person/birthDate', today),
    identifiers: identifiers.slice(0, IDENTIFIERS_MAX).map(({ type, value }, index) => ({
      type: fields.needed(type, `/person/identifiers/${index}/type`, 20), value: fields.needed(value, `/person/identifiers/${index}/value`, NUMBER_MAX),
    })),
  };
}

/** The same words in any order and writing; a consent that names a part of them is of somebody else. */
export function isSamePrinted(printed: string, person: AskedPerson): boolean {
  const words = (text: string): string => normaliseName(text).split(' ').filter((word) => word !== '').sort().join(' ');
  const names = [printedPerson(person), [person.given, person.family].join(' '), person.native ?? ''].map(words).filter((name) => name !== '');
  const said = words(printed);
  return said !== '' && names.some((name) => name === said || name.replaceAll(' ', '') === said.replaceAll(' ', ''));
}

/** By what the same person is recognised again: name and day of birth, brought to one form. */
export function personText(person: AskedPerson): string {
  return `${normaliseName(printedPerson(person)).split(' ').filter((word) => word !== '').sort().join(' ')}|${person.birthDate}`;
}

// --- consent ----------------------------------------------------------------------------------------------------------

/** A version of the words that a person agrees to. */
export interface ConsentText {
  readonly version: string;
  readonly confirmed: boolean;
  readonly validDays: number;
  readonly texts: Readonly<Record<string, string>>;
}

const CONSENT_AGE_MAX_DAYS = 30;

/**
 * What is wrong with a consent, before anything is looked up: it is of the person asked about, given lately, to words that we know in a
 * language they are in, and for what is asked. Its path is below `/consent`.
 */
export function consentFindings(consent: ConsentGiven, asked: CheckedInquiry, texts: readonly ConsentText[], today: CalendarDate): Finding[] {
  const fields = new Fields();
  const name = fields.needed(consent.givenBy, '/consent/givenBy', NAME_MAX * 2);
  if (name !== '' && !isSamePrinted(name, asked.details.person)) fields.fault('inquiry.consent_of_another', '/consent/givenBy');
  const on = fields.day(consent.on, '/consent/on', today);
  fields.oneOf(consent.form, '/consent/form', CONSENT_FORMS);
  const text = texts.find(({ version }) => version === consent.textVersion);
  if (!text) fields.fault('inquiry.consent_text_unknown', '/consent/textVersion');
  else if (!Object.hasOwn(text.texts, consent.language)) fields.fault('inquiry.consent_language', '/consent/language', { expected: Object.keys(text.texts).join(', ') });
  if (isCalendarDate(on) && on <= today && daysAgo(on, today) > CONSENT_AGE_MAX_DAYS) fields.fault('inquiry.consent_old', '/consent/on', { days: CONSENT_AGE_MAX_DAYS });
  if (consent.until !== undefined && consent.until !== null && (!isCalendarDate(consent.until) || consent.until <= today)) fields.fault('inquiry.consent_ended', '/consent/until');
  const open = asked.questions.filter((question) => !consent.questions.includes(question));
  if (open.length > 0) fields.fault('inquiry.consent_not_for', '/consent/questions', { questions: open.join(', ') });
  return fields.findings;
}

const daysAgo = (from: CalendarDate, to: CalendarDate): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

/** A consent as it was recorded. */
export interface RecordedConsent {
  readonly consentId: string;
  readonly partnerId: string;
  readonly questions: readonly Question[];
  readonly expiresOn: CalendarDate;
  readonly withdrawnOn: CalendarDate | null;
}

/** Why a recorded consent does not hold for these questions on this day; null where it does. */
export function consentLack(consent: Pick<RecordedConsent, 'questions' | 'expiresOn' | 'withdrawnOn'>, questions: readonly Question[], today: CalendarDate): string | null {
  if (consent.withdrawnOn !== null) return 'inquiry.consent_withdrawn';
  if (consent.expiresOn <= today) return 'inquiry.consent_expired';
  return questions.every((question) => consent.questions.includes(question)) ? null : 'inquiry.consent_not_for';
}

// --- how much may be asked --------------------------------------------------------------------------------------------

/** What one asker, and all of an office together, may ask. The numbers are ours. */
export const ASKED_AN_HOUR_MAX = 60;
export const ASKED_A_DAY_MAX = 400;
/** So many different tries in vain within a day: somebody is looking for cases. What is not looked at yet counts as in vain until it is. */
export const IN_VAIN_MAX = 8;
export const IN_VAIN_OFFICE_MAX = 40;
/** So many different numbers in vain for one person at one office, by whomever, within so many days: somebody is looking for that one's case. */
export const IN_VAIN_OF_PERSON_MAX = 8;
export const ONE_PERSON_DAYS = 30;

/** `open…`: in vain or not looked at yet. */
export interface AskedSoFar {
  readonly byAskerInHour: number;
  readonly byPartnerInDay: number;
  readonly inVainByAsker: number;
  readonly openByAsker: number;
  readonly inVainByPartner: number;
  readonly openByPartner: number;
  readonly inVainOfPerson: number;
  readonly openOfPerson: number;
}

/** Why no more is taken for now; `trawling` raises an alarm, `too_many_open` passes as soon as what was asked is looked at. */
export type TooMuch = 'trawling' | 'too_many' | 'too_many_open';

export function tooMuch(so: AskedSoFar): TooMuch | null {
  const isOver = (own: number, office: number, person: number): boolean => own >= IN_VAIN_MAX || office >= IN_VAIN_OFFICE_MAX || person >= IN_VAIN_OF_PERSON_MAX;
  if (isOver(so.inVainByAsker, so.inVainByPartner, so.inVainOfPerson)) return 'trawling';
  if (so.byAskerInHour >= ASKED_AN_HOUR_MAX || so.byPartnerInDay >= ASKED_A_DAY_MAX) return 'too_many';
  return isOver(so.openByAsker, so.openByPartner, so.openOfPerson) ? 'too_many_open' : null;
}

/** Who asks, by whichever way: what comes as a message is asked by the gateway for the one who sent it. */
export function askersOf(actorId: string): readonly [string, string] {
  const own = actorId.replace(/^for:/, '');
  return [own, `for:${own}`.slice(0, 100)];
}

/** What makes two questions the same try, whatever is wanted to be known. */
export function attemptText({ person, caseNumber, ourFileNumber, partnerFileNumber, asker }: InquiryDetails): string {
  const numbers = [caseNumber, ourFileNumber, partnerFileNumber, ...(person.identifiers ?? []).map(({ value }) => value).sort()];
  return JSON.stringify([personText(person), asker.relation, ...numbers.map((one) => (one ?? '').toUpperCase().replace(/[^\p{L}\p{N}]/gu, ''))]);
}
