import { recordAudit } from '../audit/index.ts';
import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx, TxCtx } from '../../platform/context.ts';
import { compareNames, hasHangul } from '../../platform/names/index.ts';
import { findCases, MATCHES_MAX, readNumbersOf } from './case-search.store.ts';
import type { Branch, CaseQuery, CaseSortKey, FoundCases, MatchReason } from './case-search.store.ts';
import { holdsIdentifier, identifierFormsOf, normaliseIdentifier } from './identifier.rules.ts';
import { lookupsOf, searchText, wholeNames, wholeNumbers } from './list-cases.ts';
import { docketTerm, hangulBeginning, nameTerms, numberTerm, tailTerm, wordBeginnings } from './search-terms.rules.ts';
import { readListItems } from './support-case.store.ts';
import type { CaseListItem } from './support-case.store.ts';

export interface CaseSearch {
  /** A name in any script and order, or a number of a case, a partner or a court, whole or in part. */
  readonly text: string;
  /** Whether what looks like an identifier is looked for as one. Only where the text stands in no address. */
  readonly isUnseen?: boolean;
  readonly status?: 'open' | 'closed' | undefined;
  readonly county?: string | undefined;
  readonly among?: readonly string[] | undefined;
  /** `match`, the best first, where something is searched for. */
  readonly sort: { readonly by: CaseSortKey; readonly isDescending: boolean };
  readonly after?: string | undefined;
  readonly pageSize: number;
}

/** Why a case was found: by which kind of number, or which person of it by which of the spellings. */
export interface Match {
  readonly why: MatchReason;
  readonly participantId: string | null;
  /** The partner's number that was meant. */
  readonly number: string | null;
}
export interface SearchedCases {
  readonly items: readonly (CaseListItem & { readonly match: Match | null })[];
  readonly next: string | null;
  /** How many were found before they were narrowed; null where nothing was searched for. */
  readonly matches: number | null;
  /** More match than are looked through. */
  readonly isCut: boolean;
  /** Nothing is written as typed; what begins so is shown. */
  readonly isLoose: boolean;
}

const PAGE_SIZE_MAX = 1_000;
const NUMBER_PART_MIN = 4;
/** As many as one list of the audit record holds. */
const NOTED_AT_ONCE = 50;
export { MATCHES_MAX };

/** Whether a text is an identifier by its form, or holds one, and so belongs into no address. */
export function isIdentifierForm(text: string): boolean {
  return identifierFormsOf(searchText(text)).isCertain || holdsIdentifier(text);
}

/** Whether a text may be an identifier: it is then looked for without standing in an address. */
export function mayBeIdentifier(text: string): boolean {
  const { types, isCertain } = identifierFormsOf(searchText(text));
  return isCertain || types.length > 0 || holdsIdentifier(text);
}

/**
 * Cases by any number or any spelling of a name, and why each was found. That somebody looked for an identifier is written down, never which.
 *
 * @throws AppError `access.forbidden`.
 */
export async function searchCases(ctx: Ctx, search: CaseSearch): Promise<SearchedCases> {
  authorise(ctx, 'cases.view');
  const text = searchText(search.text);
  const size = Math.min(Math.max(1, Math.trunc(search.pageSize)), PAGE_SIZE_MAX);
  const [ways, looser] = text === '' ? [null, []] : waysOf(ctx, text, search.isUnseen ?? false);
  const query: CaseQuery = {
    branches: ways, status: search.status, county: search.county, among: search.among, after: search.after ?? null, limit: size + 1,
    sort: ways === null && search.sort.by === 'match' ? { by: 'number', isDescending: false } : search.sort,
  };
  return inTransaction(ctx, async (tx) => {
    if (search.isUnseen && text !== '') await noteIdentifier(tx, text);
    const strict = await findCases(tx, query);
    const isLoose = strict.matches === 0 && looser.length > 0;
    const found = isLoose ? await findCases(tx, { ...query, branches: looser }) : strict;
    const page = found.ids.slice(0, size);
    const items = await readListItems(tx, page);
    if (text !== '') await noteFound(tx, items);
    const why = await whyOf(tx, items, found, text);
    return { items: items.map((item) => ({ ...item, match: why.get(item.caseId) ?? null })), next: found.ids.length > size ? (page.at(-1) ?? null) : null, matches: found.matches, isCut: found.isCut, isLoose };
  });
}

/** What was typed is a name or a number of a person and stays out of the record; whose names came up does not. */
async function noteFound(tx: TxCtx, items: readonly CaseListItem[]): Promise<void> {
  if (tx.actor.kind === 'system') return;
  for (const county of new Set(items.map((item) => item.county))) {
    const ids = items.filter((item) => item.county === county).map((item) => item.caseId);
    for (let from = 0; from < ids.length; from += NOTED_AT_ONCE) {
      await recordAudit(tx, { action: 'cases.searched', subject: { type: 'list', id: 'cases' }, county, details: { cases: ids.slice(from, from + NOTED_AT_ONCE) } }, { isOncePerHour: true });
    }
  }
}

