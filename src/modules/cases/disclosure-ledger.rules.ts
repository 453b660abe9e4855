import type { Finding } from '../../platform/errors.ts';
import type { Source, SupportCase } from './support-case.rules.ts';
import type { TextUse, Whereabouts } from './whereabouts.rules.ts';

/** Stands where a protected person's address would: the agency's own address is used instead. */
export interface AgencyAddress { substitute: 'agency' }

export type DisclosureReason =
  | 'case_record' | 'source_allowed' | 'verified_elsewhere' | 'order_record' | 'own_number'
  | 'nondisclosure' | 'shares_protected_whereabouts' | 'source_restricted' | 'source_missing' | 'source_unknown' | 'not_needed_abroad'
  | 'other_country' | 'other_partner' | 'unusable' | 'unknown_field';
export interface DisclosureDecision { pointer: string; decision: 'disclose' | 'withhold' | 'substitute'; reason: DisclosureReason }

/** To whom a case is about to be shown: a partner and the country in which it works (ISO 3166-1 alpha-2). */
export interface Recipient { partnerId: string; country: string }

/** What is decided so far, where a decision is written down, and the last gate that every text passes. */
export class Ledger {
  readonly decisions: DisclosureDecision[] = [];
  readonly findings: Finding[] = [];
  readonly whereabouts: Whereabouts;

  constructor(whereabouts: Whereabouts) {
    this.whereabouts = whereabouts;
  }

  disclose(pointer: string, reason: DisclosureReason): true {
    this.decisions.push({ pointer, decision: 'disclose', reason });
    return true;
  }

  withhold(pointer: string, reason: DisclosureReason): false {
    this.decisions.push({ pointer, decision: 'withhold', reason });
    if (reason === 'source_missing') this.find('source_missing', 'warn', pointer);
    if (reason === 'source_restricted') this.find('source_restricted', 'info', pointer);
    if (reason === 'unknown_field') this.find('field_withheld', 'info', pointer);
    if (reason === 'shares_protected_whereabouts') this.find('protection_withheld', 'info', pointer);
    return false;
  }

  /** Whether these texts, each or read together, say where a protected person is. */
  tells(texts: unknown, use: TextUse = 'other'): boolean {
    const all = textsIn(texts);
    return all.some((text) => this.whereabouts.tells(text, use)) || (all.length > 1 && this.whereabouts.tells(all.join(' '), use));
  }

  substitute(pointer: string): AgencyAddress {
    this.decisions.push({ pointer, decision: 'substitute', reason: 'nondisclosure' });
    return { substitute: 'agency' };
  }

  find(code: string, severity: Finding['severity'], path: string): void {
    this.findings.push({ code: `cases.${code}`, severity, path });
  }
}

/** Who of a case is sealed on a day, who stands beside them, and what would give them away. */
export interface Protection { sealed: ReadonlySet<string>; near: ReadonlySet<string>; whereabouts: Whereabouts }

/** What the decisions about one case look at. */
export interface Scope extends Protection { supportCase: SupportCase; recipient: Recipient; idOf: ReadonlyMap<string, string>; ledger: Ledger }

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** How each field that a person may fill freely is used. All others hold codes, dates and amounts of a checked form. */
const FREE_TEXT: Readonly<Record<string, TextUse>> = {
  given: 'main_name', family: 'main_name', secondFamily: 'main_name', native: 'main_name', aliases: 'other', birthPlace: 'other', lines: 'other', neighborhood: 'other',
  locality: 'other', region: 'other', postalCode: 'other', name: 'other', value: 'other', bankCode: 'other', tribunal: 'other', docketNumber: 'other',
};

export interface Picking {
  readonly fields: readonly string[];
  readonly path: string;
  readonly reason: DisclosureReason;
  /** Fields that are decided by others. */
  readonly elsewhere?: readonly string[];
  /** Why a field is withheld that is not listed. */
  readonly otherwise?: (field: string) => DisclosureReason;
  readonly isOwnCourt?: boolean;
}

/** Copies the fields that are listed and plain, and withholds all others. The only way of a text into a view, but for contacts. */
export function pick<T extends object>(from: T, { fields, path, reason, elsewhere = [], otherwise = () => 'unknown_field', isOwnCourt = false }: Picking, ledger: Ledger): T {
  const view: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(from)) {
    if (elsewhere.includes(field) || value === undefined) continue;
    const pointer = `${path}/${pointerPart(field)}`;
    const use = field === 'tribunal' && isOwnCourt ? 'own_court' : FREE_TEXT[field];
    if (!fields.includes(field)) ledger.withhold(pointer, otherwise(field));
    else if (!isPlain(value)) ledger.withhold(pointer, 'unknown_field');
    else if (use !== undefined && ledger.tells(value, use)) ledger.withhold(pointer, 'shares_protected_whereabouts');
    else if (ledger.disclose(pointer, reason)) view[field] = Array.isArray(value) ? [...(value as unknown[])] : value;
  }
  return view as T;
}

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string');
  return ['string', 'boolean'].includes(typeof value);
}

function pointerPart(field: string): string {
  return /^[A-Za-z0-9_]{1,40}$/.test(field) ? field : '*';
}

export function keepEach<T, V>(items: readonly T[] | undefined, path: string, one: (item: T, at: string) => V | null): V[] | undefined {
  if (!items) return undefined;
  const kept = items.map((item, i) => one(item, `${path}/${i}`)).filter((item) => item !== null);
  return kept.length > 0 ? kept : undefined;
}

// Federal locate, tax and bank-match data (45 CFR 303.21(d)(3), 42 USC 653(c)(5)): no authority abroad may have them.
const RESTRICTED: readonly string[] = ['fpls', 'irs', 'fidm'];
const ALLOWED: readonly string[] = ['party', 'employer', 'court', 'dmv', 'partner', 'other'];

/** Why a datum with this provenance may leave, or why not. What is verified by an allowed source is that source's datum. */
export function provenance(datum: { source?: string; verifiedBy?: string }, byDefault?: Source): { source: Source; reason: DisclosureReason } | DisclosureReason {
  const source = datum.source ?? byDefault;
  if (source === undefined) return 'source_missing';
  if (ALLOWED.includes(source)) return { source: source as Source, reason: datum.source === undefined ? 'case_record' : 'source_allowed' };
  if (!RESTRICTED.includes(source)) return 'source_unknown';
  if (datum.verifiedBy !== undefined && ALLOWED.includes(datum.verifiedBy)) return { source: datum.verifiedBy as Source, reason: 'verified_elsewhere' };
  return 'source_restricted';
}

/** Whether it may be told when a datum was verified: that a federal source confirmed it, and when, is that source's datum. */
export function isVerificationOpen(verifiedBy: string | undefined): boolean {
  return verifiedBy === undefined || ALLOWED.includes(verifiedBy);
}
