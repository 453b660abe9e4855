import { createHash, timingSafeEqual } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Request } from 'express';
import { AppError } from '../../platform/errors.ts';
import { chunksOf } from './bodies.ts';

/** The body of a request that is read as it comes, counted and digested on the way. */
export interface IncomingStream {
  readonly source: Readable;
  /** Of everything that was read; only after the source has ended. */
  digest(): string;
}

/**
 * Half an upload is none: where the connection ends, fewer bytes come than were announced, or the digest that was announced differs, the
 * source fails, and whoever keeps it keeps nothing.
 */
export function incomingStream(req: Request, bytesMax: number): IncomingStream {
  const announced = announcedDigest(req);
  const length = req.get('content-length');
  if (length !== undefined && Number(length) > bytesMax) throw new AppError('invalid', 'api.too_large', { params: { bytesMax } });
  const hash = createHash('sha256');
  let digest: Buffer | null = null;
  async function* read(): AsyncGenerator<Buffer> {
    let byteCount = 0;
    for await (const chunk of chunksOf(req)) {
      byteCount += chunk.length;
      if (byteCount > bytesMax) throw new AppError('invalid', 'api.too_large', { params: { bytesMax } });
      hash.update(chunk);
      yield chunk;
    }
    if (byteCount === 0) throw new AppError('invalid', 'api.body_missing');
    digest = hash.digest();
    if (announced !== null && !timingSafeEqual(digest, announced)) throw new AppError('invalid', 'api.digest_differs');
  }
  return {
    source: Readable.from(read(), { objectMode: false }),
    digest() {
      if (!digest) throw new Error('fault: a body was asked for its digest before it was read');
      return digest.toString('hex');
    },
  };
}

/** `Content-Digest: sha-256=:<base64>:` (RFC 9530); other algorithms are passed over, as it says. */
function announcedDigest(req: Request): Buffer | null {
  const header = req.get('content-digest');
  if (header === undefined) return null;
  const encoded = /(?:^|[,\s])sha-256=:([A-Za-z0-9+/]{43}=):/.exec(header)?.[1];
  if (encoded === undefined && /sha-256/.test(header)) throw new AppError('invalid', 'api.digest_differs');
  return encoded === undefined ? null : Buffer.from(encoded, 'base64');
}

/** Reads to the end and keeps nothing. */
export async function drained(source: Readable): Promise<void> {
  for await (const chunk of source) void chunk;
}
