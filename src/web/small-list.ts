import type { Sort } from './list.ts';
import { pagingNumbered } from './paging.ts';
import type { Paging } from './paging.ts';
import { queryPage } from './visit.ts';
import type { Visit } from './visit.ts';

type Value = string | number | bigint | null;

/** Lists that are small because somebody keeps them by hand (partners, agreements, programs) are ordered here; ties by the id, what is nothing last. */
export function ordered<Row, Key extends string>(visit: Visit, rows: readonly Row[], { by, isDescending }: Sort<Key>, columns: Readonly<Record<Key, (row: Row) => Value>>, idOf: (row: Row) => string): Row[] {
  const { compare } = new Intl.Collator(visit.language, { numeric: true });
  const direction = isDescending ? -1 : 1;
  const valueOf = columns[by];
  return [...rows].sort((a, b) => {
    const [x, y] = [valueOf(a), valueOf(b)];
    if (x === null || y === null) return x === y ? byId(idOf(a), idOf(b)) : x === null ? 1 : -1;
    const order = typeof x === 'string' || typeof y === 'string' ? compare(String(x), String(y)) : x < y ? -1 : x > y ? 1 : 0;
    return order * direction || byId(idOf(a), idOf(b));
  });
}

const byId = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The page of it that is asked for. */
export function pageOfRows<Row>(visit: Visit, rows: readonly Row[], pageSize: number): { readonly rows: readonly Row[]; readonly paging: Paging } {
  const page = queryPage(visit);
  const from = (page - 1) * pageSize;
  return { rows: rows.slice(from, from + pageSize), paging: pagingNumbered(visit, page, from + pageSize < rows.length) };
}

/** Its lines, for `csvOf`. */
export async function* each<Row>(rows: Iterable<Row>, cells: (row: Row) => readonly string[]): AsyncGenerator<readonly string[]> {
  for (const row of rows) yield cells(row);
}
