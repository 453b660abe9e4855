import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Ctx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import { keepFile, openKeptFile } from '../../platform/files.ts';

/** What arrives is kept before anything reads it; packed or not, so much and no more. */
export const KEPT_BYTES_MAX = 256 * 1024 * 1024;
/** A partner's table is read whole, because columns are told by their whole content. */
export const TABLE_BYTES_MAX = 64 * 1024 * 1024;
/** A bank file is read as a stream. */
export const BANK_BYTES_MAX = 512 * 1024 * 1024;

export interface ReceivedBytes {
  fileId: string;
  fileName: string;
  sha256: string;
  byteCount: number;
}

/** Keeps the bytes of an incoming file, encrypted, with their digest. @throws AppError `file.too_large`. */
export async function keepReceived(ctx: Ctx, fileName: string, source: Readable | Buffer, partnerId: string | null): Promise<ReceivedBytes> {
  const kept = await keepFile(ctx, { fileName, source, bytesMax: KEPT_BYTES_MAX, partner: partnerId });
  return { fileId: kept.fileId, fileName: basename(fileName.replaceAll('\\', '/')).replace(/\p{Cc}/gu, '') || 'unnamed', sha256: kept.sha256, byteCount: kept.byteCount };
}

/**
 * Does what is to be done with kept bytes; a refusal then also says which bytes they are and where they are kept (`sha256` and
 * `fileId` among its parameters), so that whoever asks can be answered.
 */
export async function withKept<T>(bytes: ReceivedBytes, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { kind, code, findings, params } = error;
    throw new AppError(kind, code, { findings, params: { ...params, sha256: bytes.sha256, fileId: bytes.fileId }, cause: error });
  }
}

/**
 * The content of a kept file, unpacked when it is gzip (RFC 1952), which its first bytes say.
 *
 * @throws AppError `file.unpacked_too_large` beyond `bytesMax`, so that a bomb of a few bytes cannot fill the memory; `file.gzip_broken`.
 */
export async function* keptContent(ctx: Ctx, fileId: string, bytesMax: number): AsyncGenerator<Buffer> {
  const source = openKeptFile(ctx, fileId);
  let bytes = 0;
  try {
    for await (const chunk of unpacked(source)) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw new AppError('invalid', 'file.unpacked_too_large', { params: { bytesMax } });
      yield chunk;
    }
  } finally {
    source.destroy();
  }
}

export async function readKept(ctx: Ctx, fileId: string, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of keptContent(ctx, fileId, bytesMax)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* unpacked(source: Readable): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head: Buffer = Buffer.alloc(0);
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    head = Buffer.concat([head, next.value]);
    if (head.length >= 2) break;
  }
  const rest = async function* (): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  };
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* rest();
    return;
  }
  const gunzip = createGunzip();
  const input = Readable.from(rest(), { objectMode: true });
  input.on('error', (error) => gunzip.destroy(error));
  try {
    yield* input.pipe(gunzip) as AsyncIterable<Buffer>;
  } catch (error) {
    if (typeof (error as { code?: unknown }).code === 'string' && /^Z_/.test((error as { code: string }).code)) {
      throw new AppError('invalid', 'file.gzip_broken', { cause: error });
    }
    throw error;
  } finally {
    input.destroy();
    gunzip.destroy();
  }
}
