import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Ctx } from './context.ts';
import { AppError } from './errors.ts';
import { aadOf, getKeptFile, pathOf } from './files.ts';
import { CHUNK_BYTES, HEADER_BYTES, openerOf, TAG_BYTES } from './files-cipher.ts';

/** Bytes that are read wherever one wants, without the rest. */
export interface KeptBytes {
  readonly size: number;
  /** At most `length` bytes from `at` on; fewer only at the end. They are good until the next read, which uses their memory again. */
  read(at: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

const SEALED_BYTES = CHUNK_BYTES + TAG_BYTES;
const CHUNKS_AHEAD = 16;

/**
 * A kept file for reading at any place. Each piece is checked as it is read: it is of this file, of that place, and as it was written;
 * and the whole is as long as it was. One chunk is remembered, as readers go on where they were.
 *
 * @throws AppError `file.not_found`, `file.bytes_missing`; `read` throws `file.tampered`.
 */
export async function openKeptFileAt(ctx: Ctx, fileId: string): Promise<KeptBytes> {
  const { byteCount: size } = await getKeptFile(ctx, fileId);
  const file = await open(pathOf(ctx, fileId), 'r').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new AppError('conflict', 'file.bytes_missing', { params: { fileId } }) : error;
  });
  const chunks = Math.max(1, Math.ceil(size / CHUNK_BYTES));
  try {
    if ((await file.stat()).size !== HEADER_BYTES + size + chunks * TAG_BYTES) throw new AppError('conflict', 'file.tampered', { params: { fileId } });
    const header = await exactly(file, Buffer.alloc(HEADER_BYTES), 0, fileId);
    const openChunk = openerOf(ctx.keys, aadOf(ctx, fileId), header);
    const lastChunk = chunks - 1;
    const ahead = windowOf(file, fileId, (number) => HEADER_BYTES + Math.min(number * SEALED_BYTES, size + chunks * TAG_BYTES));
    let plainMemory: Buffer = Buffer.alloc(0);
    let remembered: { number: number; plain: Buffer } | null = null;
    const chunkAt = async (number: number): Promise<Buffer> => {
      if (remembered?.number === number) return remembered.plain;
      const plain = openChunk(await ahead(number, lastChunk), number, number === lastChunk);
      remembered = { number, plain };
      return plain;
    };
    return {
      size,
      async read(at, length) {
        const end = Math.min(size, at + length);
        if (at >= end) return Buffer.alloc(0);
        if (plainMemory.length < end - at) plainMemory = Buffer.allocUnsafe(end - at);
        const plain = plainMemory.subarray(0, end - at);
        try {
          for (let number = Math.floor(at / CHUNK_BYTES); number * CHUNK_BYTES < end; number++) {
            const start = number * CHUNK_BYTES;
            (await chunkAt(number)).copy(plain, Math.max(0, start - at), Math.max(0, at - start), end - start);
          }
        } catch (error) {
          throw error instanceof AppError ? new AppError('conflict', 'file.tampered', { params: { fileId }, cause: error }) : error;
        }
        return plain;
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * A part of a kept file as it is read, from one place to another (both belong to it); nothing before and after it is looked at. It is opened when this returns,
 * and closed when the stream ends or is let go.
 *
 * @throws AppError of `openKeptFileAt`; the stream fails with `file.tampered`.
 */
export async function streamKeptFile(ctx: Ctx, fileId: string, range?: { readonly from: number; readonly to: number }): Promise<Readable> {
  const file = await openKeptFileAt(ctx, fileId);
  const end = Math.min(file.size, range === undefined ? file.size : range.to + 1);
  let at = range?.from ?? 0;
  return new Readable({
    read() {
      const length = Math.min(CHUNK_BYTES, end - at);
      if (length <= 0) return void this.push(null);
      file.read(at, length).then((bytes) => {
        at += length;
        this.push(Buffer.from(bytes));
      }, (error: unknown) => this.destroy(error as Error));
    },
    destroy(error, done) {
      file.close().then(() => done(error), done);
    },
  });
}

/** Sealed chunks, several read at once while somebody reads on from one to the next. */
function windowOf(file: FileHandle, fileId: string, placeOf: (number: number) => number): (number: number, last: number) => Promise<Buffer> {
  let memory: Buffer = Buffer.alloc(0);
  let [from, to] = [0, 0];
  return async (number, last) => {
    if (number < from || number >= to) {
      const count = number === to && number > 0 ? CHUNKS_AHEAD : 1;
      [from, to] = [number, Math.min(number + count, last + 1)];
      const bytes = placeOf(to) - placeOf(from);
      if (memory.length < bytes) memory = Buffer.allocUnsafe(bytes);
      await exactly(file, memory.subarray(0, bytes), placeOf(from), fileId);
    }
    const start = placeOf(number) - placeOf(from);
    return memory.subarray(start, start + placeOf(number + 1) - placeOf(number));
  };
}

async function exactly(file: FileHandle, into: Buffer, at: number, fileId: string): Promise<Buffer> {
  const { bytesRead } = await file.read(into, 0, into.length, at);
  if (bytesRead !== into.length) throw new AppError('conflict', 'file.tampered', { params: { fileId } });
  return into;
}
