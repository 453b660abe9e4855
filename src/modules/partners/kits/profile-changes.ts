import { isDeepStrictEqual } from 'node:util';
import type { PartnerProfile } from '../partner-profile.rules.ts';

/** One place in which two versions differ. Lists of words are compared as wholes, so that one taken out does not move all others. */
export interface Difference {
  /** JSON pointer. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** More than these are shown to nobody: a draft that has more is not put into force. */
export const DIFFERENCES_SHOWN_MAX = 2_000;

/** Where two versions differ, all of it, in the order of the one that is to come. `undefined` stands for what is not there. */
export function differences(before: unknown, after: unknown): Difference[] {
  const found: Difference[] = [];
  compare(before, after, '', found);
  return found;
}

function compare(before: unknown, after: unknown, path: string, found: Difference[]): void {
  if (isDeepStrictEqual(before, after)) return;
  const [one, other] = [membersOf(before), membersOf(after)];
  if ((one === null && other === null) || (one === null && before !== undefined) || (other === null && after !== undefined)) return void found.push({ path, before, after });
  const [left, right] = [one ?? new Map<string, unknown>(), other ?? new Map<string, unknown>()];
  for (const name of new Set([...right.keys(), ...left.keys()])) compare(left.get(name), right.get(name), `${path}/${escaped(name)}`, found);
}

/** What is inside an object or a list of objects; null for what is shown as one. */
function membersOf(value: unknown): Map<string, unknown> | null {
  if (typeof value !== 'object' || value === null) return null;
  const isList = Array.isArray(value);
  if (isList && !value.some((one) => typeof one === 'object' && one !== null)) return null;
  const entries = Object.entries(value);
  return entries.length === 0 && isList ? null : new Map(entries);
}

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** What a change of a profile brings about, as codes, by the part that was changed. */
const CONSEQUENCES: readonly (readonly [part: string, code: string])[] = [
  ['exchangeBasis', 'basis'], ['sealedPart', 'sealed_part'], ['channels', 'channels'], ['paymentOrders', 'payment_orders'], ['remitTo', 'remit_to'], ['accounts', 'accounts'],
  ['counties', 'counties'], ['services', 'services'], ['languages', 'languages'], ['packet', 'packet'], ['documents', 'documents'], ['officialForms', 'packet'], ['files', 'files'],
  ['referralClock', 'clocks'], ['hops', 'clocks'], ['targetClocks', 'clocks'], ['calendar', 'clocks'], ['names', 'names'], ['addresses', 'addresses'], ['unit', 'addresses'], ['validFrom', 'validity'], ['validUntil', 'validity'],
];
/** By these, data, papers or money reach somebody or somewhere else, or an officer may ask for more: a second person has to agree. */
const NEEDS_SECOND: ReadonlySet<string> = new Set(['new_partner', 'basis', 'sealed_part', 'channels', 'payment_orders', 'remit_to', 'accounts', 'addresses', 'counties', 'services', 'documents', 'packet', 'validity']);

export interface Consequences {
  readonly codes: readonly string[];
  readonly needsSecondPerson: boolean;
}

/** By the parts themselves, and not by a list of differences, which might be long enough to hide one. */
export function consequencesOf(before: PartnerProfile | null, after: unknown): Consequences {
  const codes = before === null ? ['new_partner'] : [...new Set(CONSEQUENCES.filter(([part]) => !isDeepStrictEqual(memberOf(before, part), memberOf(after, part))).map(([, code]) => code))];
  return { codes, needsSecondPerson: codes.some((code) => NEEDS_SECOND.has(code)) };
}

const memberOf = (value: unknown, name: string): unknown => (typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined);
