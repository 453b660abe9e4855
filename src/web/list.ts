import { Readable } from 'node:stream';
import { recordAudit } from '../modules/audit/index.ts';
import { recordForPeople } from '../modules/payments/index.ts';
import { inTransaction } from '../platform/context.ts';
import { addressWith } from './paging.ts';
import { queryText } from './visit.ts';
import type { Download, Visit } from './visit.ts';

/** By what a list is sorted; ties are always broken by the id, so that pages are stable. */
export interface Sort<Key extends string = string> {
  readonly by: Key;
  readonly isDescending: boolean;
}

/** What the heading of a column shows: its words, and the address that sorts by it, where it can be sorted by. */
export interface Head {
  readonly label: string;
  readonly isNumber: boolean;
  readonly href: string | null;
  /** For `aria-sort`; null where the list cannot be sorted by this column. */
  readonly order: 'ascending' | 'descending' | 'none' | null;
}

export interface Column<Key extends string = string> {
  readonly label: string;
  /** The key to sort by; without it the column has no link. */
  readonly sort?: Key;
  readonly isNumber?: boolean;
}

/** `?sort=due` or `?sort=-due`, if it is one of the keys; anything else is the usual order. */
export function sortOf<Key extends string>(visit: Visit, keys: readonly Key[], usual: Sort<Key>): Sort<Key> {
  const text = queryText(visit, 'sort', 40);
  const by = keys.find((key) => key === text.replace(/^-/, ''));
  return by === undefined ? usual : { by, isDescending: text.startsWith('-') };
}

/** Headings of a table for the part `/parts/heads`. Choosing a column anew begins at its first page. */
export function headsOf<Key extends string>(visit: Visit, columns: readonly Column<Key>[], sort: Sort<Key>): Head[] {
  return columns.map(({ label, sort: key, isNumber = false }) => {
    if (key === undefined) return { label, isNumber, href: null, order: null };
    const isHere = key === sort.by;
    const href = addressWith(visit, { sort: isHere && !sort.isDescending ? `-${key}` : key, page: '', after: '' });
    return { label, isNumber, href, order: isHere ? (sort.isDescending ? 'descending' : 'ascending') : 'none' };
  });
}

/** Whether this list is asked for as a file for a spreadsheet: the same address with `as=csv`. */
export function wantsCsv(visit: Visit): boolean {
  return queryText(visit, 'as', 8) === 'csv';
}

/** The address of this list, with its filters and order, as a file for a spreadsheet; for the part `/parts/csv`. */
export function csvAddress(visit: Visit): string {
  return addressWith(visit, { as: 'csv', page: '', after: '' });
}

/** More lines than this no list hands out at once; the last line of the file then says so. */
export const CSV_LINES_MAX = 100_000;

/**
 * The list as a file for a spreadsheet: UTF-8 with its mark, CRLF, headings in the reader's language, no cell that a spreadsheet
 * would compute. That it was handed out is written down first, with the list's name.
 * @param lines one for each record, in the order of the screen; read while the file is sent.
 */
export async function csvOf(visit: Visit, name: string, heads: readonly string[], lines: AsyncIterable<readonly string[]>): Promise<Download> {
  // The use case authorises when it is first asked for lines: a refusal is answered as one, and nothing is said to have been handed out.
  const begun = lines[Symbol.asyncIterator]();
  const first = await begun.next();
  await inTransaction(visit.ctx, (tx) => recordAudit(tx, { action: 'list.exported', subject: { type: 'list', id: name } }));
  return {
    kind: 'download', bytes: Readable.from(written(heads, resumed(first, begun), visit.t('web:list.cut_off', { count: CSV_LINES_MAX })), { objectMode: false }),
    type: 'text/csv; charset=utf-8', fileName: `${name}.csv`, isInline: false,
  };
}

async function* resumed<Line>(first: IteratorResult<Line>, rest: AsyncIterator<Line>): AsyncGenerator<Line> {
  for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
}

async function* written(heads: readonly string[], lines: AsyncIterable<readonly string[]>, cutOff: string): AsyncGenerator<string> {
  yield `\uFEFF${recordForPeople(heads)}\r\n`;
  let count = 0;
  for await (const line of lines) {
    count += 1;
    if (count > CSV_LINES_MAX) return void (yield `${recordForPeople([cutOff])}\r\n`);
    yield `${recordForPeople(line)}\r\n`;
  }
}

/** All lines of a list that a use case gives by numbered pages, for `csvOf`. */
export async function* allPages<Row>(read: (page: number) => Promise<{ readonly rows: readonly Row[]; readonly hasNext: boolean }>): AsyncGenerator<Row> {
  for (let page = 1, isMore = true; isMore; page += 1) {
    const { rows, hasNext } = await read(page);
    yield* rows;
    isMore = hasNext && rows.length > 0;
  }
}
