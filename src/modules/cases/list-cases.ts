import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { normaliseName, printedNameKeys } from '../../platform/names/index.ts';
import { isCaseId } from './masking.rules.ts';
import { normaliseIdentifier } from './identifier.rules.ts';
import { readCaseIds, readListItems } from './support-case.store.ts';
import type { CaseFilter, CaseListItem } from './support-case.store.ts';

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
  const filter: CaseFilter = { ...searchFilter(ctx, request.search ?? ''), ...(request.status ? { status: request.status } : {}), ...(request.county ? { county: request.county } : {}) };
  return inTransaction(ctx, async (tx) => {
    const ids = await readCaseIds(tx, filter, request.after ?? null, size + 1);
    const page = ids.slice(0, size);
    return { items: await readListItems(tx, page), next: ids.length > size ? (page.at(-1) ?? null) : null };
  });
}

/** The ids of cases in which someone carries this identifier, however it is written. @throws AppError `access.forbidden`. */
export async function findCasesByIdentifier(ctx: Ctx, type: string, value: string): Promise<string[]> {
  authorise(ctx, 'cases.view');
  const lookups = [ctx.keys.lookup(type.toLowerCase(), normaliseIdentifier(value))];
  return inTransaction(ctx, (tx) => readCaseIds(tx, { lookups }, null, PAGE_SIZE_MAX));
}

function searchFilter(ctx: Ctx, search: string): CaseFilter {
  const text = search.normalize('NFC').trim().slice(0, SEARCH_LENGTH_MAX);
  if (text === '') return {};
  const identifier = normaliseIdentifier(text);
  // A text with a digit is a number of some kind; names have none.
  if (/\p{N}/u.test(text)) {
    const upper = text.toUpperCase();
    return {
      ...(isCaseId(upper) ? { caseId: upper } : {}), partnerNumber: text,
      lookups: IDENTIFIER_TYPES.map((type) => ctx.keys.lookup(type, identifier)),
    };
  }
  const words = normaliseName(text).split(' ').filter((word) => word.length > 1);
  const nameKeys = printedNameKeys(text);
  // A text that holds nothing of a name finds nothing, rather than everything.
  return nameKeys.length === 0 && words.length === 0 ? { words: [''] } : { nameKeys, words };
}
