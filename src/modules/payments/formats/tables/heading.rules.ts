import { AppError } from '../../../../platform/errors.ts';
import type { Finding } from '../../../../platform/errors.ts';
import type { CaseNumberForm, FileDialect } from '../../../partners/index.ts';
import { columnsByHeading } from './columns.rules.ts';
import type { CsvRecord } from './csv.rules.ts';
import { mappedColumns } from './mapping.rules.ts';
import type { ColumnMapping, MappedHeading } from './mapping.rules.ts';
import type { PaymentKind } from './payment-line.rules.ts';
import { readingsOf } from './table.rules.ts';
import type { TableReading, TableSource } from './table.rules.ts';

/** Where the heading of a partner's list stands, in which sheet, and which sign delimits its cells. */

export interface PartnerLayout {
  forwarding: FileDialect | null;
  remittance: FileDialect | null;
  caseNumbers: readonly CaseNumberForm[];
  /** Some disbursement numbers that the partner was given, to know one by its form. */
  disbursementIds: readonly string[];
  /** How a clerk said that this partner's lists are to be read, where somebody did. */
  mappings?: Readonly<Partial<Record<PaymentKind, ColumnMapping>>>;
}

export interface FoundHeading {
  reading: TableReading;
  /** The heading's line; 0 where a mapping says that there is none. */
  line: number;
  heading: CsvRecord;
  /** By a saved mapping that holds for this heading, and for which kind of list. */
  mapped: { kind: PaymentKind; heading: MappedHeading } | null;
  /** Other sheets of the workbook, and whether they look like lists, too. */
  findings: Finding[];
}

export const HEADING_ROWS_MAX = 30;
const HEADINGS_MIN = 3;
const PREVIEW_SHEETS_MAX = 20;

interface Candidate { reading: TableReading; heading: CsvRecord; score: number }

/** The row under which most headings are known, a mapped one first; without any, the first row as wide as the data. @throws AppError `payments.empty`. */
export function findHeading(source: TableSource, layout: PartnerLayout): FoundHeading {
  const readings = readingsOf(source);
  const heads = readings.map((reading) => ({ reading, head: reading.head(HEADING_ROWS_MAX) })).filter(({ head }) => head.length > 0);
  if (heads.length === 0) throw new AppError('invalid', 'payments.empty');
  for (const kind of kindsOf(layout)) {
    const mapped = layout.mappings?.[kind] ? findMapped(heads, layout.mappings[kind]) : null;
    if (mapped) return { ...mapped.place, mapped: { kind, heading: mapped.heading }, findings: otherSheets(heads, mapped.place.reading, layout) };
  }
  const best = bestCandidate(heads, layout);
  const found = best && best.score >= HEADINGS_MIN ? best : widest(heads);
  return { reading: found.reading, line: found.heading.line, heading: found.heading, mapped: null, findings: otherSheets(heads, found.reading, layout) };
}

export function kindsOf(layout: PartnerLayout): PaymentKind[] {
  return (['forwarding', 'remittance'] as const).filter((kind) => layout[kind] !== null);
}

interface Head { reading: TableReading; head: CsvRecord[] }

function findMapped(heads: readonly Head[], mapping: ColumnMapping): { place: Pick<FoundHeading, 'reading' | 'line' | 'heading'>; heading: MappedHeading } | null {
  let best: { place: Pick<FoundHeading, 'reading' | 'line' | 'heading'>; heading: MappedHeading } | null = null;
  for (const { reading, head } of heads) {
    if (mapping.sheet !== undefined && reading.sheet !== null && reading.sheet !== mapping.sheet) continue;
    if (mapping.headingLine === 0) {
      const first = head[0] as CsvRecord;
      const heading = mappedColumns(first, mapping);
      if (heading && (!best || first.cells.length > best.place.heading.cells.length)) best = { place: { reading, line: 0, heading: { line: 0, cells: first.cells.map(() => '') } }, heading };
      continue;
    }
    for (const record of head) {
      const heading = mappedColumns(record, mapping);
      if (heading && (!best || record.cells.length > best.place.heading.cells.length)) best = { place: { reading, line: record.line, heading: record }, heading };
    }
  }
  return best;
}

function bestCandidate(heads: readonly Head[], layout: PartnerLayout): Candidate | null {
  let best: Candidate | null = null;
  for (const { reading, head } of heads) {
    for (const record of head) {
      const score = scoreOf(record, layout);
      // Of two rows that know as much, the one below merged cells has the headings in full.
      if (best === null || score > best.score || (score === best.score && record.headings !== undefined && best.reading === reading)) best = { reading, heading: record, score };
    }
  }
  return best;
}

function scoreOf(record: CsvRecord, layout: PartnerLayout): number {
  return Math.max(0, ...kindsOf(layout).map((kind) => Object.keys(columnsByHeading(record.cells, layout[kind] as FileDialect, record.headings)).length));
}

function widest(heads: readonly Head[]): Candidate {
  const first = heads[0] as Head;
  let found: Candidate & { width: number } = { reading: first.reading, heading: first.head[0] as CsvRecord, score: 0, width: 1 };
  for (const { reading, head } of heads) {
    const width = head.at(-1)?.cells.length ?? 0;
    if (width > found.width) found = { reading, heading: head.find((record) => record.cells.length === width) as CsvRecord, score: 0, width };
  }
  return found;
}

/** A workbook's other sheets are named, so that none is passed over unseen; one that looks like a list is for a person. */
function otherSheets(heads: readonly Head[], chosen: TableReading, layout: PartnerLayout): Finding[] {
  if (chosen.sheet === null) return [];
  return heads.filter(({ reading }) => reading !== chosen).slice(0, PREVIEW_SHEETS_MAX).map(({ reading, head }) => {
    const isList = head.some((record) => scoreOf(record, layout) >= HEADINGS_MIN);
    return isList ? { code: 'xlsx.other_list', severity: 'warn', params: { sheet: reading.sheet ?? '', read: chosen.sheet } }
      : { code: 'xlsx.other_sheet', severity: 'info', params: { sheet: reading.sheet ?? '', read: chosen.sheet } };
  });
}
