import { AppError } from '../../../platform/errors.ts';
import type { BankFile } from './bank-entry.rules.ts';
import { readCamt } from './iso20022/camt.ts';
import { NachaReader } from './nacha/nacha.rules.ts';

/** Reads a bank file of any known format, told by its first bytes: XML is ISO 20022, a record type 1 is ACH. */

const HEAD_BYTES = 512;
const LINE_CHARS_MAX = 4_096;
const RECORD = 94;

/** @throws AppError `bank.format_unknown`, and what the format's reader refuses. */
export async function readBankFile(chunks: AsyncIterable<Buffer>): Promise<BankFile> {
  const source = chunks[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  for (let next = await source.next(); !next.done; next = await source.next()) {
    head = Buffer.concat([head, next.value]);
    if (head.length >= HEAD_BYTES) break;
  }
  const rest = (async function* () {
    if (head.length > 0) yield head;
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
  })();
  const text = head.toString('latin1').replace(/^\xef\xbb\xbf/, '').trimStart();
  const mark = head.subarray(0, 2).toString('hex');
  if (text.startsWith('<') || mark === 'fffe' || mark === 'feff') return readCamt(rest);
  if (text.startsWith('101')) return readNacha(rest);
  throw new AppError('invalid', head.length === 0 ? 'payments.empty' : 'bank.format_unknown');
}

/** Bytes are characters here: positions in an ACH record are byte positions, whatever strays into it. */
async function readNacha(chunks: AsyncIterable<Buffer>): Promise<BankFile> {
  const reader = new NachaReader();
  let pending = '';
  for await (const chunk of chunks) {
    const lines = (pending + chunk.toString('latin1')).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) feed(reader, line);
    if (pending.length > LINE_CHARS_MAX) pending = feedUnbroken(reader, pending);
  }
  if (pending !== '') feed(reader, pending);
  return reader.end();
}

function feed(reader: NachaReader, line: string): void {
  const record = line.replace(/^\xef\xbb\xbf/, '').replace(/\r$/, '');
  if (record.length > RECORD && record.length % RECORD === 0 && record.trim().length > RECORD) feedUnbroken(reader, record);
  else reader.line(record);
}

/** Some systems write the records without line breaks. Returns what is left of the last. */
function feedUnbroken(reader: NachaReader, text: string): string {
  let at = 0;
  for (; at + RECORD <= text.length; at += RECORD) reader.line(text.slice(at, at + RECORD));
  return text.slice(at);
}
