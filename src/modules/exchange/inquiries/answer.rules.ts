import { addDays } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { compareNames } from '../../../platform/names/index.ts';
import type { PersonName } from '../../../platform/names/index.ts';
import { printedPerson } from './inquiry.rules.ts';
import type { AskedPerson, InquiryDetails, PersonReason, Question, Relation } from './inquiry.rules.ts';

/** By which of the numbers that were given a case was found. */
export type NumberKind = 'case_number' | 'our_file' | 'partner_file' | 'identifier';

/** What is known of a case that one of the numbers led to. Gathered outside of this module, for this one question. */
export interface CaseFacts {
  readonly caseId: string;
  readonly county: string;
  readonly status: 'open' | 'closed';
  readonly closedOn: CalendarDate | null;
  /** Somebody's whereabouts are sealed, whoever it is. */
  readonly isAnyoneProtected: boolean;
  readonly parties: readonly { readonly role: string; readonly name: PersonName; readonly birthDate: CalendarDate | null }[];
  readonly foundBy: readonly NumberKind[];
  /** Requests between this partner and us about it, as far as the partner may know of them, the newest first. */
  readonly referrals: readonly { readonly referralId: string; readonly direction: 'outgoing' | 'incoming'; readonly status: string }[];
  /** The newest payment that was received: its day and amount, and nothing of where it came from. */
  readonly lastPayment: { readonly on: CalendarDate; readonly amount: string; readonly currency: string } | null;
  readonly balances: readonly { readonly amount: string; readonly currency: string; readonly asOf: CalendarDate }[];
}

/** What is told. Codes and figures; words are made where it is read. */
export interface AnswerFacts {
  readonly asOf: CalendarDate;
  readonly status?: { readonly case: 'open' | 'closed'; readonly closedOn: CalendarDate | null; readonly request: string | null };
  readonly lastPayment?: { readonly on: CalendarDate; readonly amount: string; readonly currency: string } | null;
  readonly nextStep?: NextStep;
  readonly balance?: readonly { readonly amount: string; readonly currency: string; readonly asOf: CalendarDate }[];
}

export const NEXT_STEPS = [
  'case_closed', 'partner_decides', 'partner_works', 'partner_supplies', 'county_decides', 'county_works', 'county_supplies', 'county_reads_answer', 'answered', 'passed_on', 'payments_continue',
] as const;
export type NextStep = (typeof NEXT_STEPS)[number];

export type Judged =
  | { readonly kind: 'tell'; readonly found: CaseFacts; readonly facts: AnswerFacts }
  | { readonly kind: 'person'; readonly reasons: readonly PersonReason[]; readonly found: CaseFacts | null };

/** Under this a name is somebody else's. */
const NAME_FROM = 0.93;

const ROLES: Readonly<Record<Relation, readonly string[]>> = {
  obligor: ['obligor', 'alleged_parent'], obligee: ['obligee'], caretaker: ['caretaker'], representative: ['obligor', 'alleged_parent', 'obligee', 'caretaker'],
};

/** The kinds of number that were given: a case must fit each of them. An identifier alone is none: a CURP can be worked out from name and day of birth. */
export function numbersGiven({ caseNumber, ourFileNumber, partnerFileNumber, person }: InquiryDetails): NumberKind[] {
  const given: [boolean, NumberKind][] = [
    [caseNumber !== null, 'case_number'], [ourFileNumber !== null, 'our_file'], [partnerFileNumber !== null, 'partner_file'], [(person.identifiers ?? []).length > 0, 'identifier'],
  ];
  return given.filter(([isGiven]) => isGiven).map(([, kind]) => kind);
}

/**
 * Whether this may be told by itself. Name, day of birth and every number that was given must fit one party, in the role that was said, of exactly one
 * case of a county that the partner serves, and nobody in that case may be protected; else a person answers.
 */
export function judgeInquiry(details: InquiryDetails, questions: readonly Question[], candidates: readonly CaseFacts[], scope: { readonly counties: readonly string[]; readonly today: CalendarDate }): Judged {
  const given = numbersGiven(details);
  if (given.every((kind) => kind === 'identifier')) return { kind: 'person', reasons: ['no_number'], found: null };
  const roles = ROLES[details.asker.relation];
  const fits = candidates.filter(({ foundBy, parties }) => given.every((kind) => foundBy.includes(kind))
    && parties.filter((party) => roles.includes(party.role) && isThem(details.person, party)).length === 1);
  const [found] = fits;
  if (!found) return { kind: 'person', reasons: ['no_case_fits'], found: null };
  if (fits.length > 1) return { kind: 'person', reasons: ['several_cases_fit'], found: null };
  if (!scope.counties.includes(found.county)) return { kind: 'person', reasons: ['partner_not_of_county'], found: null };
  if (found.isAnyoneProtected) return { kind: 'person', reasons: ['somebody_protected'], found };
  return { kind: 'tell', found, facts: factsFor(found, questions, scope.today) };
}

function isThem(person: AskedPerson, party: CaseFacts['parties'][number]): boolean {
  if (party.birthDate !== person.birthDate) return false;
  const printed = [printedPerson(person), person.native ?? ''].filter((name) => name !== '');
  return printed.some((name) => compareNames(name, party.name).score >= NAME_FROM);
}

export function factsFor(found: CaseFacts, questions: readonly Question[], today: CalendarDate): AnswerFacts {
  const [request] = found.referrals;
  return {
    asOf: today,
    ...(questions.includes('status') ? { status: { case: found.status, closedOn: found.closedOn, request: request?.status ?? null } } : {}),
    ...(questions.includes('last_payment') ? { lastPayment: found.lastPayment } : {}),
    ...(questions.includes('next_step') ? { nextStep: nextStep(found, today) } : {}),
    ...(questions.includes('balance') ? { balance: found.balances } : {}),
  };
}

const OURS: Readonly<Record<string, NextStep>> = {
  sent: 'partner_decides', delivered: 'partner_decides', forwarded: 'passed_on', accepted: 'partner_works', in_progress: 'partner_works', incomplete: 'county_supplies', answered: 'county_reads_answer',
};
const THEIRS: Readonly<Record<string, NextStep>> = {
  delivered: 'county_decides', accepted: 'county_works', in_progress: 'county_works', incomplete: 'partner_supplies', answered: 'answered', forwarded: 'passed_on',
};
const PAYS_DAYS = 62;

/** Who does what next, as a code. */
export function nextStep({ status, referrals, lastPayment }: Pick<CaseFacts, 'status' | 'referrals' | 'lastPayment'>, today: CalendarDate): NextStep {
  if (status === 'closed') return 'case_closed';
  for (const { direction, status: at } of referrals) {
    const step = (direction === 'outgoing' ? OURS : THEIRS)[at];
    if (step !== undefined) return step;
  }
  return lastPayment !== null && lastPayment.on >= addDays(today, -PAYS_DAYS) ? 'payments_continue' : 'county_works';
}
