import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { normaliseName } from '../../../platform/names/index.ts';
import { SERVICE_CODES } from '../../partners/index.ts';
import type { IncomingFacts, StatedPerson } from '../../referrals/index.ts';
import { CONSENT_FORMS, Fields } from '../inquiries/inquiry.rules.ts';
import type { AskChannel, ConsentForm } from '../inquiries/inquiry.rules.ts';

/** `more_asked`: the officer was asked for something. `accepted`: the county opens the case in its own system. `opened`: the case is known. */
export const APPLICATION_STATES = ['received', 'more_asked', 'accepted', 'opened', 'refused'] as const;
export type ApplicationState = (typeof APPLICATION_STATES)[number];
export const OPEN_APPLICATION_STATES: readonly ApplicationState[] = ['received', 'more_asked', 'accepted'];
export const APPLICATION_ITEM = 'application';

export const APPLICANT_ROLES = ['obligee', 'caretaker', 'obligor'] as const;
export type ApplicantRole = (typeof APPLICANT_ROLES)[number];
export const APPLICATION_REFUSALS = ['no_jurisdiction', 'duplicate', 'incomplete', 'withdrawn_by_applicant', 'no_such_service', 'other'] as const;
/** What may be asked for, beside what is missing by itself (`incoming:missing.*`). */
export const MORE_TO_ASK = [
  'signature', 'identity_document', 'birth_certificate', 'order_copy', 'paying_name', 'paying_birth_date', 'paying_address', 'receiving_name', 'children', 'child_birth_date', 'translation', 'other',
] as const;
export const PAPER_KINDS = ['signed_form', 'identity_document', 'birth_certificate', 'order_copy', 'marriage_certificate', 'other'] as const;
export const CHILDREN_MAX = 8;
export const PAPERS_MAX = 20;
/** What one office files within a day. */
export const APPLICATIONS_A_DAY_MAX = 100;

export interface AppliedPerson {
  readonly given: string;
  readonly family: string;
  readonly secondFamily?: string | null;
  readonly native?: string | null;
  readonly birthDate?: CalendarDate | null;
  readonly phone?: string | null;
  readonly address?: string | null;
}

export interface ApplicationRequest {
  readonly partnerId?: string;
  readonly county: string;
  readonly partnerFileNumber?: string | null;
  readonly services: readonly string[];
  readonly applicantRole: ApplicantRole;
  readonly applicant: AppliedPerson;
  readonly otherParent: AppliedPerson;
  readonly children: readonly AppliedPerson[];
  readonly hasOrder: boolean;
  readonly consent?: { readonly givenBy: string; readonly on: CalendarDate; readonly form: ConsentForm } | null;
  readonly note?: string | null;
  readonly channel?: AskChannel;
  readonly messageId?: string | null;
  readonly conversationId?: string | null;
  /** The application that this one supplements, in place of what it said. */
  readonly supplies?: string | null;
  /** The draft that it was made from, as it was looked at: it ends with it. */
  readonly draft?: { readonly draftId: string; readonly revision: number } | null;
}

export interface ApplicationDetails {
  readonly applicantRole: ApplicantRole;
  readonly applicant: AppliedPerson;
  readonly otherParent: AppliedPerson;
  readonly children: readonly AppliedPerson[];
  readonly hasOrder: boolean;
  readonly consent: { readonly givenBy: string; readonly on: CalendarDate; readonly form: ConsentForm };
  readonly note: string | null;
}

export interface CheckedApplication {
  readonly details: ApplicationDetails;
  readonly services: readonly string[];
  readonly partnerFileNumber: string | null;
}

const [NAME_MAX, NUMBER_MAX, ADDRESS_MAX, NOTE_MAX] = [120, 60, 400, 2_000];

/** @throws AppError `application.consent_needed`, `application.invalid` with a finding for each field. */
export function checkedApplication(request: ApplicationRequest, today: CalendarDate): CheckedApplication {
  if (!request.consent) throw new AppError('invalid', 'application.consent_needed');
  const { checked, findings } = lookAtApplication({ ...request, consent: request.consent }, today);
  if (findings.length > 0) throw new AppError('invalid', 'application.invalid', { findings });
  return checked;
}

