import { AppError } from '../../../../platform/errors.ts';
import type { Finding } from '../../../../platform/errors.ts';
import { isDebit, isIatClass, layoutClass, readEntry } from './nacha-entry.rules.ts';
import type { AchEntry } from './nacha-entry.rules.ts';
import { BATCH_HEADER, CTX_ENTRY, ENTRY, FILE_HEADER, IAT_ENTRY, RECORD_CHARS, RETURN, cut } from './nacha-layout.rules.ts';
import { EMPTY_TOTALS, checkBatch, checkFile } from './nacha-totals.rules.ts';
import type { NachaTotals } from './nacha-totals.rules.ts';

/**
 * Takes the lines of an ACH file apart: records of 94 characters, the entries of each batch with their addenda, the control records
 * against what stands above them. What is damaged is told with its line; what can be read beside it is read.
 */

/** Entries of IAT have seven addenda at least. */
const IAT_MANDATORY = 7;
/** A file of nothing but faults is told by its first ones. */
const FINDINGS_MAX = 5_000;

export interface NachaSink {
  fileHeader(record: string): void;
  batchHeader(record: string): void;
  entry(entry: AchEntry, at: { readonly line: number; readonly noticeLine: number | null }): void;
}

interface OpenEntry {
  readonly record: string;
  readonly line: number;
  readonly addenda: string[];
  noticeLine: number | null;
}

interface OpenBatch {
  readonly number: string;
  readonly entryClass: string;
  totals: NachaTotals;
}

export class NachaRecords {
  readonly findings: Finding[] = [];
  /** Entries that could not be read. */
  rejected = 0;
  readonly #sink: NachaSink;
  #line = 0;
  #isOpened = false;
  #isClosed = false;
  #batch: OpenBatch | null = null;
  #entry: OpenEntry | null = null;
  #totals: NachaTotals = EMPTY_TOTALS;
  #batches = 0;

  constructor(sink: NachaSink) {
    this.#sink = sink;
  }

  /** One physical line, without its line break. @throws AppError `bank.format_unknown` when the first is no file header. */
  line(raw: string): void {
    this.#line++;
    if (raw.trim() === '') return;
    if (!this.#isOpened && !/^101/.test(raw)) throw new AppError('invalid', 'bank.format_unknown', { findings: [{ code: 'nacha.header_missing', severity: 'block', line: this.#line }] });
    const record = this.#frame(raw);
    if (record === null || /^9{94}$/.test(record)) return;
    const type = record[0];
    if (type === '1') this.#fileHeader(record);
    else if (type === '5') this.#batchHeader(record);
    else if (type === '6') this.#entryDetail(record);
    else if (type === '7') this.#addendum(record);
    else if (type === '8') this.#batchControl(record);
    else if (type === '9') this.#fileControl(record);
    else this.find('nacha.record_unknown', 'warn');
  }

  end(): void {
    this.#closeEntry();
    if (!this.#isOpened) throw new AppError('invalid', 'bank.format_unknown');
    if (!this.#isClosed) this.find('nacha.control_missing', 'warn');
  }

  find(code: string, severity: Finding['severity'], params?: Finding['params'], line: number = this.#line): void {
    if (this.findings.length < FINDINGS_MAX) this.findings.push({ code, severity, line, ...(params ? { params } : {}) });
  }

  /** A record in its 94 characters; null when it is too damaged to be read by position. */
  #frame(printed: string): string | null {
    const raw = printed.replace(/\p{Cc}/gu, ' ');
    if (/[^\x20-\x7e]/.test(printed)) this.find('nacha.characters', 'warn');
    if (raw.length === RECORD_CHARS) return raw;
    const surplus = raw.slice(RECORD_CHARS).trim() !== '';
    const padded = raw.padEnd(RECORD_CHARS).slice(0, RECORD_CHARS);
    // Blanks at the end are often dropped or added on the way; only in records that end in blanks is nothing lost by that.
    const isHarmless = !surplus && (raw.length > RECORD_CHARS || /^(1|9)/.test(raw));
    this.find(raw.length < RECORD_CHARS ? 'nacha.line_short' : 'nacha.line_long', isHarmless ? 'info' : 'warn', { length: raw.length });
    if (isHarmless || !/^[67]/.test(raw)) return padded;
    if (raw[0] === '6') {
      this.#closeEntry();
      this.rejected++;
    }
    return null;
  }

  #fileHeader(record: string): void {
    this.#closeEntry();
    if (this.#isOpened && !this.#isClosed) this.find('nacha.control_missing', 'warn');
    this.#isOpened = true;
    this.#isClosed = false;
    this.#batches = 0;
    this.#totals = EMPTY_TOTALS;
    if (cut(record, FILE_HEADER.recordSize) !== '094') this.find('nacha.header', 'warn');
    this.#sink.fileHeader(record);
  }

  #batchHeader(record: string): void {
    this.#closeEntry();
    if (this.#batch) this.find('nacha.batch_control_missing', 'warn');
    this.#batch = { number: record.slice(87, 94), entryClass: layoutClass(cut(record, BATCH_HEADER.entryClass), cut(record, BATCH_HEADER.companyName)), totals: EMPTY_TOTALS };
    this.#sink.batchHeader(record);
  }

  #entryDetail(record: string): void {
    this.#closeEntry();
    const batch = this.#batch;
    if (!batch) return this.#refuse('nacha.entry_outside_batch');
    const [code, cents, bank] = [cut(record, ENTRY.code), cut(record, ENTRY.cents), record.slice(3, 11)];
    if (!/^\d{2}$/.test(code) || !/^\d{10}$/.test(cents)) return this.#refuse('nacha.entry_unreadable');
    const amount = BigInt(cents);
    batch.totals = {
      count: batch.totals.count + 1, hash: batch.totals.hash + (/^\d{8}$/.test(bank) ? BigInt(bank) : 0n),
      debit: batch.totals.debit + (isDebit(code) ? amount : 0n), credit: batch.totals.credit + (isDebit(code) ? 0n : amount),
    };
    this.#entry = { record, line: this.#line, addenda: [], noticeLine: null };
  }

  #addendum(record: string): void {
    if (this.#batch) this.#batch.totals = { ...this.#batch.totals, count: this.#batch.totals.count + 1 };
    const entry = this.#entry;
    if (!entry) return this.find('nacha.addenda_without_entry', 'warn');
    const type = record.slice(1, 3);
    entry.addenda.push(record);
    if (type === '98' || type === '99') {
      entry.noticeLine ??= this.#line;
      this.find(type === '99' ? 'nacha.return' : 'nacha.change_notified', 'info', { reason: cut(record, RETURN.code) });
    } else if (!/^(0[25]|1[0-8])$/.test(type)) this.find('nacha.addenda_unknown', 'warn');
  }

  #closeEntry(): void {
    const open = this.#entry;
    this.#entry = null;
    if (!open) return;
    const entryClass = this.#batch?.entryClass ?? '';
    this.#countAddenda(open, entryClass);
    this.#sink.entry(readEntry(entryClass, open.record, open.addenda), { line: open.line, noticeLine: open.noticeLine });
  }

