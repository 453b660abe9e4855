import type { Visit } from './visit.ts';

/** Where the other pages of a list are; null where there is none. */
export interface Paging {
  previous: string | null;
  /** Lists that are read forward from a place know only their beginning, not the page before. */
  previousIsFirst: boolean;
  next: string | null;
  here: string | null;
}

/** The address of this page with some of its query replaced; an empty value takes a part away. What leads to another page of a list leads away from where this one begins. */
export function addressWith(visit: Visit, changes: Record<string, string>): string {
  const url = new URL(visit.req.originalUrl, 'http://here');
  url.searchParams.delete('done');
  for (const name of Object.keys(changes)) if (/(^|_)page$/.test(name)) url.searchParams.delete(name.replace(/page$/, 'after'));
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url.pathname.replace(/^\/+/, '/') + url.search;
}

/** For lists that are read forward from a place (`after`). */
export function pagingAfter(visit: Visit, after: string, next: string | null): Paging {
  return {
    previous: after === '' ? null : addressWith(visit, { after: '' }),
    previousIsFirst: true,
    next: next === null ? null : addressWith(visit, { after: next }),
    here: null,
  };
}

/** For lists whose pages are numbered and begin behind the last row of the page before: what is added or taken away meanwhile moves no row from one page to another. */
export function pagingBehind(visit: Visit, { page, next }: { readonly page: number; readonly next: string | null }): Paging {
  const numbered = pagingNumbered(visit, page, next !== null);
  return next === null ? numbered : { ...numbered, next: addressWith(visit, { page: String(page + 1), after: next }) };
}

/** For lists with numbered pages. */
export function pagingNumbered(visit: Visit, page: number, hasNext: boolean): Paging {
  return {
    previous: page > 1 ? addressWith(visit, { page: page === 2 ? '' : String(page - 1) }) : null,
    previousIsFirst: false,
    next: hasNext ? addressWith(visit, { page: String(page + 1) }) : null,
    here: visit.t('web:paging.here', { page: visit.format.number(page) }),
  };
}
