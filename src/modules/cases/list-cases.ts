import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { printedNameKeys } from '../../platform/names/index.ts';
import { isCaseId } from './masking.rules.ts';
import { normaliseIdentifier } from './identifier.rules.ts';
import { findCases } from './case-search.store.ts';
import type { Branch } from './case-search.store.ts';
import { wordsOf } from './search-terms.rules.ts';
import { readListItems } from './support-case.store.ts';
import type { CaseListItem } from './support-case.store.ts';

export interface CaseListRequest {
  /** A case number, a partner's number, an identifier with or without hyphens, or a name in any script. */
  search?: string;
  status?: 'open' | 'closed';
  county?: string;
  /** The last case id of the page before. */
  after?: string;
  pageSize?: number;
}
export interface CaseList { items: CaseListItem[]; /** Where the next page starts; null on the last. */ next: string | null }

const PAGE_SIZE = 50;
const PAGE_SIZE_MAX = 200;
const SEARCH_LENGTH_MAX = 200;
// A program reads all pages, and nobody waits for it.
const PROGRAMS_MATCHES_MAX = 100_000;
const IDENTIFIER_TYPES = ['ssn', 'itin', 'curp', 'rfc', 'ine', 'rrn', 'arn', 'passport'];

/**
 * The cases that the actor may see, page by page, by case number. A search by identifier finds it by its keyed hash; one by
 * name finds every usual spelling. The list itself shows no identifier and no address.
 *
 * @throws AppError `access.forbidden`.
 */
export async function listCases(ctx: Ctx, request: CaseListRequest = {}): Promise<CaseList> {
  authorise(ctx, 'cases.view');
  const size = Math.min(Math.max(1, Math.trunc(request.pageSize ?? PAGE_SIZE)), PAGE_SIZE_MAX);
  const { status, county, after = null } = request;
  return inTransaction(ctx, async (tx) => {
    const { ids } = await findCases(tx, { branches: waysOf(ctx, request.search ?? ''), status, county, after, limit: size + 1, matchesMax: PROGRAMS_MATCHES_MAX, sort: { by: 'number', isDescending: false } });
    const page = ids.slice(0, size);
    return { items: await readListItems(tx, page), next: ids.length > size ? (page.at(-1) ?? null) : null };
  });
}

/** The ids of cases in which someone carries this identifier, however it is written. @throws AppError `access.forbidden`. */
export async function findCasesByIdentifier(ctx: Ctx, type: string, value: string): Promise<string[]> {
  authorise(ctx, 'cases.view');
  const values = lookupsOf(ctx, value, [type]);
  return inTransaction(ctx, async (tx) => [...(await findCases(tx, { branches: [{ why: 'identifier', by: 'lookups', values }], after: null, limit: PAGE_SIZE_MAX, sort: { by: 'number', isDescending: false } })).ids]);
}

/** The ways of a search by a program: whole numbers and names, nothing that only begins alike. */
function waysOf(ctx: Ctx, search: string): Branch[] | null {
  const text = searchText(search);
  if (text === '') return null;
  return /\p{N}/u.test(text) ? [...wholeNumbers(text), { why: 'identifier', by: 'lookups', values: lookupsOf(ctx, text, IDENTIFIER_TYPES) }] : wholeNames(text);
}

/** What was typed, in one form and of a length that names and numbers have. */
export function searchText(search: string): string {
  return search.normalize('NFC').trim().slice(0, SEARCH_LENGTH_MAX);
}

export function wholeNumbers(text: string): Branch[] {
  const upper = text.toUpperCase();
  return [...(isCaseId(upper) ? [{ why: 'case_number', by: 'case', value: upper } as const] : []), { why: 'partner_number', by: 'partner_number', value: text }];
}

export function wholeNames(text: string): Branch[] {
  const [words, keys] = [wordsOf(text), printedNameKeys(text)];
  return [...(words.length > 0 ? [{ why: 'words', by: 'terms', values: words.map((word) => `w:${word}`) } as const] : []), ...(keys.length > 0 ? [{ why: 'sound', by: 'name_keys', values: keys } as const] : [])];
}

export function lookupsOf(ctx: Ctx, text: string, types: readonly string[]): Buffer[] {
  const identifier = normaliseIdentifier(text);
  return types.map((type) => ctx.keys.lookup(type.toLowerCase(), identifier));
}
