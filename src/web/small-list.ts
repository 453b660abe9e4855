import { csvOf } from './list.ts';
import type { Head, Sort } from './list.ts';
import { namedCsv, namedHeads, namedPagingBehind, namedPlace, namedSort } from './named-list.ts';
import type { Paging } from './paging.ts';
import type { Download, Visit } from './visit.ts';

type Value = string | number | bigint | null;

export interface SmallColumn<Row> {
  readonly key: string;
  readonly label: string;
  readonly isNumber?: boolean;
  /** By what it is ordered; without it the column has no link. */
  readonly by?: (row: Row) => Value;
  /** Of a column in one language, whoever reads it. */
  readonly language?: string;
  /** Stands in the file alone. */
  readonly isFileOnly?: boolean;
  /** What the file says; several for an amount and its currency. */
  readonly cells: (row: Row) => string | readonly string[];
}

/**
 * A list that is small because somebody keeps it by hand (partners, agreements, programs), or that a use case gives as a whole: it is ordered and paged
 * here. Of several on one page each has a name (named-list.ts).
 */
export interface SmallList<Row> {
  readonly name: string;
  readonly file: string;
  readonly rows: readonly Row[];
  readonly columns: readonly SmallColumn<Row>[];
  readonly usual: Sort;
  readonly idOf: (row: Row) => string;
  readonly pageSize?: number;
}

export interface ShownSmallList<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  readonly heads: readonly Head[];
  /** The same for cards, without columns. */
  readonly orders: readonly Head[];
  readonly paging: Paging;
  readonly csv: string;
}

const PAGE_SIZE = 50;

const sortAsked = <Row>(visit: Visit, { name, columns, usual }: SmallList<Row>): Sort => namedSort(visit, name, columns.flatMap(({ key, by }) => (by === undefined ? [] : [key])), usual);

function ordered<Row>(visit: Visit, list: SmallList<Row>, { by, isDescending }: Sort): Row[] {
  const column = list.columns.find(({ key }) => key === by);
  const { compare } = new Intl.Collator(column?.language ?? visit.language, { numeric: true });
  const direction = isDescending ? -1 : 1;
  const valueOf = column?.by ?? (() => null);
  return list.rows.map((row) => ({ row, value: valueOf(row), id: list.idOf(row) })).sort((a, b) => {
    const byId = a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
    // What is nothing stands last whichever way.
    if (a.value === null || b.value === null) return a.value === b.value ? byId : a.value === null ? 1 : -1;
    const order = typeof a.value === 'string' || typeof b.value === 'string' ? compare(String(a.value), String(b.value)) : a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
    return order * direction || byId;
  }).map(({ row }) => row);
}

/** The page of it that is asked for, with the headings and addresses of the parts `heads` or `orders`, `pages` and `csv`. */
export function smallList<Row>(visit: Visit, list: SmallList<Row>): ShownSmallList<Row> {
  const [sort, pageSize] = [sortAsked(visit, list), list.pageSize ?? PAGE_SIZE];
  const [all, place] = [ordered(visit, list, sort), namedPlace(visit, list.name)];
  const page = Math.min(place.page, Math.max(1, Math.ceil(all.length / pageSize)));
  // A page begins behind the last row of the one before, wherever that row stands now.
  const behind = place.after === '' ? 0 : all.findIndex((row) => list.idOf(row) === place.after) + 1;
  const from = behind > 0 ? behind : (page - 1) * pageSize;
  const rows = all.slice(from, from + pageSize);
  const last = rows.at(-1);
  const next = last !== undefined && from + pageSize < all.length ? list.idOf(last) : null;
  const heads = namedHeads(visit, list.name, list.columns.filter(({ isFileOnly }) => isFileOnly !== true).map(({ key, label, isNumber = false, by }) => ({ label, isNumber, ...(by === undefined ? {} : { sort: key }) })), sort);
  return {
    rows, total: list.rows.length, heads, orders: heads.filter(({ href }) => href !== null),
    paging: namedPagingBehind(visit, list.name, { page, next }), csv: namedCsv(visit, list.name),
  };
}

/** All rows in the order of the screen, for a file with columns of its own. */
export const smallRows = <Row>(visit: Visit, list: SmallList<Row>): readonly Row[] => ordered(visit, list, sortAsked(visit, list));

/** The whole list as a file, in the order of the screen. */
export function smallCsv<Row>(visit: Visit, list: SmallList<Row>): Promise<Download> {
  const sort = sortAsked(visit, list);
  const heads = list.columns.flatMap(({ label, cells, isNumber }) => (isNumber === true && list.rows[0] !== undefined && Array.isArray(cells(list.rows[0])) ? [label, visit.t('clerk:csv.currency')] : [label]));
  return csvOf(visit, list.file, heads, lines(ordered(visit, list, sort), list));
}

async function* lines<Row>(rows: readonly Row[], { columns }: SmallList<Row>): AsyncGenerator<readonly string[]> {
  for (const row of rows) yield columns.flatMap(({ cells }) => cells(row));
}
