import type { Finding } from '../../../../platform/errors.ts';
import { DELIMITERS, parseCsv } from './csv.rules.ts';
import type { CsvRecord, CsvText, Delimiter } from './csv.rules.ts';

/** A table before anybody knows what it says: text that some sign delimits, or a sheet of a workbook. Both come to records of text cells. */

export interface Sheet {
  name: string;
  records: CsvRecord[];
  findings: Finding[];
}

export interface Workbook {
  sheets: readonly Sheet[];
}

export type TableSource = string | Workbook;

/** One way to read a source as a table. */
export interface TableReading {
  /** Null for a sheet. */
  delimiter: Delimiter | null;
  sheet: string | null;
  /** The first records that say something. */
  head(recordsMax: number): CsvRecord[];
  whole(): CsvText;
}

/** Every way in which a source could be read: by each delimiter (that which a line `sep=;` names, where there is one), or sheet by sheet. */
export function readingsOf(source: TableSource): TableReading[] {
  if (typeof source !== 'string') return source.sheets.map(sheetReading);
  const separated = separatorLine(source);
  return (separated.delimiter ? [separated.delimiter] : DELIMITERS).map((delimiter) => ({
    delimiter, sheet: null,
    head: (recordsMax) => moved(parseCsv(separated.text, delimiter, recordsMax), separated.skipped).records,
    whole: () => moved(parseCsv(separated.text, delimiter), separated.skipped),
  }));
}

function sheetReading(sheet: Sheet): TableReading {
  return {
    delimiter: null, sheet: sheet.name,
    head: (recordsMax) => sheet.records.slice(0, recordsMax),
    whole: () => ({ records: [...sheet.records], findings: [...sheet.findings] }),
  };
}

/** Spreadsheets write `sep=;` before the heading. */
export function separatorLine(text: string): { text: string; delimiter: Delimiter | null; skipped: boolean } {
  const match = /^sep=(.)\r?\n/i.exec(text);
  if (!match) return { text, delimiter: null, skipped: false };
  return { text: text.slice(match[0].length), delimiter: DELIMITERS.find((sign) => sign === match[1]) ?? null, skipped: true };
}

function moved(table: CsvText, isSkipped: boolean): CsvText {
  if (!isSkipped) return table;
  for (const record of table.records) record.line += 1;
  for (const finding of table.findings) finding.line = (finding.line ?? 0) + 1;
  return table;
}
