import { Readable } from 'node:stream';
import { listedKeys, noteListExported, noteListShown } from '../modules/audit/index.ts';
import type { ListedThing } from '../modules/audit/index.ts';
import { recordForPeople } from '../modules/payments/index.ts';
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

/** A line of a file, and of whom it tells. */
export interface Telling {
  readonly cells: readonly string[];
  readonly of: ListedThing;
}
export type Line = readonly string[] | Telling;

/** A line that tells of a case, or of something that belongs to one or will: who saw a person in a list is asked later (`/who-saw`). */
export const telling = (cells: readonly string[], of: ListedThing): Telling => ({ cells, of });

/** Writes down of whom this page of a list tells, before it is shown; the same page to the same person once an hour. */
export const noteShown = <Row>({ ctx }: Visit, list: string, rows: readonly Row[], of: (row: Row) => ListedThing): Promise<void> => noteListShown(ctx, list, rows.map(of));

/** So many lines are read, written down and then handed out at a time. */
const PART_LINES = 5_000;

interface Part {
  readonly lines: readonly Line[];
  readonly isLast: boolean;
}

/**
 * The list as a file for a spreadsheet: UTF-8 with its mark, CRLF, headings in the reader's language, no cell that a spreadsheet
 * would compute. That it is handed out is written down first, with the list's name and whom its lines tell of, part by part.
 * @param lines one for each record, in the order of the screen; read while the file is sent. A line that names a person or a case is `telling`.
 */
export async function csvOf(visit: Visit, name: string, heads: readonly string[], lines: AsyncIterable<Line>): Promise<Download> {
  // The use case authorises when it is first asked for lines: a refusal is answered as one, and nothing is said to have been handed out.
  const begun = lines[Symbol.asyncIterator]();
  const first = await partOf(begun);
  const note = ({ lines: some }: Part, part: number): Promise<void> =>
    noteListExported(visit.ctx, { list: name, part, lines: some.length, keys: some.flatMap((line) => ('of' in line ? listedKeys(line.of) : [])) });
  await note(first, 1);
  return {
    kind: 'download', bytes: Readable.from(written(heads, allParts(first, begun, note), visit.t('web:list.cut_off', { count: CSV_LINES_MAX })), { objectMode: false }),
    type: 'text/csv; charset=utf-8', fileName: `${name}.csv`, isInline: false,
  };
}

async function partOf(lines: AsyncIterator<Line>): Promise<Part> {
  const read: Line[] = [];
  while (read.length < PART_LINES) {
    const next = await lines.next();
    if (next.done === true) return { lines: read, isLast: true };
    read.push(next.value);
  }
  return { lines: read, isLast: false };
}

async function* allParts(first: Part, lines: AsyncIterator<Line>, note: (part: Part, number: number) => Promise<void>): AsyncGenerator<Part> {
  let part = first;
  for (let number = 2; ; number += 1) {
    yield part;
    if (part.isLast) return;
    part = await partOf(lines);
    if (number * PART_LINES <= CSV_LINES_MAX && part.lines.length > 0) await note(part, number);
  }
}

async function* written(heads: readonly string[], parts: AsyncIterable<Part>, cutOff: string): AsyncGenerator<string> {
  yield `\uFEFF${recordForPeople(heads)}\r\n`;
  let count = 0;
  for await (const { lines } of parts) {
    if (count >= CSV_LINES_MAX && lines.length > 0) return void (yield `${recordForPeople([cutOff])}\r\n`);
    count += lines.length;
    if (lines.length > 0) yield lines.map((line) => `${recordForPeople('of' in line ? line.cells : line)}\r\n`).join('');
  }
}

/** All lines of a list whose pages begin behind the last row of the page before, for `csvOf`. */
export async function* everyPage<Row>(read: (place: { readonly page: number; readonly after: string }) => Promise<{ readonly rows: readonly Row[]; readonly next: string | null }>): AsyncGenerator<Row> {
  for (let page = 1, after: string | null = ''; after !== null; page += 1) {
    const found: { readonly rows: readonly Row[]; readonly next: string | null } = await read({ page, after });
    yield* found.rows;
    after = found.next;
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
