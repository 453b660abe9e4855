import type { ApplicationRequest, ApplicationView, AppliedPerson, DraftContent } from '../../../modules/exchange/index.ts';
import { field, fields } from '../../visit.ts';
import type { Visit } from '../../visit.ts';

const CHILDREN_ON_FORM = 4;
/** As many as an application that came as a message may name: correcting it loses none. */
const CHILDREN_READ = 8;
const PERSON = ['given', 'family', 'secondFamily', 'native', 'birthDate'] as const;
const REACH = ['phone', 'address'] as const;
const SINGLE = ['county', 'applicantRole', 'partnerFileNumber', 'note', 'consent_givenBy', 'consent_on', 'consent_form', 'hasOrder', 'agrees', 'supplies'] as const;

/** What was typed, as it is kept in a draft. */
export type Entered = DraftContent;

const childNames = (index: number): string[] => PERSON.map((part) => `children_${index}_${part}`);
const NAMES: readonly string[] = [
  ...SINGLE, ...['applicant', 'otherParent'].flatMap((who) => [...PERSON, ...REACH].map((part) => `${who}_${part}`)), ...Array.from({ length: CHILDREN_READ }, (_, index) => childNames(index)).flat(),
];

export function enteredOf(visit: Visit): Entered {
  return { values: Object.fromEntries(NAMES.map((name) => [name, field(visit, name, name === 'note' ? 5_000 : 800)])), services: fields(visit, 'services') };
}

function personOf(values: Readonly<Record<string, string>>, who: string): AppliedPerson {
  const value = (part: string): string => values[`${who}_${part}`] ?? '';
  return { given: value('given'), family: value('family'), secondFamily: value('secondFamily'), native: value('native'), birthDate: value('birthDate'), phone: value('phone'), address: value('address') };
}

export function requestOf({ values, services }: Entered): ApplicationRequest {
  return {
    county: values['county'] ?? '', partnerFileNumber: values['partnerFileNumber'] ?? '', services, applicantRole: (values['applicantRole'] ?? '') as never,
    applicant: personOf(values, 'applicant'), otherParent: personOf(values, 'otherParent'), children: Array.from({ length: CHILDREN_READ }, (_, index) => personOf(values, `children_${index}`)),
    hasOrder: values['hasOrder'] === '1', note: values['note'] ?? '', supplies: values['supplies'] === '' ? null : values['supplies'] ?? null,
    consent: values['agrees'] === '1' ? { givenBy: values['consent_givenBy'] ?? '', on: values['consent_on'] ?? '', form: (values['consent_form'] ?? '') as never } : null,
  };
}

/** The places for children: those of an empty form, and as many more as are named. */
export function childrenOf({ values }: Entered): number[] {
  const places = Array.from({ length: CHILDREN_READ }, (_, index) => index);
  return places.filter((index) => index < CHILDREN_ON_FORM || places.some((at) => at >= index && childNames(at).some((name) => (values[name] ?? '') !== '')));
}

/** Nothing is kept of a form into which nobody has typed. */
export function isBlank({ values, services }: Entered): boolean {
  return services.length === 0 && Object.entries(values).every(([name, value]) => value === '' || ['county', 'supplies'].includes(name));
}

/** The form as it was filed, to be corrected. */
export function asFiled({ applicationId, details, services, county, partnerFileNumber }: ApplicationView): Entered {
  const person = (who: string, one: AppliedPerson | undefined): [string, string][] => [...PERSON, ...REACH].map((part) => [`${who}_${part}`, one?.[part] ?? '']);
  const values = Object.fromEntries([
    ...person('applicant', details.applicant), ...person('otherParent', details.otherParent), ...details.children.flatMap((child, index) => person(`children_${index}`, child)),
    ['county', county], ['applicantRole', details.applicantRole], ['partnerFileNumber', partnerFileNumber ?? ''], ['note', details.note ?? ''], ['consent_givenBy', details.consent.givenBy], ['consent_on', details.consent.on],
    ['consent_form', details.consent.form], ['hasOrder', details.hasOrder ? '1' : ''], ['agrees', '1'], ['supplies', applicationId],
  ]) as Record<string, string>;
  return { values, services };
}
