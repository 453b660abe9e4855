import { AppError } from '../../../platform/errors.ts';
import { bai2Codes } from './bai2-codes.ts';
import { Bai2Reader } from './bai2.rules.ts';
import { ENTRIES_MAX } from './bank-entry.rules.ts';
import type { BankEntry, BankFile, BankSource } from './bank-entry.rules.ts';
import { CamtReader } from './iso20022/camt.ts';
import { Mt940Reader } from './mt940.rules.ts';
import { NachaReader } from './nacha/nacha.rules.ts';

/**
 * Reads a bank file of any known format, told by its first bytes: XML is ISO 20022, a file header record is ACH or BAI2, a field
 * `:20:` with or without SWIFT blocks before it is MT940.
 */

const HEAD_BYTES = 512;
const LINE_CHARS_MAX = 65_536;
const RECORD = 94;
/** Entries that are handed on at a time. */
const BATCH = 2_000;

/** Takes entries as they are read, batch by batch; reading waits for it. */
export type EntrySink = (entries: readonly BankEntry[], source: BankSource) => Promise<void>;

interface Reader {
  /** Known as soon as there are entries. */
  readonly source: BankSource;
  write(chunk: Buffer): void;
  /** Entries read since the last call. */
  drain(): BankEntry[];
  end(): BankFile;
}

/**
 * With a sink, entries pass through it and are not in the answer, so that a file of any size is read in the same memory.
 * What the file says as a whole, and what is wrong in it, is known at its end only: a refusal then makes everything handed on void.
 *
 * @throws AppError `bank.format_unknown`, and what the format's reader refuses.
 */
export async function readBankFile(chunks: AsyncIterable<Buffer>, sink?: EntrySink): Promise<BankFile> {
  const source = chunks[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  for (let next = await source.next(); !next.done; next = await source.next()) {
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
    if (head.length >= HEAD_BYTES) break;
  }
  if (head.length === 0) throw new AppError('invalid', 'payments.empty');
  const reader = readerFor(head);
  const held: BankEntry[] = [];
  let count = 0;
  const handOn = async (least: number): Promise<void> => {
    const read = reader.drain();
    count += read.length;
    if (count > ENTRIES_MAX) throw new AppError('invalid', 'bank.too_many_entries', { params: { entriesMax: ENTRIES_MAX } });
    for (const entry of read) held.push(entry);
    if (sink && held.length >= least) await sink(held.splice(0), reader.source);
  };
  reader.write(head);
  await handOn(BATCH);
  for (let next = await source.next(); !next.done; next = await source.next()) {
    reader.write(next.value);
    await handOn(BATCH);
  }
  const file = reader.end();
  for (const entry of file.entries.splice(0)) held.push(entry);
  if (sink && held.length > 0) await sink(held.splice(0), file.source);
  return { ...file, entries: held };
}

function readerFor(head: Buffer): Reader {
  const text = head.subarray(0, HEAD_BYTES).toString('latin1').replace(/^\xef\xbb\xbf/, '').trimStart();
  const mark = head.subarray(0, 2).toString('hex');
  if (text.startsWith('<') || mark === 'fffe' || mark === 'feff') return new CamtReader();
  if (text.startsWith('101')) return new RecordFeed(new NachaReader());
  if (/^01,[^,\r\n]*,[^,\r\n]*,\d{6},/.test(text)) return new LineFeed(new Bai2Reader(bai2Codes()));
  // Some banks put lines of their own before the first field, as SWIFT puts its blocks.
  if (/^(?:[^\r\n]{0,300}\r?\n){0,6}(?:[^\r\n]{0,300}\{4:)?:20:/.test(text)) return new LineFeed(new Mt940Reader());
  throw new AppError('invalid', 'bank.format_unknown');
}

interface LineReader {
  readonly file: BankFile;
  /** One physical line, without its line break; a character is a byte. */
  line(raw: string): void;
  end(): BankFile;
}

/** Bytes are characters here: what they mean is for the format to say, and positions are byte positions, whatever strays into them. */
class LineFeed implements Reader {
  readonly #reader: LineReader;
  #pending = '';
  #lines = 0;

  constructor(reader: LineReader) {
    this.#reader = reader;
  }

  get source(): BankSource {
    return this.#reader.file.source;
  }

  drain(): BankEntry[] {
    return this.#reader.file.entries.splice(0);
  }

  write(chunk: Buffer): void {
    const text = this.#pending + chunk.toString('latin1');
    let at = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', at)) {
      this.feed(text.slice(at, end));
      at = end + 1;
    }
    this.#pending = this.unbroken(text.slice(at));
  }

  end(): BankFile {
    if (this.#pending !== '') this.feed(this.#pending);
    return this.#reader.end();
  }

  protected feed(line: string): void {
    this.#lines++;
    this.record((this.#lines === 1 ? line.replace(/^\xef\xbb\xbf/, '') : line).replace(/\r$/, ''));
  }

  protected record(line: string): void {
    if (line.length > LINE_CHARS_MAX) this.refuse();
    this.#reader.line(line);
  }

  /** What is left when no line break came. @throws AppError `bank.line_too_long`. */
  protected unbroken(text: string): string {
    if (text.length > LINE_CHARS_MAX) this.refuse();
    return text;
  }

  protected refuse(): never {
    const line = this.#lines + 1;
    throw new AppError('invalid', 'bank.line_too_long', { params: { charactersMax: LINE_CHARS_MAX }, findings: [{ code: 'bank.line_too_long', severity: 'block', line, params: { charactersMax: LINE_CHARS_MAX } }] });
  }
}

/** Some systems write ACH records without line breaks. What is no record then is no file of records either. */
class RecordFeed extends LineFeed {
  protected override record(line: string): void {
    if (line.length <= RECORD || line.length % RECORD !== 0 || line.trim().length <= RECORD) super.record(line);
    else this.#each(line);
  }

  protected override unbroken(text: string): string {
    return text.length > RECORD * 44 ? this.#each(text) : text;
  }

  #each(text: string): string {
    let at = 0;
    for (; at + RECORD <= text.length; at += RECORD) {
      if (!/[156789]/.test(text[at] as string)) this.refuse();
      super.record(text.slice(at, at + RECORD));
    }
    return text.slice(at);
  }
}
