import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Ctx } from './context.ts';
import { AppError } from './errors.ts';
import { aadOf, getKeptFile, pathOf } from './files.ts';
import { CHUNK_BYTES, HEADER_BYTES, openerOf, TAG_BYTES } from './files-cipher.ts';

/** Bytes that are read wherever one wants, without the rest. */
export interface KeptBytes {
  readonly size: number;
  /** At most `length` bytes from `at` on; fewer only at the end. */
  read(at: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

const SEALED_BYTES = CHUNK_BYTES + TAG_BYTES;

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
    const header = await exactly(file, HEADER_BYTES, 0, fileId);
    const openChunk = openerOf(ctx.keys, aadOf(ctx, fileId), header);
    let remembered: { number: number; plain: Buffer } | null = null;
    const chunkAt = (sealed: Buffer, first: number, number: number): Buffer => {
      if (remembered?.number === number) return remembered.plain;
      const from = (number - first) * SEALED_BYTES;
      const plain = openChunk(sealed.subarray(from, Math.min(sealed.length, from + SEALED_BYTES)), number, number === chunks - 1);
      remembered = { number, plain };
      return plain;
    };
    return {
      size,
      async read(at, length) {
        const end = Math.min(size, at + length);
        if (at >= end) return Buffer.alloc(0);
        const first = Math.floor(at / CHUNK_BYTES);
        const last = Math.floor((end - 1) / CHUNK_BYTES);
        const sealedEnd = Math.min((last + 1) * SEALED_BYTES, size + chunks * TAG_BYTES);
        const sealed = await exactly(file, sealedEnd - first * SEALED_BYTES, HEADER_BYTES + first * SEALED_BYTES, fileId);
        const plain = Buffer.allocUnsafe(end - at);
        try {
          for (let number = first; number <= last; number++) {
            const start = number * CHUNK_BYTES;
            chunkAt(sealed, first, number).copy(plain, Math.max(0, start - at), Math.max(0, at - start), end - start);
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

async function exactly(file: FileHandle, length: number, at: number, fileId: string): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  const { bytesRead } = await file.read(buffer, 0, length, at);
  if (bytesRead !== length) throw new AppError('conflict', 'file.tampered', { params: { fileId } });
  return buffer;
}
