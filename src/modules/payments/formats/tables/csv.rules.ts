import { AppError } from '../../../../platform/errors.ts';
import type { Finding } from '../../../../platform/errors.ts';

/**
 * Delimiter-separated text by RFC 4180, read as partners really write it: any of four delimiters, CRLF, LF or CR, quotes only
 * where they enclose a whole cell. A quote that encloses nothing whole is a letter like any other, so that one stray quote
 * cannot swallow the lines after it.
 */

export interface CsvRecord {
  /** The physical line on which the record starts; the first line of the file is 1. */
  line: number;
  cells: string[];
  /** Further words that may head a column, by column: from cells merged above it. */
  headings?: string[][];
  /** A cell holds a formula of which the file gives no value. */
  uncomputed?: true;
}

export interface CsvText {
  records: CsvRecord[];
  findings: Finding[];
}

export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

const QUOTED_CHARS_MAX = 8_192;
/** The same where each letter stands for a byte. */
const QUOTED_BYTES_MAX = 4 * QUOTED_CHARS_MAX;
/** More cells than any table of payments has; what follows on such a line is dropped. */
const CELLS_MAX = 300;
/** A larger file is to be sent in parts: a table is read whole. */
const RECORDS_MAX = 250_000;

/** Reads at most `recordsMax` records. @throws AppError `payments.too_many_lines`. Records whose cells are all blank are left out: they have no outcome. */
export function parseCsv(text: string, delimiter: Delimiter, recordsMax = Number.POSITIVE_INFINITY): CsvText {
  const reader = new CsvReader(text, delimiter);
  const records: CsvRecord[] = [];
  while (records.length < recordsMax) {
    const record = reader.next();
    if (record === null) break;
    if (record.cells.some((cell) => cell.trim() !== '')) records.push(record);
    if (records.length > RECORDS_MAX) throw new AppError('invalid', 'payments.too_many_lines', { params: { linesMax: RECORDS_MAX } });
  }
  return { records, findings: reader.findings };
}

export interface CsvSpan {
  line: number;
  cells: number;
  /** Where the record stands in the text, without the end of its line. */
  from: number;
  to: number;
}

/** Where each record of a text stands, blank ones too: read as `parseCsv` reads them. A line `sep=;` before the heading counts as one. */
export function* csvSpans(text: string, delimiter: Delimiter): Generator<CsvSpan> {
  const reader = new CsvReader(text, delimiter, QUOTED_BYTES_MAX);
  for (;;) {
    const from = reader.at;
    const record = reader.next();
    if (record === null) return;
    const end = reader.at;
    const marks = text[end - 1] === '\n' ? (text[end - 2] === '\r' && end - 1 > from ? 2 : 1) : text[end - 1] === '\r' && end > from ? 1 : 0;
    yield { line: record.line, cells: record.cells.length, from, to: Math.max(from, Math.min(end, text.length) - marks) };
  }
}

class CsvReader {
  readonly findings: Finding[] = [];
  readonly #text: string;
  readonly #delimiter: string;
  readonly #quotedMax: number;
  #at = 0;
  #line = 1;

  constructor(text: string, delimiter: Delimiter, quotedMax = QUOTED_CHARS_MAX) {
    this.#text = text;
    this.#delimiter = delimiter;
    this.#quotedMax = quotedMax;
  }

  get at(): number {
    return Math.min(this.#at, this.#text.length);
  }

  next(): CsvRecord | null {
    if (this.#at >= this.#text.length) return null;
    const record: CsvRecord = { line: this.#line, cells: [] };
    for (;;) {
      const cell = this.#text.charCodeAt(this.#at) === QUOTE ? this.#quoted() : this.#plain();
      if (record.cells.length < CELLS_MAX) record.cells.push(cell);
      const code = this.#text.charCodeAt(this.#at);
      if (this.#at < this.#text.length && this.#text[this.#at] === this.#delimiter) { this.#at++; continue; }
      if (code === CR && this.#text.charCodeAt(this.#at + 1) === LF) this.#at++;
      this.#at++;
      this.#line++;
      return record;
    }
  }

  #plain(): string {
    const from = this.#at;
    const delimiter = this.#delimiter.charCodeAt(0);
    let at = from;
    for (; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at);
      if (code === delimiter || code === LF || code === CR) break;
    }
    this.#at = at;
    return this.#text.slice(from, at);
  }

  #quoted(): string {
    const text = this.#text;
    let at = this.#at + 1;
    for (const limit = at + this.#quotedMax; at < text.length && at < limit; at++) {
      if (text.charCodeAt(at) !== QUOTE) continue;
      if (text.charCodeAt(at + 1) === QUOTE) { at++; continue; }
      if (!this.#endsCell(at + 1)) break;
      const cell = text.slice(this.#at + 1, at).replaceAll('""', '"');
      this.#line += cell.match(/\r\n|\n|\r/g)?.length ?? 0;
      this.#at = at + 1;
      return cell;
    }
    this.findings.push({ code: 'csv.quote_stray', severity: 'warn', line: this.#line });
    return this.#plain();
  }

  #endsCell(at: number): boolean {
    const code = this.#text.charCodeAt(at);
    return at >= this.#text.length || code === LF || code === CR || this.#text[at] === this.#delimiter;
  }
}

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
