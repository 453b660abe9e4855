import type { TxCtx } from '../../platform/context.ts';

/** Why a case was found; also the order in which what was found is shown. */
export type MatchReason = 'case_number' | 'identifier' | 'partner_number' | 'docket' | 'number_part' | 'words' | 'sound' | 'hangul_part' | 'beginning';

/** One way of looking for cases; each has its own index. */
export type Branch = { readonly why: MatchReason } & (
  | { readonly by: 'case'; readonly value: string }
  | { readonly by: 'partner_number'; readonly value: string }
  | { readonly by: 'lookups'; readonly values: readonly Buffer[] }
  | { readonly by: 'name_keys'; readonly values: readonly string[] }
  /** Cases that have all of these terms. */
  | { readonly by: 'terms'; readonly values: readonly string[] }
  /** Cases that have, for each of these, a term that begins with it. */
  | { readonly by: 'beginnings'; readonly values: readonly string[] });

export type CaseSortKey = 'match' | 'number' | 'name' | 'opened';
export interface CaseQuery {
  /** Null asks for all cases; none of no ways finds nothing. */
  readonly branches: readonly Branch[] | null;
  readonly status?: 'open' | 'closed' | undefined;
  readonly county?: string | undefined;
  /** Only among these. */
  readonly among?: readonly string[] | undefined;
  readonly sort: { readonly by: CaseSortKey; readonly isDescending: boolean };
  /** The last case of the page before. */
  readonly after: string | null;
  readonly limit: number;
  /** So many matches of one way are looked at; `MATCHES_MAX` where a person waits. */
  readonly matchesMax?: number;
}
export interface FoundCases {
  readonly ids: readonly string[];
  readonly why: ReadonlyMap<string, MatchReason>;
  /** How many were found before they were narrowed; null where all cases are listed. */
  readonly matches: number | null;
  /** More were found than are looked through. */
  readonly isCut: boolean;
}

/** So many matches of one way are looked at; who finds more is asked for another word. */
export const MATCHES_MAX = 2_000;
/** So many terms that begin alike are tried against the other words. */
const TRIED_MAX = 4_000;
const LAST_CHARACTER = '\u{10FFFF}';

type Bind = (value: unknown) => string;

/**
 * The cases that a search finds, page by page. All ways are gone one after another, each bounded, as the commonest name must not take
 * longer than any other; then the cases found are narrowed and sorted, ties by the case number.
 */
export async function findCases(ctx: TxCtx, query: CaseQuery): Promise<FoundCases> {
  const values: unknown[] = [ctx.actor.agency];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const own = ctx.actor.counties;
  // Who works for one county reads along its own index rather than past everybody else's cases.
  const county = query.county ?? (own !== 'all' && own.length === 1 ? own[0] : undefined);
  const conditions = ['c.agency_id = $1', ...narrowed({ ...query, county }, bind)];
  const { branches, sort, matchesMax = MATCHES_MAX } = query;
  if (branches === null) {
    const rows = await ctx.tx.query<{ case_id: string }[]>(
      `select c.case_id from support_cases c where ${[...conditions, ...continued(query, 'support_cases', bind)].join(' and ')} order by ${orderOf(sort)} limit ${bind(query.limit)}`, values);
    return { ids: rows.map((row) => row.case_id), why: new Map(), matches: null, isCut: false };
  }
  if (branches.length === 0) return { ids: [], why: new Map(), matches: 0, isCut: false };
  const found = branches.map((branch, rank) => `(select f.case_id, ${rank} as rank from (${statementOf(branch, bind)}) f limit ${matchesMax + 1})`);
  const rows = await ctx.tx.query<{ case_id: string | null; rank: number; matches: number; largest: number }[]>(
    `with found as materialized (${found.join(' union all ')}), m as materialized (select case_id, min(rank) as rank from found group by case_id),
     page as (select c.case_id, m.rank from m join support_cases c on c.agency_id = $1 and c.case_id = m.case_id
       where ${[...conditions, ...continued(query, 'm', bind)].join(' and ')} order by ${orderOf(sort)} limit ${bind(query.limit)})
     select page.case_id, page.rank, (select count(*)::int from m) as matches, (select coalesce(max(n), 0)::int from (select count(*) as n from found group by rank) x) as largest
       from (select) one left join page on true`, values);
  const why = new Map(rows.flatMap((row) => (row.case_id === null ? [] : [[row.case_id, branches[row.rank]?.why ?? 'words'] as const])));
  return { ids: [...why.keys()], why, matches: rows[0]?.matches ?? 0, isCut: (rows[0]?.largest ?? 0) > matchesMax };
}

function narrowed({ status, county, among }: CaseQuery, bind: Bind): string[] {
  return [
    ...(status === undefined ? [] : [`c.status = ${bind(status)}`]), ...(county === undefined ? [] : [`c.county = ${bind(county)}`]),
    ...(among === undefined ? [] : [`c.case_id = any(${bind(among)}::text[])`]),
  ];
}

const COLUMNS: Readonly<Record<CaseSortKey, string>> = { match: 'm.rank', number: 'c.case_id', name: 'c.sort_name', opened: 'c.opened_on' };

function orderOf({ by, isDescending }: CaseQuery['sort']): string {
  const direction = isDescending ? ' desc' : '';
  return by === 'number' ? `c.case_id${direction}` : `${COLUMNS[by]}${direction}, c.case_id${direction}`;
}

