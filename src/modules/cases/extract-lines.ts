import { isUtf8 } from 'node:buffer';
import { createGunzip } from 'node:zlib';
import { AppError } from '../../platform/errors.ts';
import type { Param } from '../../platform/errors.ts';

/** Limits of an extract. A case takes about 3 kB; one with thirty years of monthly history stays under half a megabyte. */
export const EXTRACT_LIMITS = Object.freeze({
  lineBytesMax: 1024 * 1024,
  fileBytesMax: 4 * 1024 ** 3,
  inflatedBytesMax: 24 * 1024 ** 3,
  /** JSON of cases shrinks about tenfold; gzip itself reaches a thousandfold only on emptiness. */
  ratioMax: 100,
  /** Small files may be as repetitive as they like. */
  ratioFreeBytes: 16 * 1024 * 1024,
  linesMax: 20_000_000,
});
export type ExtractLimits = typeof EXTRACT_LIMITS;

export type LineFault = { code: 'cases.line_too_long' | 'cases.line_not_utf8'; params: Record<string, Param> };
export interface ExtractLine {
  /** Physical line, the first is 1. */
  line: number;
  /** Its text without line end; null when the line cannot be read as text. */
  text: string | null;
  fault?: LineFault;
}

interface Progress { line: number; bytes: number }

/**
 * Reads the lines of an extract, gzipped or not (told by its first bytes), in batches and in bounded memory.
 *
 * @throws AppError `cases.extract_not_recognised`, `cases.gzip_damaged`, `cases.gzip_truncated`, `cases.decompression_limit`,
 * `cases.too_many_lines`: the whole file is refused, with the line and byte that had been reached.
 */
export async function* extractLines(source: AsyncIterable<Buffer>, limits: ExtractLimits = EXTRACT_LIMITS): AsyncGenerator<ExtractLine[]> {
  const at: Progress = { line: 0, bytes: 0 };
  const splitter = new LineSplitter(limits.lineBytesMax, at);
  for await (const chunk of inflated(source, limits, at)) {
    const lines = splitter.push(chunk);
    if (at.line > limits.linesMax) throw refused('cases.too_many_lines', at, { linesMax: limits.linesMax });
    if (lines.length > 0) yield lines;
  }
  const last = splitter.end();
  if (last) yield [last];
}

async function* inflated(source: AsyncIterable<Buffer>, limits: ExtractLimits, at: Progress): AsyncGenerator<Buffer> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    yield* inflatedFrom(iterator, limits, at);
  } finally {
    // Also after a refusal: the file behind it is closed.
    await iterator.return?.();
  }
}

async function* inflatedFrom(iterator: AsyncIterator<Buffer>, limits: ExtractLimits, at: Progress): AsyncGenerator<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < 4) {
    const next = await iterator.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  refuseOtherKinds(head, at);
  const all = prepend(head, iterator);
  if (head[0] === 0x1f && head[1] === 0x8b) yield* gunzip(all, limits, at);
  else for await (const chunk of all) {
    at.bytes += chunk.length;
    yield chunk;
  }
}

