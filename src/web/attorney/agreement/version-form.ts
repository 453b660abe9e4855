import { AGREEMENT_KINDS, EXCHANGE_BASES, SERVICE_CODES } from '../../../modules/partners/index.ts';
import type { AgreementRecord, Fact } from '../../../modules/partners/index.ts';
import type { Finding } from '../../../platform/errors.ts';
import { field, fields } from '../../visit.ts';
import type { Visit } from '../../visit.ts';

const LANGUAGES = ['en', 'es-MX', 'ko-KR'] as const;
/** What each field of the form is called in a record. */
const PLACES: Readonly<Record<string, string>> = { titles: 'title_en', kind: 'kind', basis: 'basis', reference: 'reference', counties: 'counties', regions: 'regions', services: 'services', validFrom: 'from', validUntil: 'until', text: 'text_en' };

/** A further version as it is typed; parties, partners and signatories stay as they were. */
export interface EnteredVersion {
  readonly version: number;
  readonly titles: Readonly<Record<string, string>>;
  readonly kind: string;
  readonly basis: string;
  readonly reference: string;
  readonly counties: string;
  readonly regions: string;
  readonly services: readonly string[];
  readonly from: string;
  readonly until: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly isConfirmed: boolean;
}

export const CHOICES = { kinds: AGREEMENT_KINDS, bases: EXCHANGE_BASES, services: SERVICE_CODES, languages: LANGUAGES };

/** The newest version as a beginning. That it was confirmed says nothing of the next one. */
export function enteredFrom(newest: AgreementRecord): EnteredVersion {
  return {
    version: newest.version + 1, titles: newest.titles.value, kind: newest.kind, basis: newest.basis, reference: newest.reference?.value ?? '', counties: newest.counties.value.join(', '),
    regions: newest.regions.value.join(', '), services: newest.services.value, from: newest.validFrom.value, until: newest.validUntil.value ?? '', texts: newest.text?.value ?? {}, isConfirmed: false,
  };
}

export function enteredBy(visit: Visit): EnteredVersion {
  const each = (name: string, charactersMax: number): Record<string, string> => Object.fromEntries(LANGUAGES.map((language) => [language, field(visit, `${name}_${language.slice(0, 2)}`, charactersMax).replace(/\r\n?/g, '\n')]));
  return {
    version: Number(field(visit, 'version', 4)) || 0, titles: each('title', 300), kind: field(visit, 'kind', 40), basis: field(visit, 'basis', 40), reference: field(visit, 'reference', 300),
    counties: field(visit, 'counties', 2_000), regions: field(visit, 'regions', 2_000), services: fields(visit, 'services'), from: field(visit, 'from', 20), until: field(visit, 'until', 20),
    texts: each('text', 100_000), isConfirmed: field(visit, 'confirmed', 5) === 'yes',
  };
}

/** What was typed as a record (schemas/json/agreement.v1.json), which the use case checks. */
export function recordOf(entered: EnteredVersion, newest: AgreementRecord): unknown {
  const fact = <T>(value: T, before: Fact<T> | undefined): Fact<T> => {
    if (entered.isConfirmed) return { value, confirmed: true, sources: ['paper'] };
    const isSame = JSON.stringify(before?.value) === JSON.stringify(value);
    return { value, confirmed: false, sources: isSame && before ? before.sources : ['entered'], ...(isSame && before?.note ? { note: before.note } : {}) };
  };
  const text = Object.fromEntries(Object.entries({ ...newest.text?.value, ...entered.texts }).filter(([, words]) => words !== ''));
  const { reference: _reference, text: _text, ...kept } = newest;
  return {
    ...kept, version: entered.version, kind: entered.kind, basis: entered.basis, titles: fact<unknown>({ ...newest.titles.value, ...entered.titles }, newest.titles),
    ...(entered.reference === '' ? {} : { reference: fact(entered.reference, newest.reference) }),
    counties: fact<readonly string[]>(listed(entered.counties), newest.counties), regions: fact<readonly string[]>(listed(entered.regions), newest.regions),
    services: fact<readonly string[]>(SERVICE_CODES.filter((code) => entered.services.includes(code)), newest.services),
    validFrom: fact(entered.from, newest.validFrom), validUntil: fact(entered.until === '' ? null : entered.until, newest.validUntil),
    ...(Object.keys(text).length === 0 ? {} : { text: fact<Readonly<Record<string, string>>>(text, newest.text) }),
  };
}

const listed = (text: string): string[] => text.split(/[\s,;]+/).filter((one) => one !== '');

/** Each fault at the field where it is mended. */
export function faultsOf(findings: readonly Finding[], say: (finding: Finding) => string, nameOf: (term: string) => string): { readonly field: string; readonly text: string }[] {
  return findings.map((finding) => {
    const [, term = '', , language = ''] = (finding.path ?? '').split('/');
    const place = (term === 'titles' || term === 'text') && LANGUAGES.some((one) => one === language) ? `${term === 'text' ? 'text' : 'title'}_${language.slice(0, 2)}` : PLACES[term] ?? 'title_en';
    return { field: place, text: `${nameOf(term)}: ${say(finding)}` };
  });
}
