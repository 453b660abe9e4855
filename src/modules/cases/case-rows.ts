import type { KeyRing } from '../../platform/keys.ts';
import { parseMajor } from '../../platform/money.ts';
import { nameKeys, normaliseName } from '../../platform/names/index.ts';
import { identifierAad, sealBody } from './case-body.ts';
import { standingOf } from './case-standing.rules.ts';
import { normaliseIdentifier } from './identifier.rules.ts';
import { isOwnSuperiorCourt } from './county-court.rules.ts';
import { protectedParticipants } from './nondisclosure.rules.ts';
import { withRetained } from './retained-protection.rules.ts';
import type { Retained } from './retained-protection.rules.ts';
import { docketTerm, nameTerms, numberTerm, tailTerm } from './search-terms.rules.ts';
import { PAYING_ROLES } from './support-case.rules.ts';
import type { PersonName, SupportCase } from './support-case.rules.ts';

export type Cell = string | number | bigint | boolean | null;
export type Row = readonly Cell[];

/** One case on its way into the tables. */
export interface CaseToStore {
  supportCase: SupportCase;
  canonical: string;
  digest: Buffer;
  line: number;
  version: number;
  /** JSON pointers of what differs from the version before. */
  changes: readonly string[];
  /** Protections that this or an earlier version dropped. */
  retained?: readonly Retained[];
}

/** What all rows of one import share. */
export interface ImportScope { agencyId: string; fileId: string; at: Date; on: string; keys: KeyRing }

const bytes = (value: Uint8Array): string => `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`;
const list = (items: readonly string[]): string => `{${items.map((item) => `"${item.replace(/[\\"]/g, '\\$&')}"`).join(',')}}`;
/** `O1` is no number that anybody looks for. */
const DOCKET_LENGTH_MIN = 5;
const minor = (amount: string, currency: string): bigint => parseMajor(amount, currency) as bigint;

/** The tables made from a case, with their columns; `rowsOf` fills them in this order. */
export const CASE_TABLES = {
  support_cases: 'agency_id, case_id, county, status, opened_on, closed_on, assistance, version, content_digest, sort_name, extract_file_id, updated_at',
  support_case_versions: 'agency_id, case_id, version, county, body_encrypted, changes, extract_file_id, line_number, recorded_at',
  case_participants: 'agency_id, case_id, participant_id, county, role, given, family, second_family, native, aliases, is_protected',
  case_name_keys: 'agency_id, name_key, case_id, participant_id, role, county',
  case_search_terms: 'agency_id, term, case_id, county',
  case_identifiers: 'agency_id, case_id, participant_id, position, county, type, lookup, value_encrypted, source',
  case_obligations: 'agency_id, case_id, obligation_id, order_id, county, kind, amount_minor, currency, frequency, starts_on, ends_on',
  case_balances: 'agency_id, case_id, position, county, bucket, amount_minor, currency, as_of',
  case_standing: 'agency_id, case_id, county, through_month, currency, charged, paid, paid_current, has_debtor_address',
  partner_case_numbers: 'agency_id, partner_id, value, case_id, county, learned_from',
} as const;
export type CaseTable = keyof typeof CASE_TABLES;
/** Tables that hold the newest version only, apart from the case itself and what it is found by. */
export const PART_TABLES = ['case_participants', 'case_name_keys', 'case_identifiers', 'case_obligations', 'case_balances', 'case_standing', 'partner_case_numbers'] as const satisfies readonly CaseTable[];

/** The row of the case itself. */
export function caseRow(item: CaseToStore, scope: ImportScope): Row {
  const { supportCase, digest, version } = item;
  return [scope.agencyId, supportCase.caseId, supportCase.county, supportCase.status, supportCase.openedOn, supportCase.closedOn ?? null, supportCase.assistance, version,
    bytes(digest), sortNameOf(supportCase), scope.fileId, scope.at.toISOString()];
}

/**
 * Everyone with the names by which the tables know them. A protected person's other names stand in the encrypted record alone: a
 * new name is part of a new life, and no search leads from it to the case.
 */
function searchNames({ supportCase, retained = [] }: Pick<CaseToStore, 'supportCase' | 'retained'>, scope: Pick<ImportScope, 'on'>): { participantId: string; role: string; name: PersonName; isProtected: boolean }[] {
  const sealed = protectedParticipants(retained.length > 0 ? withRetained(supportCase, retained) : supportCase, scope.on);
  return supportCase.participants.map(({ participantId, role, name }) => {
    const isProtected = sealed.has(participantId);
    const { aliases: _aliases, ...main } = name;
    return { participantId, role, name: isProtected ? main : name, isProtected };
  });
}

/** Who owes, surname first and folded, as lists are sorted; whoever else stands first where nobody owes. */
export function sortNameOf({ participants }: Pick<SupportCase, 'participants'>): string {
  const name = (participants.find(({ role }) => PAYING_ROLES.includes(role)) ?? participants[0])?.name;
  return name === undefined ? '' : normaliseName([name.family, name.secondFamily ?? '', name.given].join(' '));
}

/**
 * All that the case is found by. Where somebody is protected, an order that is not of the county's own court is found by nothing: its docket says
 * where to look.
 */
