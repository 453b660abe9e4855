import type { Finding } from '../../../../../platform/errors.ts';
import type { CsvRecord } from '../csv.rules.ts';
import { columnLetters } from './cell.rules.ts';

/** Headings over several cells: a word above two columns belongs to both, a word in cells merged downwards stands in the lowest of them, too. */

export interface Merge {
  from: { column: number; row: number };
  to: { column: number; row: number };
}

/** Headings stand this high. */
const HEADING_ROW_MAX = 40;

/**
 * Gives the rows below merged cells the headings that they may have (`CsvRecord.headings`), and tells of cells merged downwards further below,
 * whose lower cells are empty however it looks. Whoever finds the heading drops the findings above it.
 */
export function headingsOfMerges(records: readonly CsvRecord[], merges: readonly Merge[], sheet: string): Finding[] {
  const rows = new Map(records.filter(({ line }) => line <= HEADING_ROW_MAX + 1).map((record) => [record.line, record]));
  const findings: Finding[] = [];
  for (const merge of merges) {
    const text = rows.get(merge.from.row)?.cells[merge.from.column] ?? '';
    if (merge.from.row <= HEADING_ROW_MAX && text !== '') {
      lower(rows, merge, text);
      group(rows, merge, text);
    }
    if (merge.to.row > merge.from.row && findings.length < HEADING_ROW_MAX) {
      findings.push({
        code: 'xlsx.merged_cells', severity: 'warn', line: merge.from.row, params: { sheet },
        path: `${columnLetters(merge.from.column)}${merge.from.row}:${columnLetters(merge.to.column)}${merge.to.row}`,
      });
    }
  }
  return findings;
}

function lower(rows: ReadonlyMap<number, CsvRecord>, { from, to }: Merge, text: string): void {
  for (let line = from.row + 1; line <= Math.min(to.row, HEADING_ROW_MAX + 1); line++) {
    const record = rows.get(line);
    if (record && !record.cells[from.column]) offer(record, from.column, text);
  }
}

/** A title over the whole table is no heading of each column: its row says nothing else. */
function group(rows: ReadonlyMap<number, CsvRecord>, { from, to }: Merge, text: string): void {
  const below = rows.get(to.row + 1);
  const said = rows.get(from.row)?.cells.filter((cell) => cell !== '').length ?? 0;
  if (to.column === from.column || !below || said < 2) return;
  for (let column = from.column; column <= to.column; column++) {
    const own = below.cells[column] ?? '';
    if (own !== '') offer(below, column, `${text} ${own}`);
  }
}

function offer(record: CsvRecord, column: number, text: string): void {
  record.headings ??= [];
  (record.headings[column] ??= []).push(text);
}
