import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { LANGUAGES } from '../../../src/platform/config.ts';
import { findTerm } from '../../../src/platform/glossary.ts';
import { hasWords } from '../../../src/platform/i18n.ts';
import { schemaValidator } from '../../../src/platform/validation.ts';
import { SERVICE_CODES } from '../../../src/modules/partners/index.ts';

const FORMS = new URL('../../../src/modules/referrals/documents/forms/', import.meta.url);
const GLOSSARIES = new URL('../../../src/modules/referrals/documents/glossaries/', import.meta.url);
const LOCALES = new URL('../../../locales/', import.meta.url);

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Node = Readonly<Record<string, Json>>;

const read = (url: URL): Json => JSON.parse(readFileSync(url, 'utf8')) as Json;
const namesIn = (url: URL): string[] => readdirSync(url).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length)).sort();
const forms = namesIn(FORMS).map((name) => [name, read(new URL(`${name}.json`, FORMS)) as Node] as const);
const parts = namesIn(new URL('parts/', FORMS)).map((name) => [name, read(new URL(`parts/${name}.json`, FORMS))] as const);
const partNames = parts.map(([name]) => name);
const isNode = (value: Json | undefined): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** What stands in a packet (documents/compose-documents.ts), before a form names items of its lists. */
const SCOPE = ['referral', 'case', 'agency', 'partner', 'services', 'requests', 'interview', 'arrears', 'attachments', 'narratives', 'translations', 'documents', 'message', 'seal', 'form',
  'parties', 'orders', 'obligors', 'obligees', 'dependents', 'obligor', 'obligee', 'number'];
const REPEATED: Readonly<Record<string, string>> = { each_dependent: 'child', each_order: 'order', each_translation: 'translation' };

/** Every place that a form or part asks for, with the names given by the `as` and `repeat` around it. */
function placesIn(value: Json | undefined, names: readonly string[], found: { place: string; names: readonly string[] }[] = []) {
  if (isList(value)) value.forEach((one) => placesIn(one, names, found));
  if (!isNode(value)) return found;
  const list = value['each'] ?? value['some'];
  if (typeof list === 'string') found.push({ place: list, names });
  const inner = typeof list === 'string' && typeof value['as'] === 'string' ? [...names, value['as']] : names;
  for (const key of ['at', 'currency', 'sameAs'] as const) if (typeof value[key] === 'string') found.push({ place: value[key], names: inner });
  if (typeof value['value'] === 'string') found.push({ place: value['value'], names: inner });
  for (const one of isList(value['stack']) ? value['stack'] : []) if (typeof one === 'string') found.push({ place: one, names: inner });
  for (const one of isNode(value['params']) ? Object.values(value['params']) : []) if (typeof one === 'string') found.push({ place: one, names: inner });
  for (const one of isList(value['total']) ? value['total'] : []) if (typeof one === 'string') found.push({ place: one, names: inner });
  for (const one of Object.values(value)) placesIn(one, inner, found);
  return found;
}

/** Keys of whole texts, and the beginnings to which a code is added. */
function keysIn(value: Json | undefined, found: { texts: Set<string>; beginnings: Set<string> }) {
  if (isList(value)) value.forEach((one) => keysIn(one, found));
  if (!isNode(value)) return found;
  for (const [key, one] of Object.entries(value)) {
    if (typeof one === 'string' && ['words', 'title', 'label', 'empty', 'by'].includes(key)) (value['as'] === 'code' && key === 'words' ? found.beginnings : found.texts).add(one);
    else keysIn(one, found);
  }
  return found;
}

function partsIn(value: Json | undefined, found: string[] = []): string[] {
  if (isList(value)) value.forEach((one) => partsIn(one, found));
  if (!isNode(value)) return found;
  if (value['kind'] === 'use') found.push(String(value['part']));
  Object.values(value).forEach((one) => partsIn(one, found));
  return found;
}

function codesUnder(language: string, beginning: string): string[] {
  const [namespace = '', path = ''] = beginning.split(':');
  const url = new URL(`${language}/${namespace}.json`, LOCALES);
  if (!existsSync(url)) return [];
  const at = path.split('.').reduce<Json | undefined>((node, step) => (isNode(node) ? node[step] : undefined), read(url));
  return isNode(at) ? Object.keys(at).sort() : [];
}

const all = [...forms, ...parts.map(([name, blocks]) => [`parts/${name}`, { blocks }] as const)];

it.each(forms)('%s is a form as the schema says, and is named like its file', (name, form) => {
  const validate = schemaValidator('packet-form.v1', { isExhaustive: true });
  expect(validate(form) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)).toEqual([]);
  expect(form['formId']).toBe(name);
});

it.each(parts)('the part %s is as the schema says', (_name, blocks) => {
  const validate = schemaValidator('packet-form-part.v1', { isExhaustive: true });
  expect(validate(blocks) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)).toEqual([]);
});

it('forms and parts are made of the same blocks', () => {
  const defs = (name: string): Json | undefined => (read(new URL(`../../../schemas/json/${name}.json`, import.meta.url)) as Node)['$defs'];
  expect(defs('packet-form-part.v1')).toEqual(defs('packet-form.v1'));
});

