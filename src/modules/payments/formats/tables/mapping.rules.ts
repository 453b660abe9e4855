import type { CsvRecord } from './csv.rules.ts';
import type { Columns } from './equation.rules.ts';
import { isBlank } from './number.rules.ts';
import type { Cells, Field } from './payment-line.rules.ts';
import { foldWord } from './text.rules.ts';

/**
 * How a clerk said that a partner's list is to be read (schemas/json/column-mapping.v1.json): which heading names which column, and how signs
 * are printed. A mapping holds for a table only where every heading that it names stands in one row; else it is as if there were none.
 */

export const SIGNED_FIELDS = ['amount', 'fee', 'settled'] as const;
export type SignedField = (typeof SIGNED_FIELDS)[number];

export type SignRule =
  /** What came in is printed as negative. */
  | { field: SignedField; rule: 'inverse' }
  /** A column beside the amount says which way it went. */
  | { field: SignedField; rule: 'flag'; column: string; positive: readonly string[]; negative: readonly string[] }
  /** Two columns, of which one is filled. */
  | { field: SignedField; rule: 'two_columns'; positive: string; negative: string };

export interface ColumnMapping {
  mappingVersion: '1.0';
  /** Headings as printed; `#3` is the third column, for tables whose headings are blank or alike. Of several, one must be there. */
  columns: Readonly<Partial<Record<Field, string | readonly string[]>>>;
  /** The line on which the heading stands, where it cannot be told; 0 where there is none, and then every column is named by its place. */
  headingLine?: number;
  sheet?: string;
  signs?: readonly SignRule[];
  /** What holds for every line of a table that has no column for it. */
  fixed?: Readonly<Partial<Record<'currency' | 'settledCurrency', string>>>;
}

export interface MappedHeading {
  columns: Columns;
  /** Columns that belong to a rule and to no field, so that nothing else is read from them. */
  reserved: readonly number[];
  mapping: ColumnMapping;
}

const HEADING_CHARS_MAX = 200;

/** The columns that a mapping names in a row; null where it does not hold for it. */
export function mappedColumns(record: Pick<CsvRecord, 'line' | 'cells'>, mapping: ColumnMapping): MappedHeading | null {
  if (mapping.headingLine !== undefined && mapping.headingLine !== 0 && mapping.headingLine !== record.line) return null;
  const words = record.cells.map((cell) => foldWord(cell.slice(0, HEADING_CHARS_MAX)));
  const find = (heading: string) => placeOf(heading, words);
  const columns: Columns = {};
  const reserved: number[] = [];
  for (const [field, headings] of Object.entries(mapping.columns) as [Field, string | readonly string[]][]) {
    const place = (typeof headings === 'string' ? [headings] : headings).map(find).find((found) => found !== null) ?? null;
    if (place === null) return null;
    columns[field] = place;
  }
  for (const sign of mapping.signs ?? []) {
    for (const heading of sign.rule === 'flag' ? [sign.column] : sign.rule === 'two_columns' ? [sign.positive, sign.negative] : []) {
      const place = find(heading);
      if (place === null) return null;
      reserved.push(place);
    }
    if (sign.rule === 'two_columns') columns[sign.field] = find(sign.positive) as number;
  }
  return { columns, reserved, mapping };
}

/** A heading that stands in two columns names neither. */
function placeOf(heading: string, words: readonly string[]): number | null {
  const place = /^#([1-9]\d{0,2})$/.exec(heading.trim());
  if (place) return Number(place[1]) <= words.length ? Number(place[1]) - 1 : null;
  const word = foldWord(heading);
  const at = words.indexOf(word);
  return word === '' || at < 0 || words.indexOf(word, at + 1) >= 0 ? null : at;
}

export type CellReader = (cells: readonly string[], field: Field) => string;

/** How the cell of a field is read from a row: as it stands, or by the rules of a mapping. `isTotals` tells rows that sum others. */
export function cellReader(columns: Columns, mapped: MappedHeading | null, headingCells: readonly string[], isTotals: (cells: readonly string[]) => boolean): CellReader {
  const plain: CellReader = (cells, field) => {
    const index = columns[field];
    return index === undefined ? '' : cells[index] ?? '';
  };
  const special = mapped ? specialReaders(mapped, headingCells, plain, isTotals) : null;
  if (!special || special.size === 0) return plain;
  return (cells, field) => (special.get(field) ?? plain)(cells, field);
}

function specialReaders({ mapping, columns }: MappedHeading, headingCells: readonly string[], plain: CellReader, isTotals: (cells: readonly string[]) => boolean): Map<Field, CellReader> {
  const special = new Map<Field, CellReader>();
  const words = headingCells.map((cell) => foldWord(cell.slice(0, HEADING_CHARS_MAX)));
  const at = (heading: string) => placeOf(heading, words) ?? -1;
  for (const sign of mapping.signs ?? []) special.set(sign.field, signReader(sign, at, plain, isTotals));
  for (const [field, value] of Object.entries(mapping.fixed ?? {}) as ['currency' | 'settledCurrency', string][]) {
    const amount = field === 'currency' ? 'amount' : 'settled';
    special.set(field, (cells) => (isBlank((special.get(amount) ?? plain)(cells, amount)) || isTotals(cells) ? '' : value));
  }
  for (const [field, amount] of [['currency', 'amount'], ['settledCurrency', 'settled']] as const) {
    // Amount and currency in one cell: `11,122.35 MXN`.
    if (columns[field] !== undefined && columns[field] === columns[amount]) special.set(field, (cells) => /\b[A-Z]{3}\b/.exec(plain(cells, field).normalize('NFKC'))?.[0] ?? '');
  }
  return special;
}

function signReader(sign: SignRule, at: (heading: string) => number, plain: CellReader, isTotals: (cells: readonly string[]) => boolean): CellReader {
  if (sign.rule === 'inverse') return (cells, field) => negated(plain(cells, field));
  if (sign.rule === 'two_columns') {
    const [positive, negative] = [at(sign.positive), at(sign.negative)];
    return (cells) => oneOf(cells[positive] ?? '', cells[negative] ?? '');
  }
  const place = at(sign.column);
  const [positive, negative] = [new Set(sign.positive.map(foldWord)), new Set(sign.negative.map(foldWord))];
  return (cells, field) => {
    const cell = plain(cells, field);
    const flag = foldWord(cells[place] ?? '');
    if (isBlank(cell) || positive.has(flag) || (flag === '' && isTotals(cells))) return cell;
    // A flag that nobody explained leaves the amount unreadable, rather than of a guessed sign.
    return negative.has(flag) ? negated(cell) : `± ${cell}`;
  };
}

const isNothing = (cell: string): boolean => isBlank(cell) || /^[\s0.,]*$/.test(cell);

function oneOf(positive: string, negative: string): string {
  if (isNothing(negative)) return positive;
  return isNothing(positive) ? negated(negative) : `${positive} ± ${negative}`;
}

/** A printed number with the other sign. */
function negated(cell: string): string {
  const text = cell.trim();
  if (isNothing(text)) return text;
  const bracketed = /^\((.*)\)$/.exec(text);
  if (bracketed) return bracketed[1] as string;
  if (/^[-−‒–—]/.test(text)) return text.slice(1).trim();
  if (/\d-$/.test(text)) return text.slice(0, -1);
  return `-${text.replace(/^\+/, '')}`;
}

/** Every field's cell of one row. */
export function cellsOf(fields: readonly Field[], read: CellReader, cells: readonly string[]): Cells {
  const all = {} as Cells;
  for (const field of fields) all[field] = read(cells, field);
  return all;
}