export function searchTermsOf(item: Pick<CaseToStore, 'supportCase' | 'retained'>, scope: Pick<ImportScope, 'on' | 'keys'>): string[] {
  const { supportCase } = item;
  const named = searchNames(item, scope);
  const isAnySealed = named.some(({ isProtected }) => isProtected);
  const dockets = supportCase.orders.filter((order) => !isAnySealed || isOwnSuperiorCourt(order, supportCase.county)).flatMap(({ docketNumber, orderId }) => [docketNumber, orderId].filter((one) => one.length >= DOCKET_LENGTH_MIN));
  return [...new Set([
    numberTerm(supportCase.caseId), tailTerm(supportCase.caseId), ...(supportCase.partnerCaseNumbers ?? []).map(({ value }) => numberTerm(value)),
    ...named.flatMap(({ name }) => nameTerms(name)), ...dockets.map((docket) => docketTerm(scope.keys.lookup, docket)),
  ])];
}

/** What the case is found by, in one row: the county's cases have millions of terms, which the database takes apart itself. */
export const TERMS_COLUMNS = 'agency_id, case_id, county, terms';
export function termsRow(item: CaseToStore, scope: ImportScope): Row {
  return [scope.agencyId, item.supportCase.caseId, item.supportCase.county, list(searchTermsOf(item, scope))];
}

/** The row of this version: the whole record, encrypted. */
export function versionRow({ supportCase, canonical, changes, line, version }: CaseToStore, scope: ImportScope): Row {
  const body = sealBody(scope.keys, scope.agencyId, supportCase.caseId, version, canonical);
  return [scope.agencyId, supportCase.caseId, version, supportCase.county, bytes(body), JSON.stringify(changes), scope.fileId, line, scope.at.toISOString()];
}

/** The rows of one part table for one case. */
export function partRows(table: (typeof PART_TABLES)[number], item: CaseToStore, scope: ImportScope): Row[] {
  const { supportCase } = item;
  switch (table) {
    case 'case_participants': return participantRows(item, scope);
    case 'case_name_keys': return nameKeyRows(item, scope);
    case 'case_identifiers': return identifierRows(supportCase, scope);
    case 'case_obligations': return obligationRows(supportCase, scope);
    case 'case_balances': return supportCase.balances.map((balance, i) => [scope.agencyId, supportCase.caseId, i, supportCase.county, balance.bucket, minor(balance.amount, balance.currency), balance.currency, balance.asOf]);
    case 'case_standing': return [standingRow(supportCase, scope.agencyId)];
    case 'partner_case_numbers': return partnerNumberRows(supportCase, scope);
  }
}

/** The row of figures of one case; also for cases that came in before figures were made. */
export function standingRow(supportCase: SupportCase, agencyId: string): Row {
  const { throughMonth, currency, charged, paid, paidCurrent, hasDebtorAddress } = standingOf(supportCase);
  const sums = (amounts: readonly bigint[]): string => `{${amounts.join(',')}}`;
  return [agencyId, supportCase.caseId, supportCase.county, throughMonth, currency, sums(charged), sums(paid), sums(paidCurrent), hasDebtorAddress];
}

function participantRows(item: CaseToStore, scope: ImportScope): Row[] {
  const { supportCase } = item;
  return searchNames(item, scope).map(({ participantId, role, name, isProtected }) => [scope.agencyId, supportCase.caseId, participantId, supportCase.county, role,
    name.given, name.family, name.secondFamily ?? null, name.native ?? null, list(name.aliases ?? []), isProtected]);
}

function nameKeyRows(item: CaseToStore, scope: ImportScope): Row[] {
  const { supportCase } = item;
  return searchNames(item, scope).flatMap(({ participantId, role, name }) => nameKeys(name).map((key) => [scope.agencyId, key, supportCase.caseId, participantId, role, supportCase.county]));
}

function identifierRows(supportCase: SupportCase, scope: ImportScope): Row[] {
  const { agencyId, keys } = scope;
  return supportCase.participants.flatMap(({ participantId, identifiers }) => (identifiers ?? []).map((identifier, i) => [
    agencyId, supportCase.caseId, participantId, i, supportCase.county, identifier.type,
    bytes(keys.lookup(identifier.type.toLowerCase(), normaliseIdentifier(identifier.value))),
    bytes(keys.encrypt(identifier.value, identifierAad(agencyId, supportCase.caseId, participantId, i))), identifier.source ?? null,
  ]));
}

function obligationRows(supportCase: SupportCase, scope: ImportScope): Row[] {
  return supportCase.orders.flatMap((order) => order.obligations.map((obligation) => [scope.agencyId, supportCase.caseId, obligation.obligationId, order.orderId, supportCase.county,
    obligation.kind, minor(obligation.amount, obligation.currency), obligation.currency, obligation.frequency, obligation.startsOn, obligation.endsOn ?? null]));
}

function partnerNumberRows(supportCase: SupportCase, scope: ImportScope): Row[] {
  return (supportCase.partnerCaseNumbers ?? []).map(({ partner, value }) => [scope.agencyId, partner, value, supportCase.caseId, supportCase.county, 'extract']);
}
