import { formatMajor } from '../../platform/money.ts';
import { allPages } from '../list.ts';
import type { Line } from '../list.ts';
import { partnerNameOf } from '../referral-line.ts';
import type { Visit } from '../visit.ts';

/** The partner as lists call it; nothing where there is none. */
export const partnerOf = (visit: Visit, partnerId: string | null): string => (partnerId === null ? '' : partnerNameOf(partnerId, visit, 'short'));

/** An amount in two cells of a file: in major units, without the marks of any language, and its currency. */
export const amountCells = (minor: bigint | number | null, currency: string | null): readonly [string, string] =>
  (minor === null || currency === null ? ['', ''] : [formatMajor(BigInt(minor), currency), currency]);

type Numbered<Row> = { readonly rows: readonly Row[]; readonly total: number; readonly page: number; readonly pageSize: number };

/** The lines of a file, from a list that comes by numbered pages. */
export async function* linesOf<Row>(read: (page: number) => Promise<Numbered<Row>>, cells: (row: Row) => Line): AsyncGenerator<Line> {
  const rows = allPages(async (page) => {
    const found = await read(page);
    return { rows: found.rows, hasNext: found.page * found.pageSize < found.total };
  });
  yield* cellsOf(rows, cells);
}

/** Each record as the line of a file. */
export async function* cellsOf<Row>(rows: AsyncIterable<Row>, cells: (row: Row) => Line): AsyncGenerator<Line> {
  for await (const row of rows) yield cells(row);
}
