import type { Translate } from '../platform/i18n.ts';

const WHO: Readonly<Record<string, string>> = { person: 'inquiries:ask.person', applicant: 'inquiries:apply.applicant', otherParent: 'inquiries:apply.other_parent' };
const PARTS: Readonly<Record<string, string>> = { given: 'ask.given', family: 'ask.family', secondFamily: 'ask.second_family', native: 'ask.native', birthDate: 'ask.birth_date', phone: 'apply.phone', address: 'apply.address' };
const FIELDS: Readonly<Record<string, string>> = {
  asker_name: 'ask.asker_name', asker_relation: 'ask.relation', asker_documentShown: 'ask.document', case_number: 'ask.case_number', our_file: 'ask.our_file', their_file: 'ask.their_file',
  consent_givenBy: 'ask.given_by', consent_on: 'ask.consent_on', consent_language: 'ask.consent_language', consent_form: 'ask.consent_form', consent_id: 'ask.consent_id',
  county: 'apply.county', applicantRole: 'apply.role', partnerFileNumber: 'ask.their_file', note: 'apply.note',
};

/** The name of a field of the forms at a counter, with whose it is; empty for what has words enough of its own. */
export function fieldName(field: string, t: Translate): string {
  const own = FIELDS[field];
  if (own !== undefined) return t(`inquiries:${own}`);
  const [, who = '', number = '', part = ''] = /^(person|applicant|otherParent|children)(?:_(\d+))?_(\w+)$/u.exec(field) ?? [];
  const label = PARTS[part];
  if (label === undefined) return '';
  const whose = who === 'children' ? t('inquiries:apply.child', { number: Number(number) + 1 }) : t(WHO[who] ?? '');
  return `${whose}: ${t(`inquiries:${label}`)}`;
}

/** Faults of a date say which; `beside` is what stands at the field itself. */
const OF_A_DATE = ['inquiry.day_unfit', 'inquiry.day_future', 'inquiry.day_too_early'];

interface Told {
  readonly field: string;
  readonly text: string;
  readonly beside?: string;
  readonly finding: { readonly code: string } | null;
}

/** A summary in which ten fields are each told to be filled in says which they are, in the order of the page. */
export function namedFaults<T extends Told>(faults: readonly T[], t: Translate, isNativeFirst: boolean): T[] {
  return inPageOrder(faults, isNativeFirst).map((fault) => {
    const code = fault.finding?.code ?? '';
    const name = fieldName(fault.field, t);
    if (name === '') return fault;
    if (OF_A_DATE.includes(code)) return { ...fault, text: t('inquiries:ask.wrong', { field: name, text: fault.text }), beside: fault.text };
    return ['inquiry.needed', 'inquiry.consent_language'].includes(code) ? { ...fault, text: t('inquiries:ask.missing', { field: name }) } : fault;
  });
}

/** The fields of both forms as they stand on their pages. */
const ORDER: readonly RegExp[] = [
  /^county$/, /^applicantRole$/, /^partnerFileNumber$/, /^person_/, /^applicant_/, /^otherParent_/, ...Array.from({ length: 8 }, (_, index) => new RegExp(`^children_${index}_`)), /^case_number$/, /^our_file$/, /^their_file$/,
  /^asker_name$/, /^asker_relation$/, /^asker_documentShown$/, /^questions$/, /^services$/, /^note$/, /^agrees$/, /^consent_givenBy$/, /^consent_on$/, /^consent_language$/, /^consent_form$/, /^consent_questions$/, /^consent_id$/,
];
const PARTS_IN_ORDER = ['given', 'family', 'secondFamily', 'native', 'birthDate', 'phone', 'address'];

function inPageOrder<T extends Told>(faults: readonly T[], isNativeFirst: boolean): T[] {
  const parts = isNativeFirst ? ['native', 'family', 'given', 'secondFamily', 'birthDate', 'phone', 'address'] : PARTS_IN_ORDER;
  const rank = ({ field }: T): number => {
    const place = ORDER.findIndex((one) => one.test(field));
    return (place === -1 ? ORDER.length : place) * 10 + Math.max(0, parts.indexOf(field.replace(/^.*_/, '')));
  };
  return [...faults].sort((a, b) => rank(a) - rank(b));
}