  #countAddenda(open: OpenEntry, entryClass: string): void {
    if (open.noticeLine !== null) return;
    const isIat = isIatClass(entryClass);
    const said = isIat ? cut(open.record, IAT_ENTRY.addendaCount) : entryClass === 'CTX' ? cut(open.record, CTX_ENTRY.addendaCount) : '';
    const count = /^\d{4}$/.test(said) ? Number(said) : open.record[78] === '0' ? 0 : null;
    const found = open.addenda.length;
    // Senders of IAT count the seven mandatory addenda and leave the optional ones out.
    if (count !== null && count !== found && !(count === IAT_MANDATORY && found > IAT_MANDATORY)) this.find('nacha.addenda_count', 'warn', { said: count, found }, open.line);
    const missing = isIat ? ['10', '11', '12', '13', '14', '15', '16'].filter((type) => !open.addenda.some((one) => one.slice(1, 3) === type)) : [];
    if (missing.length > 0) this.find('nacha.iat_addenda_missing', 'warn', { types: missing.map((type) => `7${type}`).join(' ') }, open.line);
  }

  #refuse(code: string): void {
    this.rejected++;
    this.find(code, 'block');
  }

  #batchControl(record: string): void {
    this.#closeEntry();
    if (!this.#batch) return this.find('nacha.batch_header_missing', 'warn');
    const { totals, number } = this.#batch;
    this.findings.push(...checkBatch(record, totals, this.#line, number));
    this.#totals = {
      count: this.#totals.count + totals.count, hash: this.#totals.hash + totals.hash % 10_000_000_000n,
      debit: this.#totals.debit + totals.debit, credit: this.#totals.credit + totals.credit,
    };
    this.#batches++;
    this.#batch = null;
  }

  #fileControl(record: string): void {
    this.#closeEntry();
    if (this.#batch) this.find('nacha.batch_control_missing', 'warn');
    this.#batch = null;
    this.#isClosed = true;
    this.findings.push(...checkFile(record, this.#totals, this.#batches, this.#line));
  }
}
