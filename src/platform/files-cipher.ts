import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
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

/** The sealed file in pieces, to be written one after the other. */
export async function* sealChunks(keys: Keys, aad: string, plain: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(FORMAT, 0);
  header.writeUInt32BE(keys.currentVersion, 1);
  randomBytes(SALT_BYTES).copy(header, 5);
  yield header;
  const key = createSecretKey(keys.fileKey(keys.currentVersion, header.subarray(5)));
  const bound = Buffer.concat([header, Buffer.from(aad, 'utf8')]);
  let number = 0;
  for await (const { bytes, isLast } of cut(plain, CHUNK_BYTES)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number++, isLast), { authTagLength: TAG_BYTES });
    cipher.setAAD(bound);
    yield cipher.update(bytes);
    const rest = cipher.final();
    yield rest.length === 0 ? cipher.getAuthTag() : Buffer.concat([rest, cipher.getAuthTag()]);
  }
}

/** @throws AppError `keys.decrypt_failed` at the first chunk that is not what was written. */
export async function* openChunks(keys: Keys, aad: string, sealed: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let open: ReturnType<typeof openerOf> | null = null;
  let number = 0;
  for await (const { bytes, isLast } of cut(sealed, CHUNK_BYTES + TAG_BYTES, HEADER_BYTES)) {
    if (open === null) {
      open = openerOf(keys, aad, Buffer.from(bytes));
      if (isLast) throw new AppError('invalid', 'keys.decrypt_failed');
      continue;
    }
    yield open(bytes, number++, isLast);
  }
  if (number === 0) throw new AppError('invalid', 'keys.decrypt_failed');
}

/** Opens single chunks of a file, by their number. @throws AppError `keys.decrypt_failed`, `keys.version_unknown`. */
export function openerOf(keys: Keys, aad: string, header: Buffer): (sealed: Buffer, number: number, isLast: boolean) => Buffer {
  if (header.length !== HEADER_BYTES || header[0] !== FORMAT) throw new AppError('invalid', 'keys.decrypt_failed');
  const key = createSecretKey(keys.fileKey(header.readUInt32BE(1), header.subarray(5)));
  const bound = Buffer.concat([header, Buffer.from(aad, 'utf8')]);
  return (sealed, number, isLast) => openChunk(key, nonceOf(number, isLast), bound, sealed);
}

function openChunk(key: KeyObject, nonce: Buffer, aad: Buffer, sealed: Buffer): Buffer {
  if (sealed.length < TAG_BYTES) throw new AppError('invalid', 'keys.decrypt_failed');
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    const plain = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
    const rest = decipher.final();
    return rest.length === 0 ? plain : Buffer.concat([plain, rest]);
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

/**
 * Pieces of exactly `size` bytes (the first of `firstSize`); only the last may be shorter, and there is always a last one. The memory of
 * a piece is used again for the next: large files would otherwise cost more in collecting garbage than in being read.
 */
async function* cut(source: AsyncIterable<Uint8Array>, size: number, firstSize = size): AsyncGenerator<{ bytes: Buffer; isLast: boolean }> {
  const held = Buffer.allocUnsafe(Math.max(size, firstSize));
  let filled = 0;
  let wanted = firstSize;
  for await (const chunk of source) {
    let at = 0;
    while (at < chunk.length) {
      // A full piece waits until more is seen, since only then is it known not to be the last.
      if (filled === wanted) {
        yield { bytes: held.subarray(0, filled), isLast: false };
        filled = 0;
        wanted = size;
      }
      const taken = Math.min(chunk.length - at, wanted - filled);
      held.set(taken === chunk.length ? chunk : chunk.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
    }
  }
  yield { bytes: held.subarray(0, filled), isLast: true };
}