async function* prepend(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

// What people send by mistake: ZIP and office files, PDF, UTF-16 text.
const OTHER_KINDS: readonly (readonly [string, readonly number[]])[] = [
  ['zip', [0x50, 0x4b, 0x03, 0x04]], ['pdf', [0x25, 0x50, 0x44, 0x46]], ['utf-16', [0xff, 0xfe]], ['utf-16', [0xfe, 0xff]], ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
];

function refuseOtherKinds(head: Buffer, at: Progress): void {
  const kind = OTHER_KINDS.find(([, magic]) => magic.every((byte, i) => head[i] === byte))?.[0];
  if (kind) throw refused('cases.extract_not_recognised', at, { kind });
}

async function* gunzip(source: AsyncIterable<Buffer>, limits: ExtractLimits, at: Progress): AsyncGenerator<Buffer> {
  const inflate = createGunzip({ chunkSize: 256 * 1024 });
  let compressedBytes = 0;
  const feeding = (async () => {
    for await (const chunk of source) {
      if (inflate.destroyed) return;
      compressedBytes += chunk.length;
      if (!inflate.write(chunk)) await new Promise<void>((resolve) => void inflate.once('drain', resolve).once('close', resolve));
    }
    inflate.end();
  })().catch((error: unknown) => void inflate.destroy(error as Error));
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      at.bytes += chunk.length;
      const isBomb = at.bytes > limits.ratioFreeBytes && at.bytes > compressedBytes * limits.ratioMax;
      if (isBomb || at.bytes > limits.inflatedBytesMax) throw refused('cases.decompression_limit', at, { ratioMax: limits.ratioMax });
      yield chunk;
    }
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    if (code === 'Z_BUF_ERROR') throw refused('cases.gzip_truncated', at);
    if (code.startsWith('Z_')) throw refused('cases.gzip_damaged', at);
    throw error;
  } finally {
    inflate.destroy();
    await feeding;
  }
}

function refused(code: string, at: Progress, params: Record<string, Param> = {}): AppError {
  const where = { line: at.line + 1, params: { ...params, byte: at.bytes } };
  return new AppError('invalid', code, { params: where.params, findings: [{ code, severity: 'block', ...where }] });
}

/** Cuts bytes into lines; what exceeds the longest line is counted but not kept. */
class LineSplitter {
  private readonly parts: Buffer[] = [];
  private length = 0;
  private readonly bytesMax: number;
  private readonly at: Progress;

  constructor(bytesMax: number, at: Progress) {
    this.bytesMax = bytesMax;
    this.at = at;
  }

  push(chunk: Buffer): ExtractLine[] {
    const lines: ExtractLine[] = [];
    let from = 0;
    for (let to = chunk.indexOf(0x0a); to !== -1; to = chunk.indexOf(0x0a, from)) {
      this.keep(chunk.subarray(from, to));
      const line = this.cut();
      if (line) lines.push(line);
      from = to + 1;
    }
    this.keep(chunk.subarray(from));
    return lines;
  }

  end(): ExtractLine | null {
    return this.length > 0 ? this.cut() : null;
  }

  private keep(part: Buffer): void {
    if (this.length <= this.bytesMax && part.length > 0) this.parts.push(part);
    this.length += part.length;
  }

  /** The line that just ended; null when it is blank. */
  private cut(): ExtractLine | null {
    this.at.line += 1;
    const bytes = this.parts.length === 1 ? (this.parts[0] as Buffer) : Buffer.concat(this.parts);
    const { length } = this;
    this.parts.length = 0;
    this.length = 0;
    if (length > this.bytesMax) return { line: this.at.line, text: null, fault: { code: 'cases.line_too_long', params: { bytesMax: this.bytesMax } } };
    return readLine(bytes, this.at.line);
  }
}

function readLine(bytes: Buffer, line: number): ExtractLine | null {
  const from = line === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const to = bytes.at(-1) === 0x0d ? bytes.length - 1 : bytes.length;
  const content = bytes.subarray(from, to);
  if (!isUtf8(content)) return { line, text: null, fault: { code: 'cases.line_not_utf8', params: { byteInLine: from + firstInvalidByte(content) + 1 } } };
  const text = content.toString('utf8');
  return text.trim() === '' ? null : { line, text };
}

/** Offset of the first byte that no UTF-8 text has at that place. */
function firstInvalidByte(bytes: Buffer): number {
  let low = 0;
  let high = bytes.length;
  // The longest valid beginning ends at most three bytes before the fault, inside a character.
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ([0, 1, 2, 3].some((back) => middle - back >= 0 && isUtf8(bytes.subarray(0, middle - back)))) low = middle;
    else high = middle - 1;
  }
  let end = low;
  while (end > 0 && !isUtf8(bytes.subarray(0, end))) end -= 1;
  return end;
}
