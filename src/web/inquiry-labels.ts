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

/** A summary in which ten fields are each told to be filled in says which they are. */
export function namedFaults<T extends { readonly field: string; readonly text: string; readonly finding: { readonly code: string } | null }>(faults: readonly T[], t: Translate): T[] {
  return faults.map((fault) => {
    const name = fault.finding !== null && ['inquiry.needed', 'inquiry.consent_language'].includes(fault.finding.code) ? fieldName(fault.field, t) : '';
    return name === '' ? fault : { ...fault, text: t('inquiries:ask.missing', { field: name }) };
  });
}
