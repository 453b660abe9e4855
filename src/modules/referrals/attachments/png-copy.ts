import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflate } from 'node:zlib';
import { PIXELS_MAX } from './attachment.rules.ts';
import type { Copied } from './jpeg-copy.ts';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** What a picture is drawn from. Texts, times, EXIF, colour profiles by name and unknown chunks stay here. */
const NEEDED = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND', 'gAMA', 'cHRM', 'sRGB', 'sBIT', 'pHYs']);
const CHUNKS_MAX = 100_000;
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

interface Chunk {
  readonly type: string;
  /** Length, type, data, check sum. */
  readonly bytes: Buffer;
  readonly data: Buffer;
}

/** The same picture with nothing that tells of its making. What it unpacks to is counted, never held. */
export async function pngCopy(bytes: Buffer): Promise<Copied> {
  const found = chunksOf(bytes);
  const header = found?.list[0];
  if (!found || header?.type !== 'IHDR' || header.data.length !== 13) return { fault: 'attachment.broken' };
  const [width, height] = [header.data.readUInt32BE(0), header.data.readUInt32BE(4)];
  if (width === 0 || height === 0) return { fault: 'attachment.broken' };
  if (width * height > PIXELS_MAX) return { fault: 'attachment.too_many_pixels' };
  const expected = unpackedBytes(header.data, width, height);
  const data = found.list.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data);
  const unpacked = expected === null ? null : await countUnpacked(data, expected);
  if (unpacked === null || expected === null) return { fault: 'attachment.broken' };
  if (unpacked > expected) return { fault: 'attachment.bomb' };
  if (unpacked < (header.data[12] === 0 ? expected : height)) return { fault: 'attachment.broken' };
  const copy = Buffer.concat([SIGNATURE, ...found.list.filter(({ type }) => NEEDED.has(type)).map((chunk) => chunk.bytes)]);
  return { bytes: copy, width, height, dropped: found.end < bytes.length };
}

function chunksOf(bytes: Buffer): { list: Chunk[]; end: number } | null {
  const list: Chunk[] = [];
  for (let at = SIGNATURE.length; at + 12 <= bytes.length && list.length < CHUNKS_MAX;) {
    const length = bytes.readUInt32BE(at);
    const end = at + 12 + length;
    if (end > bytes.length) return null;
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) return null;
    list.push({ type, bytes: bytes.subarray(at, end), data: bytes.subarray(at + 8, end - 4) });
    if (type === 'IEND') return { list, end };
    at = end;
  }
  return null;
}

/** How many bytes the lines of the picture are, filter bytes included; interlaced ones have some more. Null for an impossible header. */
function unpackedBytes(header: Buffer, width: number, height: number): number | null {
  const channels = CHANNELS[header[9] as number];
  const depth = header[8] as number;
  if (channels === undefined || ![1, 2, 4, 8, 16].includes(depth) || header[10] !== 0 || (header[12] as number) > 1) return null;
  const plain = height * (1 + Math.ceil((width * channels * depth) / 8));
  return header[12] === 0 ? plain : plain + 8 * (width + height) + 64;
}

/** Stops counting as soon as it is more than it may be. Null where it cannot be unpacked. */
async function countUnpacked(data: readonly Buffer[], expected: number): Promise<number | null> {
  let count = 0;
  const enough = new Error('enough');
  const counter = new Writable({
    write(chunk: Buffer, _encoding, done) {
      count += chunk.length;
      done(count > expected ? enough : null);
    },
  });
  try {
    await pipeline(Readable.from(data), createInflate(), counter);
  } catch (error) {
    return error === enough ? count : null;
  }
  return count;
}