/** Reads on behind a case: its place in the order is looked up, so that an address carries nothing but a number. */
function continued({ after, sort }: CaseQuery, from: 'm' | 'support_cases', bind: Bind): string[] {
  if (after === null) return [];
  const [sign, place] = [sort.isDescending ? '<' : '>', bind(after)];
  if (sort.by === 'number') return [`c.case_id ${sign} ${place}`];
  const column = COLUMNS[sort.by];
  const here = sort.by === 'match' ? `select m.rank, m.case_id from ${from} m where m.case_id = ${place}` : `select ${column}, c.case_id from support_cases c where c.agency_id = $1 and c.case_id = ${place}`;
  return [`(${column}, c.case_id) ${sign} (${here})`];
}

function statementOf(branch: Branch, bind: Bind): string {
  switch (branch.by) {
    case 'case': return `select x.case_id from support_cases x where x.agency_id = $1 and x.case_id = ${bind(branch.value)}`;
    case 'partner_number': return `select distinct x.case_id from partner_case_numbers x where x.agency_id = $1 and x.value = ${bind(branch.value)}`;
    case 'lookups': return `select distinct x.case_id from case_identifiers x where x.agency_id = $1 and x.lookup = any(${bind(branch.values)})`;
    case 'name_keys': return `select x.case_id from case_name_keys x where x.agency_id = $1 and x.name_key = any(${bind(branch.values)})`;
    case 'terms': return branch.values.map((term, i) => (i === 0 ? `select t0.case_id from case_search_terms t0` : `join case_search_terms t${i} on t${i}.agency_id = $1 and t${i}.case_id = t0.case_id and t${i}.term = ${bind(term)}`))
      .join(' ') + ` where t0.agency_id = $1 and t0.term = ${bind(branch.values[0])}`;
    case 'beginnings': return beginnings(branch.values, bind);
  }
}

const beginsWith = (alias: string, beginning: string, bind: Bind): string => `${alias}.term >= ${bind(beginning)} and ${alias}.term < ${bind(beginning + LAST_CHARACTER)}`;

function beginnings([first = '', ...others]: readonly string[], bind: Bind): string {
  const also = others.map((other) => `and exists (select from case_search_terms o where o.agency_id = $1 and o.case_id = b.case_id and ${beginsWith('o', other, bind)})`);
  return `select b.case_id from (select x.case_id from case_search_terms x where x.agency_id = $1 and ${beginsWith('x', first, bind)} limit ${TRIED_MAX}) b where true ${also.join(' ')}`;
}

/** Numbers of partners of these cases, to say which of them was meant. */
export async function readNumbersOf(ctx: TxCtx, caseIds: readonly string[]): Promise<{ caseId: string; value: string }[]> {
  return ctx.tx.query<{ caseId: string; value: string }[]>(
    'select distinct case_id as "caseId", value from partner_case_numbers where agency_id = $1 and case_id = any($2) order by 1, 2', [ctx.actor.agency, caseIds]);
}

/**
 * Cases that came in before there were terms, with their encrypted records; a name to sort by came with them. Locked until their terms are there;
 * those that an import is changing right now get theirs from it.
 */
export async function findWithoutTerms(ctx: TxCtx, after: string, limit: number): Promise<{ caseId: string; version: number; body: Buffer }[]> {
  return ctx.tx.query<{ caseId: string; version: number; body: Buffer }[]>(
    `select c.case_id as "caseId", c.version, v.body_encrypted as body from support_cases c
       join support_case_versions v on v.agency_id = c.agency_id and v.case_id = c.case_id and v.version = c.version
      where c.agency_id = $1 and c.sort_name = '' and c.case_id > $2
        and not exists (select from case_search_terms t where t.agency_id = c.agency_id and t.case_id = c.case_id)
      order by c.case_id limit $3 for update of c skip locked`, [ctx.actor.agency, after, limit]);
}

export interface NewTerms { readonly caseId: string; readonly county: string; readonly terms: readonly string[] }

/** What more these cases are found by. */
export async function addTerms(ctx: TxCtx, cases: readonly NewTerms[]): Promise<void> {
  const rows = cases.flatMap(({ caseId, county, terms }) => terms.map((term) => ({ term, caseId, county })));
  if (rows.length === 0) return;
  await ctx.tx.query(
    'insert into case_search_terms (agency_id, term, case_id, county) select $1, t, i, c from unnest($2::text[], $3::text[], $4::text[]) x (t, i, c) on conflict do nothing',
    [ctx.actor.agency, rows.map(({ term }) => term), rows.map(({ caseId }) => caseId), rows.map(({ county }) => county)]);
}

/** By what these cases are sorted. */
export async function setSortNames(ctx: TxCtx, names: readonly { readonly caseId: string; readonly sortName: string }[]): Promise<void> {
  const caseIds = names.map(({ caseId }) => caseId);
  await ctx.tx.query(
    `update support_cases c set sort_name = x.n from unnest($2::text[], $3::text[]) x (i, n) where c.agency_id = $1 and c.case_id = any($2) and c.case_id = x.i`,
    [ctx.actor.agency, caseIds, names.map(({ sortName }) => sortName)]);
}
