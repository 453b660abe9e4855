import { readFileSync } from 'node:fs';
import { AGREEMENT_KINDS, EXCHANGE_BASES, SERVICE_CODES } from '../../../modules/partners/index.ts';
import type { AgreementRecord, Fact, Signatory } from '../../../modules/partners/index.ts';
import type { Finding } from '../../../platform/errors.ts';
import { allNodes, idOf, nodeOf } from '../../schema-form/nodes.ts';
import type { FormNode } from '../../schema-form/nodes.ts';
import { rowsChanged, valueFrom } from '../../schema-form/read.ts';
import type { Sent } from '../../schema-form/read.ts';
import { schemaAt } from '../../schema-form/schema.rules.ts';
import type { Schema } from '../../schema-form/schema.rules.ts';
import { formWords } from '../../schema-form/words.ts';
import { field, fields } from '../../visit.ts';
import type { Visit } from '../../visit.ts';

const SCHEMA = JSON.parse(readFileSync(new URL('../../../../schemas/json/agreement.v1.json', import.meta.url), 'utf8')) as Schema;

const LANGUAGES = ['en', 'es-MX', 'ko-KR'] as const;
/** What each field of the form is called in a record. */
const PLACES: Readonly<Record<string, string>> = { titles: 'title_en', kind: 'kind', basis: 'basis', reference: 'reference', counties: 'counties', regions: 'regions', services: 'services', validFrom: 'from', validUntil: 'until', text: 'text_en', partners: 'partners', parties: 'f-parties-value', signatories: 'f-signatories-value' };

/** A further version as it is typed. */
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
  readonly partners: readonly string[];
  /** As the schema has them, also with faults. */
  readonly parties: unknown;
  readonly signatories: unknown;
  /** What the form did not have stays as it was, with how it stood. */
  readonly unseen: readonly string[];
}

export const CHOICES = { kinds: AGREEMENT_KINDS, bases: EXCHANGE_BASES, services: SERVICE_CODES, languages: LANGUAGES };

/** The newest version as a beginning. That it was confirmed says nothing of the next one. */
export function enteredFrom(newest: AgreementRecord): EnteredVersion {
  return {
    version: newest.version + 1, titles: newest.titles.value, kind: newest.kind, basis: newest.basis, reference: newest.reference?.value ?? '', counties: newest.counties.value.join(', '),
    regions: newest.regions.value.join(', '), services: newest.services.value, from: newest.validFrom.value, until: newest.validUntil.value ?? '', texts: newest.text?.value ?? {}, isConfirmed: false,
    partners: newest.partners.value, parties: newest.parties.value, signatories: newest.signatories?.value ?? [], unseen: [],
  };
}

