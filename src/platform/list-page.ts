import type { TxCtx } from './context.ts';
import { orderBy } from './list-order.ts';
import type { ListOrder } from './list-order.ts';

/** Which page of a list is asked for. */
export interface PageAsked {
  readonly page?: number | undefined;
  readonly pageSize?: number | undefined;
  /** The id of the last row that was seen: the page begins behind it, whatever was added or taken away meanwhile. */
  readonly after?: string | undefined;
}

/** Where a page begins, and how many rows are read: one more than are shown, which tells whether there are more. */
export interface Place {
  readonly after: string | null;
  readonly offset: number;
  readonly limit: number;
}

export interface ListPage<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
  /** Behind which id the next page begins; null where this one is the last. */
  readonly next: string | null;
}

/** The page asked for, within the sizes that this list allows. */
export async function pageOf<Row>(
  { page = 1, pageSize, after }: PageAsked, sizes: { readonly usual: number; readonly most: number }, read: (place: Place) => Promise<{ readonly rows: readonly Row[]; readonly total: number }>, idOf: (row: Row) => string,
): Promise<ListPage<Row>> {
  const size = Math.min(Math.max(Math.trunc(pageSize ?? sizes.usual), 1), sizes.most);
  const number = Math.max(Math.trunc(page), 1);
  const place: Place = after === undefined || after === '' ? { after: null, offset: (number - 1) * size, limit: size + 1 } : { after, offset: 0, limit: size + 1 };
  const { rows, total } = await read(place);
  const last = rows.length > size ? rows[size - 1] : undefined;
  return { rows: rows.slice(0, size), total, page: number, pageSize: size, next: last === undefined ? null : idOf(last) };
}

/** The same page with each of its rows made into something else. */
export const pageWith = <Row, Shown>(page: ListPage<Row>, shown: (row: Row) => Shown): ListPage<Shown> => ({ ...page, rows: page.rows.map(shown) });

/** A list in the database. Everything here is written in a store; what a request asks for stands in `values` alone. */
export interface StoredList<Key extends string> {
  readonly columns: string;
  readonly from: string;
  /** What narrows it, beside the agency. */
  readonly where: string;
  /** For `from` and `where`, from `$1` on; the agency is the first. */
  readonly values: readonly unknown[];
  readonly agency: string;
  readonly order: Readonly<Record<Key, string>>;
  /** Of one row alone, and not null; ties are broken by it. */
  readonly id: string;
}

/** One page of a list, and how many rows all its pages have. */
export async function selectPage<Row extends object, Key extends string>(ctx: TxCtx, list: StoredList<Key>, order: ListOrder<Key>, place: Place): Promise<{ rows: Row[]; total: number }> {
  const rows = await selectRows<Row, Key>(ctx, list, order, place);
  const [counted] = await ctx.tx.query<{ total: string }[]>(`select count(*) as total from ${list.from} where ${list.agency} = $1 and ${list.where}`, [...list.values]);
  return { rows, total: Number(counted?.total ?? 0) };
}

/** One page of a list that is counted otherwise. */
export async function selectRows<Row extends object, Key extends string>(ctx: TxCtx, list: StoredList<Key>, order: ListOrder<Key>, { after, offset, limit }: Place): Promise<Row[]> {
  const { columns, from, where, values, agency, id } = list;
  const count = values.length;
  return ctx.tx.query<Row[]>(
    `with page_place as materialized (select ${list.order[order.by]} as page_at, ${id} as page_id from ${from} where ${agency} = $1 and ${id} = $${count + 1}::text)
     select ${columns} from ${from} where ${agency} = $1 and ${where} and ${isBehind(list.order[order.by], id, order.isDescending)}
      order by ${orderBy(list.order, order, id)} offset $${count + 2} limit $${count + 3}`, [...values, after, offset, limit]);
}

/** Behind the row `page_place`, where what is nothing stands last; everything, where there is no such row. */
function isBehind(column: string, id: string, isDescending: boolean): string {
  const beyond = isDescending ? '<' : '>';
  return `(not exists (select from page_place) or exists (select from page_place p where case when p.page_at is null then ${column} is null and ${id} ${beyond} p.page_id
    else ${column} is null or ${column} ${beyond} p.page_at or (${column} = p.page_at and ${id} ${beyond} p.page_id) end))`;
}
