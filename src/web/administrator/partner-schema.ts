import { readFileSync } from 'node:fs';
import { resolved, schemaAt } from '../schema-form/schema.rules.ts';
import type { Schema } from '../schema-form/schema.rules.ts';

/** The schema of a profile, from which its form is made. */
export const PROFILE_SCHEMA = JSON.parse(readFileSync(new URL('../../../schemas/json/partner-profile.v1.json', import.meta.url), 'utf8')) as Schema;

/** What is edited together: one datum with its standing, or the plain values at the top. */
export interface Part {
  /** JSON pointer of the datum; `/` stands for the plain values. */
  readonly at: string;
  readonly isFact: boolean;
  /** It may be left out, or taken away. */
  readonly isOptional: boolean;
}

export const PLAIN = '/';
/** In which order the data of a profile stand on screen; what a later schema adds stands at the end. */
const GROUPS: readonly (readonly [group: string, names: readonly string[]])[] = [
  ['who', ['names', 'shortNames', 'unit', 'addresses', 'timeZone']],
  ['exchange', ['exchangeBasis', 'legalBasis', 'channels', 'sealedPart', 'counties', 'regions', 'services', 'locator']],
  ['packet', ['languages', 'packet', 'documents', 'officialForms']],
  ['clocks', ['calendar', 'referralClock', 'hops', 'targetClocks']],
  ['money', ['files', 'fees', 'paymentOrders', 'remitTo', 'caseNumbers', 'accounts']],
];

const isFact = (schema: Schema): boolean => schema.properties?.['confirmed'] !== undefined;

/** The groups of a profile with their parts, from the schema and from what the profile has (each document is a datum of its own). */
export function groupsOf(content: unknown): readonly { readonly group: string; readonly parts: readonly Part[] }[] {
  const facts = Object.keys(PROFILE_SCHEMA.properties ?? {}).filter((name) => {
    const schema = schemaAt(PROFILE_SCHEMA, PROFILE_SCHEMA, `/${name}`) ?? {};
    return isFact(schema) || name === 'documents' || name === 'files';
  });
  const placed = new Set(GROUPS.flatMap(([, names]) => names));
  const rest = facts.filter((name) => !placed.has(name));
  const groups = [...GROUPS, ...(rest.length > 0 ? [['other', rest] as const] : [])];
  return groups.map(([group, names]) => ({ group, parts: [...(group === 'who' ? [{ at: PLAIN, isFact: false, isOptional: false }] : []), ...names.flatMap((name) => partsOf(name, content))] }));
}

function partsOf(name: string, content: unknown): Part[] {
  const isOptional = !PROFILE_SCHEMA.required?.includes(name);
  if (name === 'files') return ['forwarding', 'remittance'].map((kind) => ({ at: `/files/${kind}`, isFact: true, isOptional: true }));
  if (name !== 'documents') return [{ at: `/${name}`, isFact: true, isOptional }];
  const documents = (content as { documents?: unknown } | null)?.documents;
  return (Array.isArray(documents) ? documents : []).map((_, index) => ({ at: `/documents/${index}`, isFact: true, isOptional: true }));
}

/** The part that an address names, also a document that is about to be added; null where there is none. */
export function partAt(at: string, content: unknown): Part | null {
  const known = groupsOf(content).flatMap(({ parts }) => parts).find((part) => part.at === at);
  if (known) return known;
  const documents = (content as { documents?: unknown } | null)?.documents;
  return at === `/documents/${Array.isArray(documents) ? documents.length : 0}` ? { at, isFact: true, isOptional: true } : null;
}

/** The part of a profile in which a place lies. */
export function partOfPath(path: string, content: unknown): string {
  const parts = groupsOf(content).flatMap(({ parts: of }) => of);
  return parts.find(({ at }) => at !== PLAIN && (path === at || path.startsWith(`${at}/`)))?.at ?? PLAIN;
}

/** The schema of what is filled in: the value of a datum, or the plain values. */
export function schemaOfPart(part: Part): Schema {
  if (!part.isFact) {
    const plain = Object.entries(PROFILE_SCHEMA.properties ?? {}).filter(([name]) => ['kind', 'country', 'validFrom', 'validUntil'].includes(name));
    return { type: 'object', properties: Object.fromEntries(plain), required: ['kind', 'country', 'validFrom'] };
  }
  const own = schemaAt(PROFILE_SCHEMA, PROFILE_SCHEMA, part.at) ?? {};
  const fact = own.anyOf ? resolved(own.anyOf.find((one) => one.type !== 'null'), PROFILE_SCHEMA) : own;
  return resolved(fact.properties?.['value'], PROFILE_SCHEMA);
}

const namesIn = (pointer: string): string[] => pointer.split('/').slice(1).filter((name) => name !== '');

export function valueAt(content: unknown, pointer: string): unknown {
  return namesIn(pointer).reduce<unknown>((inside, name) => (typeof inside === 'object' && inside !== null && Object.hasOwn(inside, name) ? (inside as Record<string, unknown>)[name] : undefined), content);
}

/** The profile with another value in one place; `undefined` takes it away (what must be there becomes null). */
export function withValueAt(content: unknown, pointer: string, value: unknown): unknown {
  const copy = structuredClone(content) as Record<string, unknown>;
  const names = namesIn(pointer);
  const last = names.pop() ?? '';
  const inside = names.reduce<unknown>((here, name) => (here as Record<string, unknown>)[name], copy);
  if (Array.isArray(inside)) {
    if (value === undefined) inside.splice(Number(last), 1);
    else inside[Number(last)] = value;
  } else if (value !== undefined) (inside as Record<string, unknown>)[last] = value;
  else if (names[0] === 'files') (inside as Record<string, unknown>)[last] = null;
  else Reflect.deleteProperty(inside as object, last);
  return copy;
}