describe.each(LANGUAGES)('in %s', (language) => {
  it.each(all)('%s has all its words', (_name, form) => {
    const { texts, beginnings } = keysIn(form, { texts: new Set(), beginnings: new Set() });
    expect([...texts].filter((key) => !hasWords(language, key))).toEqual([]);
    expect([...beginnings].filter((beginning) => codesUnder(language, beginning).length === 0)).toEqual([]);
  });

  it.each(all)('%s has the same codes as in English', (_name, form) => {
    const { beginnings } = keysIn(form, { texts: new Set(), beginnings: new Set() });
    for (const beginning of beginnings) expect([beginning, codesUnder(language, beginning)]).toEqual([beginning, codesUnder('en', beginning)]);
  });
});

it.each(forms)('%s asks for places that there are', (_name, form) => {
  const repeated = typeof form['repeat'] === 'string' ? [REPEATED[form['repeat']] ?? ''] : [];
  const known = (names: readonly string[], place: string): boolean => [...SCOPE, ...repeated, ...names].includes(place.split('.')[0] ?? '');
  expect(placesIn(form, []).filter(({ place, names }) => !known(names, place)).map(({ place }) => place)).toEqual([]);
});

it('every part is there, is used, and uses none that uses it', () => {
  const inner = new Map(parts.map(([name, blocks]) => [name, partsIn(blocks)]));
  const asked = [...forms.flatMap(([, form]) => partsIn(form)), ...[...inner.values()].flat()];
  expect(asked.filter((name) => !partNames.includes(name))).toEqual([]);
  expect(partNames.filter((name) => !asked.includes(name))).toEqual([]);
  const reaches = (from: string, to: string, depth = 0): boolean => depth < 9 && (inner.get(from) ?? []).some((next) => next === to || reaches(next, to, depth + 1));
  expect(partNames.filter((name) => reaches(name, name))).toEqual([]);
});

/** A part is set where a form uses it: the places it asks for must stand in every scope from which it is used. */
it('a part finds its places wherever it is used', () => {
  const content = new Map<string, Json>(parts);
  const missing: string[] = [];
  const visit = (value: Json | undefined, names: readonly string[], trail: string, depth: number): void => {
    if (isList(value)) value.forEach((one) => visit(one, names, trail, depth));
    if (!isNode(value)) return;
    const inner = typeof value['each'] === 'string' && typeof value['as'] === 'string' ? [...names, value['as']] : names;
    if (value['kind'] === 'use' && depth < 9) {
      const part = content.get(String(value['part']));
      for (const { place, names: given } of placesIn(part, inner)) if (![...SCOPE, ...given].includes(place.split('.')[0] ?? '')) missing.push(`${trail} > ${String(value['part'])}: ${place}`);
      visit(part, inner, `${trail} > ${String(value['part'])}`, depth + 1);
    }
    Object.values(value).forEach((one) => visit(one, inner, trail, depth));
  };
  for (const [name, form] of forms) visit(form['blocks'], typeof form['repeat'] === 'string' ? [REPEATED[form['repeat']] ?? ''] : [], name, 0);
  expect(missing).toEqual([]);
});

it.each(forms)('%s begins with its title, and says which official form it is not', (_name, form) => {
  const [first] = form['blocks'] as readonly Node[];
  expect(first).toMatchObject({ kind: 'heading', level: 1, words: form['title'] });
  expect(partsIn(form['blocks']).includes('not_the_form')).toBe(form['corresponds'] !== undefined);
});

it('asks in the letter for every service there is, and has marks for all of them', () => {
  for (const language of LANGUAGES) {
    expect(codesUnder(language, 'forms:cover_letter.ask')).toEqual([...SERVICE_CODES].sort());
    expect(SERVICE_CODES.filter((_code, index) => !hasWords(language, `forms:ordinal.${index + 1}`))).toEqual([]);
  }
});

it('federal wordings stand beside texts that there are', () => {
  const namespaces = readdirSync(new URL('es-MX/', LOCALES)).map((name) => name.slice(0, -'.json'.length));
  const { terms, wordings } = read(new URL('es-MX.json', GLOSSARIES)) as { terms: Record<string, string>; wordings: Record<string, string> };
  const unknown = [...Object.keys(terms), ...Object.keys(wordings)].filter((key) => !namespaces.some((namespace) => hasWords('es-MX', `${namespace}:${key}`)));
  expect(unknown).toEqual([]);
  expect(Object.values(terms).filter((id) => !findTerm(id))).toEqual([]);
});

it('no word of the forms is left over', () => {
  const { texts, beginnings } = keysIn(all.map(([, form]) => form), { texts: new Set(), beginnings: new Set() });
  const under = (node: Json | undefined, path: string): string[] => (isNode(node) ? Object.entries(node).flatMap(([key, one]) => under(one, path === '' ? key : `${path}.${key}`)) : [path]);
  const isUsed = (path: string): boolean => texts.has(`forms:${path}`) || beginnings.has(`forms:${path.slice(0, path.lastIndexOf('.'))}`);
  expect(under(read(new URL('en/forms.json', LOCALES)), '').filter((path) => !isUsed(path))).toEqual([]);
});