/** All that is wrong with an application, for a form that tells it at once. */
export function applicationFindings(request: ApplicationRequest & Agreed, today: CalendarDate): readonly Finding[] {
  const phones = [['/applicant/phone', request.applicant.phone], ['/otherParent/phone', request.otherParent.phone]] as const;
  // Only of what is typed: a message is not refused for how its sender writes a number.
  return [...lookAtApplication(request, today).findings, ...phones.flatMap(([path, phone]): Finding[] => (isPhone(phone) ? [] : [{ code: 'application.phone_unfit', severity: 'block', path }]))];
}

type Agreed = { readonly consent: NonNullable<ApplicationRequest['consent']> };

function lookAtApplication(request: ApplicationRequest & Agreed, today: CalendarDate): { readonly checked: CheckedApplication; readonly findings: readonly Finding[] } {
  const fields = new Fields();
  const applicant = person(fields, request.applicant, '/applicant', today, true);
  const otherParent = person(fields, request.otherParent, '/otherParent', today, false);
  const given = request.children.filter((child) => Object.values(child).some((value) => typeof value === 'string' && value.trim() !== ''));
  if (given.length === 0) fields.fault('inquiry.needed', '/children/0/given');
  if (given.length > CHILDREN_MAX) fields.fault('inquiry.too_many', '/children', { most: CHILDREN_MAX });
  const children = given.slice(0, CHILDREN_MAX).map((child, index) => person(fields, child, `/children/${index}`, today, false));
  const services = SERVICE_CODES.filter((code) => request.services.includes(code));
  if (services.length === 0) fields.fault('application.service_needed', '/services');
  const consent = {
    givenBy: fields.needed(request.consent.givenBy, '/consent/givenBy', NAME_MAX * 2), on: fields.day(request.consent.on, '/consent/on', today),
    form: fields.oneOf(request.consent.form, '/consent/form', CONSENT_FORMS),
  };
  const details: ApplicationDetails = {
    applicantRole: fields.oneOf(request.applicantRole, '/applicantRole', APPLICANT_ROLES), applicant, otherParent, children, hasOrder: request.hasOrder, consent,
    note: noteOf(fields, request.note),
  };
  const partnerFileNumber = fields.text(request.partnerFileNumber, '/partnerFileNumber', NUMBER_MAX);
  const hasName = !fields.findings.some(({ path }) => /^\/applicant\/(?:given|family|secondFamily|native)$|^\/consent\/givenBy$/.test(path ?? ''));
  if (hasName && !samePerson(consent.givenBy, applicant)) fields.fault('application.consent_of_another', '/consent/givenBy');
  return { checked: { details, services, partnerFileNumber }, findings: fields.findings };
}

/** What makes two applications the same. */
export const contentText = ({ details, services, partnerFileNumber }: CheckedApplication, county: string): string => JSON.stringify([details, services, partnerFileNumber, county]);

function noteOf(fields: Fields, note: string | null | undefined): string | null {
  const text = (note ?? '').normalize('NFC').replace(/\r\n?/g, '\n').trim();
  if (text.length > NOTE_MAX || /\p{Cc}|\p{Cf}/u.test(text.replaceAll('\n', ''))) fields.fault('inquiry.text_unfit', '/note', { most: NOTE_MAX });
  return text === '' ? null : text;
}

function person(fields: Fields, one: AppliedPerson, path: string, today: CalendarDate, isBirthNeeded: boolean): AppliedPerson {
  const native = fields.text(one.native, `${path}/native`, NAME_MAX);
  const name = (value: string, key: string): string => (native === null ? fields.needed(value, `${path}/${key}`, NAME_MAX) : fields.text(value, `${path}/${key}`, NAME_MAX) ?? '');
  const birthDate = fields.day(one.birthDate, `${path}/birthDate`, today, isBirthNeeded);
  return {
    given: name(one.given, 'given'), family: name(one.family, 'family'), secondFamily: fields.text(one.secondFamily, `${path}/secondFamily`, NAME_MAX), native, birthDate: birthDate === '' ? null : birthDate,
    phone: fields.text(one.phone, `${path}/phone`, NUMBER_MAX), address: fields.text(one.address, `${path}/address`, ADDRESS_MAX),
  };
}

