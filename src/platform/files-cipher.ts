import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from './errors.ts';
import type { KeyRing } from './keys.ts';

/**
 * Encrypted files: a header (format, key version, salt), then chunks of AES-256-GCM under a key of this file's own. A
 * chunk's nonce holds its number and whether it is the last, so chunks cannot be swapped, repeated or cut off unseen (the STREAM construction).
 */
const FORMAT = 1;
const SALT_BYTES = 32;
export const CHUNK_BYTES = 64 * 1024;
export const TAG_BYTES = 16;
export const HEADER_BYTES = 1 + 4 + SALT_BYTES;

type Keys = Pick<KeyRing, 'currentVersion' | 'fileKey'>;

export async function* sealChunks(keys: Keys, aad: string, plain: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(FORMAT, 0);
  header.writeUInt32BE(keys.currentVersion, 1);
  randomBytes(SALT_BYTES).copy(header, 5);
  yield header;
  const key = keys.fileKey(keys.currentVersion, header.subarray(5));
  const bound = Buffer.concat([header, Buffer.from(aad, 'utf8')]);
  let number = 0;
  for await (const { bytes, isLast } of cut(plain, CHUNK_BYTES)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number++, isLast), { authTagLength: TAG_BYTES });
    cipher.setAAD(bound);
    yield Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  }
}

/** @throws AppError `keys.decrypt_failed` at the first chunk that is not what was written. */
export async function* openChunks(keys: Keys, aad: string, sealed: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let key: Buffer | null = null;
  let bound = Buffer.alloc(0);
  let number = 0;
  for await (const { bytes, isLast } of cut(sealed, CHUNK_BYTES + TAG_BYTES, HEADER_BYTES)) {
    if (key === null) {
      if (bytes.length !== HEADER_BYTES || bytes[0] !== FORMAT) throw new AppError('invalid', 'keys.decrypt_failed');
      key = keys.fileKey(bytes.readUInt32BE(1), bytes.subarray(5));
      bound = Buffer.concat([bytes, Buffer.from(aad, 'utf8')]);
      if (isLast) throw new AppError('invalid', 'keys.decrypt_failed');
      continue;
    }
    yield openChunk(key, nonceOf(number++, isLast), bound, bytes);
  }
  if (number === 0) throw new AppError('invalid', 'keys.decrypt_failed');
}

/** Opens single chunks of a file, by their number. @throws AppError `keys.decrypt_failed`, `keys.version_unknown`. */
export function openerOf(keys: Keys, aad: string, header: Buffer): (sealed: Buffer, number: number, isLast: boolean) => Buffer {
  if (header.length !== HEADER_BYTES || header[0] !== FORMAT) throw new AppError('invalid', 'keys.decrypt_failed');
  const key = keys.fileKey(header.readUInt32BE(1), header.subarray(5));
  const bound = Buffer.concat([header, Buffer.from(aad, 'utf8')]);
  return (sealed, number, isLast) => openChunk(key, nonceOf(number, isLast), bound, sealed);
}

function openChunk(key: Buffer, nonce: Buffer, aad: Buffer, sealed: Buffer): Buffer {
  if (sealed.length < TAG_BYTES) throw new AppError('invalid', 'keys.decrypt_failed');
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new AppError('invalid', 'keys.decrypt_failed', { cause });
  }
}

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(number, 7);
  nonce.writeUInt8(isLast ? 1 : 0, 11);
  return nonce;
}

/** Pieces of exactly `size` bytes (the first of `firstSize`); only the last may be shorter, and there is always a last one. */
async function* cut(source: AsyncIterable<Uint8Array>, size: number, firstSize = size): AsyncGenerator<{ bytes: Buffer; isLast: boolean }> {
  let held: Buffer = Buffer.alloc(0);
  let wanted = firstSize;
  for await (const chunk of source) {
    held = held.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([held, chunk]);
    let at = 0;
    // A full piece waits until more is seen, since only then is it known not to be the last.
    while (held.length - at > wanted) {
      yield { bytes: held.subarray(at, at + wanted), isLast: false };
      at += wanted;
      wanted = size;
    }
    held = Buffer.from(held.subarray(at)); // a copy: the source may use its memory again
  }
  yield { bytes: held, isLast: true };
}
