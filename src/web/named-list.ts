import { wantsCsv } from './list.ts';
import type { Column, Head, Sort } from './list.ts';
import { addressWith } from './paging.ts';
import type { Paging } from './paging.ts';
import { queryText } from './visit.ts';
import type { Visit } from './visit.ts';

/**
 * Several lists on one page: each has a name, which keeps their orders, pages and files apart in the address (`?rests_sort=-amount&rests_page=2`) and is
 * the id of its heading, to which the address leads. The list without a name is the page's own (list.ts).
 */
const fieldOf = (name: string, what: 'sort' | 'page' | 'after'): string => (name === '' ? what : `${name}_${what}`);
const at = (visit: Visit, name: string, changes: Record<string, string>): string => `${addressWith(visit, changes)}${name === '' ? '' : `#${name}`}`;

export function namedSort<Key extends string>(visit: Visit, name: string, keys: readonly Key[], usual: Sort<Key>): Sort<Key> {
  const text = queryText(visit, fieldOf(name, 'sort'), 40);
  const by = keys.find((key) => key === text.replace(/^-/, ''));
  return by === undefined ? usual : { by, isDescending: text.startsWith('-') };
}

export function namedHeads<Key extends string>(visit: Visit, name: string, columns: readonly Column<Key>[], sort: Sort<Key>): Head[] {
  return columns.map(({ label, sort: key, isNumber = false }) => {
    if (key === undefined) return { label, isNumber, href: null, order: null };
    const isHere = key === sort.by;
    const href = at(visit, name, { [fieldOf(name, 'sort')]: isHere && !sort.isDescending ? `-${key}` : key, [fieldOf(name, 'page')]: '' });
    return { label, isNumber, href, order: isHere ? (sort.isDescending ? 'descending' : 'ascending') : 'none' };
  });
}

/** The page of this list that is asked for; anything strange is the first. */
export function namedPage(visit: Visit, name: string): number {
  const text = queryText(visit, fieldOf(name, 'page'), 7);
  return /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 1;
}

/** The same, with the row behind which the page begins. */
export function namedPlace(visit: Visit, name: string): { readonly page: number; readonly after: string } {
  return { page: namedPage(visit, name), after: queryText(visit, fieldOf(name, 'after'), 200) };
}

/** The pages of a list that begin behind the last row of the page before (paging.ts, `pagingBehind`). */
export function namedPagingBehind(visit: Visit, name: string, { page, next }: { readonly page: number; readonly next: string | null }): Paging {
  const numbered = namedPaging(visit, name, page, next !== null);
  return next === null ? numbered : { ...numbered, next: at(visit, name, { [fieldOf(name, 'page')]: String(page + 1), [fieldOf(name, 'after')]: next }) };
}

export function namedPaging(visit: Visit, name: string, page: number, hasNext: boolean): Paging {
  const to = (number: number): string => at(visit, name, { [fieldOf(name, 'page')]: number === 1 ? '' : String(number) });
  return { previous: page > 1 ? to(page - 1) : null, previousIsFirst: false, next: hasNext ? to(page + 1) : null, here: visit.t('web:paging.here', { page: visit.format.number(page) }) };
}

export const namedCsv = (visit: Visit, name: string): string => addressWith(visit, { as: 'csv', list: name, [fieldOf(name, 'page')]: '' });

/** Whether this list of the page is asked for as a file. */
export const wantsNamedCsv = (visit: Visit, name: string): boolean => wantsCsv(visit) && queryText(visit, 'list', 40) === name;