/** As it is written anywhere, with an extension; what has too few or too many figures is none. */
const PHONE = /^\+?[\d\s().\/–-]+(?:(?:ext\.?|x|#|내선)\s*\d{1,6})?$/iu;
const [PHONE_FIGURES_MIN, PHONE_FIGURES_MAX] = [7, 21];

function isPhone(given: string | null | undefined): boolean {
  const phone = (given ?? '').trim();
  const figures = phone.replace(/\D/g, '').length;
  return phone === '' || (PHONE.test(phone) && figures >= PHONE_FIGURES_MIN && figures <= PHONE_FIGURES_MAX);
}

export const printedApplied = ({ given, family, secondFamily, native }: AppliedPerson): string => [given, family, secondFamily ?? ''].filter((part) => part !== '').join(' ') || (native ?? '');

const wordsOf = (text: string): string => normaliseName(text).split(' ').filter((word) => word !== '').sort().join(' ');

function samePerson(printed: string, one: AppliedPerson): boolean {
  return [printedApplied(one), `${one.given} ${one.family}`, one.native ?? ''].filter((name) => name.trim() !== '').some((name) => wordsOf(name) === wordsOf(printed));
}

/** By what the same application is noticed, wherever it was taken: both parents. */
export function applicantText({ applicant, otherParent }: ApplicationDetails): string {
  return `${wordsOf(printedApplied(applicant))}|${applicant.birthDate ?? ''}|${wordsOf(printedApplied(otherParent))}`;
}

/** What it says, in the shape in which cases are looked for. */
export function factsOfApplication({ details, services, partnerFileNumber }: Pick<CheckedApplication, 'details' | 'services' | 'partnerFileNumber'>): IncomingFacts {
  const isPaying = details.applicantRole === 'obligor';
  const stated = (group: StatedPerson['group'], one: AppliedPerson): StatedPerson => ({ group, name: printedApplied(one), native: one.native ?? null, birthDate: one.birthDate ?? null, isProtected: false, identifiers: [] });
  const paying = isPaying ? details.applicant : details.otherParent;
  return {
    services, theirNumbers: partnerFileNumber === null ? [] : [partnerFileNumber], ourNumbers: [],
    persons: [stated('paying', paying), stated('receiving', isPaying ? details.otherParent : details.applicant), ...details.children.map((child) => stated('child', child))],
    hasOrder: details.hasOrder, hasPayingAddress: (paying.address ?? '') !== '',
  };
}

/** A line of what the county opens its case from: what was given, or that it is missing. */
export interface WorksheetLine {
  /** Words are `inquiries:worksheet.*`. */
  readonly field: string;
  readonly index: number | null;
  readonly value: string | null;
}

export function worksheetOf(application: { applicationId: string; partnerId: string; partnerFileNumber: string | null; receivedOn: string; openBy: string; services: readonly string[]; details: ApplicationDetails }): WorksheetLine[] {
  const { details } = application;
  const line = (field: string, value: string | null | undefined, index: number | null = null): WorksheetLine => ({ field, index, value: value === undefined || value === '' ? null : value });
  const people = (prefix: string, one: AppliedPerson, index: number | null = null): WorksheetLine[] => [
    line(`${prefix}_given`, one.given, index), line(`${prefix}_family`, one.family, index), line(`${prefix}_second_family`, one.secondFamily, index), line(`${prefix}_native`, one.native, index), line(`${prefix}_birth_date`, one.birthDate, index),
  ];
  const reach = (prefix: string, one: AppliedPerson): WorksheetLine[] => [line(`${prefix}_phone`, one.phone), line(`${prefix}_address`, one.address)];
  return [
    line('application', application.applicationId), line('partner', application.partnerId), line('partner_file_number', application.partnerFileNumber), line('received_on', application.receivedOn),
    line('open_by', application.openBy), line('services', application.services.join(' ')), line('applicant_role', details.applicantRole),
    ...people('applicant', details.applicant), ...reach('applicant', details.applicant), ...people('other_parent', details.otherParent), ...reach('other_parent', details.otherParent),
    ...details.children.flatMap((child, index) => people('child', child, index + 1)), line('order', details.hasOrder ? 'yes' : 'no'), line('consent_on', details.consent.on), line('note', details.note),
  ];
}

/** Findings for the agency alone. */
export function possibleDuplicates(others: readonly string[]): Finding[] {
  return others.map((application) => ({ code: 'application.possible_duplicate', severity: 'warn', params: { application } }));
}
