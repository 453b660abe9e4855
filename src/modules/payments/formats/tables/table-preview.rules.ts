import type { FileDialect } from '../../../partners/index.ts';
import { columnsByHeading } from './columns.rules.ts';
import type { Columns } from './columns.rules.ts';
import type { Delimiter } from './csv.rules.ts';
import { findHeading, HEADING_ROWS_MAX, kindsOf } from './heading.rules.ts';
import type { PartnerLayout } from './heading.rules.ts';
import type { PaymentKind } from './payment-line.rules.ts';
import type { TableSource } from './table.rules.ts';

/** The beginning of a list as a clerk looks at it who is to say what its columns are. */

const ROWS_SHOWN = 8;
const COLUMNS_SHOWN = 60;
const CELL_CHARS_SHOWN = 120;

export interface TablePreview {
  delimiter: Delimiter | null;
  sheet: string | null;
  headingLine: number;
  headings: string[];
  rows: { line: number; cells: string[] }[];
  /** What headings alone tell, for each kind of list that the partner sends. */
  known: { kind: PaymentKind; columns: Columns; needed: string[]; fields: string[] }[];
}

/** @throws AppError `payments.empty`. */
export function previewTable(source: TableSource, layout: PartnerLayout): TablePreview {
  const { reading, line, heading } = findHeading(source, layout);
  const rows = reading.head(HEADING_ROWS_MAX + ROWS_SHOWN).filter((record) => record.line > line).slice(0, ROWS_SHOWN);
  const width = Math.min(Math.max(heading.cells.length, ...rows.map(({ cells }) => cells.length)), COLUMNS_SHOWN);
  const shown = (cells: readonly string[]) => Array.from({ length: width }, (_, at) => (cells[at] ?? '').slice(0, CELL_CHARS_SHOWN));
  return {
    delimiter: reading.delimiter, sheet: reading.sheet, headingLine: line, headings: shown(heading.cells), rows: rows.map((record) => ({ line: record.line, cells: shown(record.cells) })),
    known: kindsOf(layout).map((kind) => {
      const dialect = layout[kind] as FileDialect;
      const fields = Object.entries(dialect.columns);
      return { kind, columns: columnsByHeading(heading.cells, dialect, heading.headings), needed: fields.filter(([, column]) => column.needed).map(([field]) => field), fields: fields.map(([field]) => field) };
    }),
  };
}
