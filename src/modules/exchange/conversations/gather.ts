import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { AppError } from '../../../platform/errors.ts';

/** What is small enough is looked up before anything is written to disk: a partner that repeats itself a thousand times costs little. */
const GATHERED_MAX = 1024 * 1024;

export interface Gathered {
  readonly source: Readable | Uint8Array;
  /** Null where it is too large to be held. */
  readonly sha256: string | null;
}

/** @throws AppError `exchange.empty`; errors of the source pass through. */
export async function gathered(given: Readable | Uint8Array): Promise<Gathered> {
  const parts = (given instanceof Uint8Array ? Readable.from([given], { objectMode: true }) : given)[Symbol.asyncIterator]();
  const held: Buffer[] = [];
  let count = 0;
  for (;;) {
    const next = await parts.next() as IteratorResult<Uint8Array | string>;
    if (next.done) break;
    const bytes = typeof next.value === 'string' ? Buffer.from(next.value, 'utf8') : Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    held.push(bytes);
    count += bytes.length;
    if (count > GATHERED_MAX) return { source: Readable.from(rest(held, parts)), sha256: null };
  }
  if (count === 0) throw new AppError('invalid', 'exchange.empty');
  const bytes = Buffer.concat(held);
  return { source: bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

async function* rest(held: readonly Buffer[], parts: AsyncIterator<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  yield* held;
  for (let next = await parts.next(); !next.done; next = await parts.next()) yield typeof next.value === 'string' ? Buffer.from(next.value, 'utf8') : next.value;
}
