import iconv from 'iconv-lite';
import type { TableDialect } from '../formats/tables/partner-table.rules.ts';
import { decodeText } from '../formats/tables/text.rules.ts';
import type { Encoding } from '../formats/tables/text.rules.ts';
import { annotateWorkbook } from '../formats/tables/xlsx/annotate-workbook.ts';
import { isPacked } from '../formats/tables/xlsx/read-xlsx.ts';
import { annotationPieces } from './annotate-text.rules.ts';
import type { Additions } from './annotate-text.rules.ts';

/** A partner's list with our cells added, in its own dialect; null when its lines are not found again in its bytes. */
export async function annotateBytes(bytes: Buffer, dialect: TableDialect, width: number, additions: Additions): Promise<Buffer | null> {
  if (isPacked(bytes)) return annotateWorkbook(bytes, dialect.sheet ?? '', width, additions);
  if (dialect.delimiter === null) return null;
  const { encoding } = decodeText(bytes);
  const marked = markBytes(bytes, encoding);
  // In the encodings of one byte and more, delimiters, quotes and line ends are single bytes that are part of no letter: each byte is read as one
  // letter, so that not even a damaged one changes. UTF-16 has two bytes for each unit, whatever they mean.
  const isWide = encoding === 'utf-16le' || encoding === 'utf-16be';
  const body = bytes.subarray(marked);
  const text = isWide ? wideText(body, encoding) : body.toString('latin1');
  const pieces = annotationPieces(text, dialect.delimiter, width, additions);
  if (!pieces) return null;
  const unit = isWide ? 2 : 1;
  return Buffer.concat([bytes.subarray(0, marked), ...pieces.map((piece) => ('ours' in piece ? encoded(piece.ours, encoding)
    : body.subarray(piece.theirs[0] * unit, piece.theirs[1] === text.length ? body.length : piece.theirs[1] * unit)))]);
}

function markBytes(bytes: Buffer, encoding: Encoding): number {
  if (encoding === 'utf-8') return bytes.subarray(0, 3).toString('hex') === 'efbbbf' ? 3 : 0;
  return encoding === 'utf-16le' || encoding === 'utf-16be' ? 2 : 0;
}

function wideText(body: Buffer, encoding: Encoding): string {
  const even = body.subarray(0, body.length - (body.length % 2));
  return encoding === 'utf-16le' ? even.toString('utf16le') : Buffer.from(even).swap16().toString('utf16le');
}

const ICONV: Readonly<Record<Encoding, string>> = { 'utf-8': 'utf8', 'utf-16le': 'utf16-le', 'utf-16be': 'utf16-be', cp949: 'cp949', 'windows-1252': 'win1252' };

function encoded(text: string, encoding: Encoding): Buffer {
  return iconv.encode(text, ICONV[encoding], { addBOM: false });
}
