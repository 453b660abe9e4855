import type { Ctx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import type { TableSource } from './formats/tables/table.rules.ts';
import { decodeText, undoMisreading } from './formats/tables/text.rules.ts';
import type { Encoding } from './formats/tables/text.rules.ts';
import { isPacked, readXlsx } from './formats/tables/xlsx/read-xlsx.ts';
import { keptContent, TABLE_BYTES_MAX } from './read-file.ts';

/** A list as a table, whatever it came as: text in any encoding, packed or not, or a workbook. Told by its content, never by its name. */

/** Three hundred cells of two thousand characters, each of several bytes, are no longer. */
export const LINE_BYTES_MAX = 4 * 1024 * 1024;
const LF = 0x0a;
const CR = 0x0d;

export interface KeptTable {
  source: TableSource;
  encoding: Encoding | 'xlsx';
  /** Whether some bytes have no reading. */
  isLossy: boolean;
  /** The text had been read in a wrong encoding before it was sent, and has been put right: the encoding that it once was in. */
  misreadFrom: Encoding | null;
  bytes: Buffer;
}

/** @throws AppError `payments.line_too_long`, `file.unpacked_too_large`, `file.gzip_broken`, and what `readXlsx` refuses. */
export async function readKeptTable(ctx: Ctx, fileId: string): Promise<KeptTable> {
  return tableOf(await bytesOf(keptContent(ctx, fileId, TABLE_BYTES_MAX)));
}

export async function tableOf(bytes: Buffer): Promise<KeptTable> {
  if (isPacked(bytes)) return { source: await readXlsx(bytes), encoding: 'xlsx', isLossy: false, misreadFrom: null, bytes };
  const { text, encoding, lossy } = decodeText(bytes);
  const undone = encoding === 'utf-8' && !lossy ? undoMisreading(text) : null;
  return { source: undone?.text ?? text, encoding, isLossy: lossy, misreadFrom: undone?.encoding ?? null, bytes };
}

/** The bytes of a list. A line without an end is refused as soon as it is longer than any line of payments. */
export async function bytesOf(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let line = 1;
  let inLine = 0;
  let isText: boolean | null = null;
  for await (const chunk of content) {
    isText ??= !isPacked(chunk);
    chunks.push(chunk);
    if (!isText) continue;
    for (let from = 0; from < chunk.length;) {
      const end = lineEnd(chunk, from);
      inLine += (end < 0 ? chunk.length : end) - from;
      if (inLine > LINE_BYTES_MAX) throw new AppError('invalid', 'payments.line_too_long', { params: { bytesMax: LINE_BYTES_MAX }, findings: [{ code: 'payments.line_too_long', severity: 'block', line, params: { bytesMax: LINE_BYTES_MAX } }] });
      if (end < 0) break;
      line++;
      inLine = 0;
      from = end + 1;
    }
  }
  return Buffer.concat(chunks);
}

function lineEnd(chunk: Buffer, from: number): number {
  const feed = chunk.indexOf(LF, from);
  // Only old files end lines with CR alone; CRLF is one end, and its CR counts for nothing.
  const bare = feed < 0 ? chunk.indexOf(CR, from) : -1;
  return feed < 0 ? bare : feed;
}