async function noteIdentifier(tx: TxCtx, text: string): Promise<void> {
  const { types } = identifierFormsOf(text);
  if (types.length > 0) await recordAudit(tx, { action: 'identifier.searched', subject: { type: 'identifier', id: types.join('.').toLowerCase() } });
}

/** How a text is looked for, and how where that finds nothing. A text with a digit is a number of some kind; names have none. */
function waysOf(ctx: Ctx, text: string, isUnseen: boolean): [strict: Branch[], looser: Branch[]] {
  if (!/\p{N}/u.test(text)) return nameWays(text);
  const { types, isCertain } = identifierFormsOf(text);
  if (isCertain && !isUnseen) return [[], []];
  const number = normaliseIdentifier(text);
  const strict: Branch[] = [
    ...wholeNumbers(text),
    ...(isUnseen && types.length > 0 ? [{ why: 'identifier', by: 'lookups', values: lookupsOf(ctx, text, types) } as const] : []),
    ...(number === '' ? [] : [{ why: 'docket', by: 'terms', values: [docketTerm(ctx.keys.lookup, text)] } as const]),
  ];
  const parts: Branch[] = number.length < NUMBER_PART_MIN ? [] : [{ why: 'number_part', by: 'beginnings', values: [numberTerm(text)] }, { why: 'number_part', by: 'beginnings', values: [tailTerm(text)] }];
  return [[...strict, ...parts], []];
}

function nameWays(text: string): [Branch[], Branch[]] {
  const hangul = hangulBeginning(text);
  if (hangul !== null) return [[...(hangul.startsWith('i:') ? [] : wholeNames(text)), { why: 'hangul_part', by: 'beginnings', values: [hangul] }], []];
  const beginnings = wordBeginnings(text);
  return [wholeNames(text), beginnings === null ? [] : [{ why: 'beginning', by: 'beginnings', values: beginnings }]];
}

async function whyOf(tx: TxCtx, items: readonly CaseListItem[], { why }: FoundCases, text: string): Promise<Map<string, Match>> {
  const numbers = [...why.values()].some((one) => one === 'partner_number' || one === 'number_part') ? await readNumbersOf(tx, items.map(({ caseId }) => caseId)) : [];
  const sought = normaliseIdentifier(text);
  const isMeant = (value: string): boolean => normaliseIdentifier(value).startsWith(sought);
  return new Map(items.flatMap((item): [string, Match][] => {
    const reason = why.get(item.caseId);
    if (reason === undefined) return [];
    const byName = !['case_number', 'identifier', 'partner_number', 'docket', 'number_part'].includes(reason);
    const number = byName || reason === 'docket' || reason === 'identifier' ? undefined : numbers.find(({ caseId, value }) => caseId === item.caseId && isMeant(value))?.value;
    return [[item.caseId, { why: reason, participantId: byName ? bearerOf(item, text) : null, number: reason === 'case_number' ? null : (number ?? null) }]];
  }));
}

/** The person of the case whose name is nearest to what was typed. */
function bearerOf(item: CaseListItem, text: string): string | null {
  return scoredPersons(item, text)[0]?.participantId ?? null;
}

function scoredPersons({ participants }: CaseListItem, text: string): { participantId: string; score: number }[] {
  return participants.map(({ participantId, name, native }) => ({ participantId, score: likeness(text, name, native) })).toSorted((a, b) => b.score - a.score);
}

/** Everybody of the case who may be meant by a name: those who are nearest to it, and all where nobody is nearer than others. Nobody where a number was typed. */
export function personsMeant(item: CaseListItem & { readonly match: Match | null }, text: string): string[] {
  if (item.match === null || item.match.participantId === null) return [];
  const hangul = hangulBeginning(searchText(text));
  if (hangul !== null) return item.participants.filter(({ native }) => native !== null && nameTerms({ given: '', family: '', native }).some((term) => term.startsWith(hangul))).map(({ participantId }) => participantId);
  const scored = scoredPersons(item, searchText(text));
  return scored.filter(({ score }) => score === scored[0]?.score).map(({ participantId }) => participantId);
}

function likeness(text: string, name: string, native: string | null): number {
  if (hasHangul(text)) return native !== null && native.includes(text.replace(/\s/gu, '')) ? 2 : 0;
  const words = new Set(text.toLowerCase().split(/\s+/u));
  const [given = '', ...rest] = name.split(' ');
  const shared = name.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').split(/\s+/u).filter((word) => [...words].some((one) => word.startsWith(one.normalize('NFD').replace(/\p{M}/gu, '')))).length;
  return shared + compareNames(text, { given, family: rest.join(' '), native }).score;
}