export function enteredBy(visit: Visit, newest: AgreementRecord): EnteredVersion {
  const sent = (visit.req.body ?? {}) as Sent;
  // A form without these fields leaves them as they were.
  const unseen = (['parties', 'signatories'] as const).filter((name) => !Object.hasOwn(sent, `/${name}/value~rows`));
  const rows = (name: 'parties' | 'signatories', before: unknown): unknown => (unseen.includes(name) ? before : valueFrom(schemaOf(name), SCHEMA, sent, `/${name}/value`, true));
  const hasPartners = field(visit, 'partners_shown', 2) === '1';
  const each = (name: string, charactersMax: number): Record<string, string> => Object.fromEntries(LANGUAGES.map((language) => [language, field(visit, `${name}_${language.slice(0, 2)}`, charactersMax).replace(/\r\n?/g, '\n')]));
  return {
    version: Number(field(visit, 'version', 4)) || 0, titles: each('title', 300), kind: field(visit, 'kind', 40), basis: field(visit, 'basis', 40), reference: field(visit, 'reference', 300),
    counties: field(visit, 'counties', 2_000), regions: field(visit, 'regions', 2_000), services: fields(visit, 'services'), from: field(visit, 'from', 20), until: field(visit, 'until', 20),
    texts: each('text', 100_000), isConfirmed: field(visit, 'confirmed', 5) === 'yes',
    partners: hasPartners ? fields(visit, 'partners') : newest.partners.value, unseen: [...unseen, ...(hasPartners ? [] : ['partners'])], parties: rows('parties', newest.parties.value), signatories: rows('signatories', newest.signatories?.value ?? []),
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
  const { reference: _reference, text: _text, signatories: _signatories, ...kept } = newest;
  const isSeen = (name: string): boolean => !entered.unseen.includes(name);
  const signatories = Array.isArray(entered.signatories) ? entered.signatories as Signatory[] : [];
  return {
    ...kept, version: entered.version, kind: entered.kind, basis: entered.basis, titles: fact<unknown>({ ...newest.titles.value, ...entered.titles }, newest.titles),
    ...(entered.reference === '' ? {} : { reference: fact(entered.reference, newest.reference) }),
    ...(isSeen('partners') ? { partners: fact<readonly string[]>(entered.partners, newest.partners) } : {}), ...(isSeen('parties') ? { parties: fact<unknown>(entered.parties, newest.parties) } : {}),
    ...(isSeen('signatories') ? (signatories.length === 0 ? {} : { signatories: fact<unknown>(signatories, newest.signatories) }) : newest.signatories ? { signatories: newest.signatories } : {}),
    counties: fact<readonly string[]>(listed(entered.counties), newest.counties), regions: fact<readonly string[]>(listed(entered.regions), newest.regions),
    services: fact<readonly string[]>(SERVICE_CODES.filter((code) => entered.services.includes(code)), newest.services),
    validFrom: fact(entered.from, newest.validFrom), validUntil: fact(entered.until === '' ? null : entered.until, newest.validUntil),
    ...(Object.keys(text).length === 0 ? {} : { text: fact<Readonly<Record<string, string>>>(text, newest.text) }),
  };
}

const listed = (text: string): string[] => text.split(/[\s,;]+/).filter((one) => one !== '');

const schemaOf = (name: 'parties' | 'signatories'): Schema => schemaAt(SCHEMA, SCHEMA, `/${name}/value`) ?? {};

/** Parties and signatories as rows. */
export function rowsOf(entered: EnteredVersion, visit: Visit): FormNode[] {
  return (['parties', 'signatories'] as const).flatMap((name) => {
    const node = nodeOf(schemaOf(name), SCHEMA, entered[name], formWords(visit), { name: `/${name}/value`, names: [name, 'value'], isRequired: name === 'parties' });
    return node ? [{ ...node, label: formWords(visit).label([name]), hint: formWords(visit).hint([name]) }] : [];
  });
}

/** What was typed with another row, or one less, where a button asked for that. */
export function withRows(entered: EnteredVersion, asked: string): { readonly entered: EnteredVersion; readonly changed: string } | null {
  const rows = rowsChanged({ parties: { value: entered.parties }, signatories: { value: entered.signatories } }, asked, '');
  if (!rows) return null;
  const value = rows.value as { readonly parties: { readonly value: unknown }; readonly signatories: { readonly value: unknown } };
  return { entered: { ...entered, parties: value.parties.value, signatories: value.signatories.value }, changed: rows.changed };
}

/** Each fault at the field where it is mended. */
export function faultsOf(findings: readonly Finding[], say: (finding: Finding) => string, nameOf: (term: string) => string, rows: readonly FormNode[]): { readonly field: string; readonly text: string; readonly beside?: string }[] {
  const nodes = new Map(rows.flatMap(allNodes).map((node) => [node.name, node]));
  const isMissing = (path: string | undefined): boolean => findings.some((one) => one.path === path && ['required', 'minLength'].includes(String(one.params?.['rule'])));
  return findings.filter((finding) => finding.params?.['rule'] !== 'pattern' || !isMissing(finding.path)).map((finding) => {
    const node = nodes.get(finding.path ?? '');
    if (node) return { field: idOf(node.name), text: `${node.label}: ${say(finding)}`, beside: say(finding) };
    const [, term = '', , language = ''] = (finding.path ?? '').split('/');
    const place = (term === 'titles' || term === 'text') && LANGUAGES.some((one) => one === language) ? `${term === 'text' ? 'text' : 'title'}_${language.slice(0, 2)}` : PLACES[term] ?? 'title_en';
    return { field: place, text: `${nameOf(place.startsWith('title_') ? place : term)}: ${say(finding)}`, beside: say(finding) };
  });
}
