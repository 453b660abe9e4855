import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflate } from 'node:zlib';
import { PIXELS_MAX } from './attachment.rules.ts';
import type { Copied } from './jpeg-copy.ts';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** What a picture is drawn from, in this order. Texts, times, EXIF, colour profiles by name and unknown chunks stay here. */
const DRAWN = ['gAMA', 'cHRM', 'sRGB', 'sBIT', 'PLTE', 'tRNS', 'pHYs'];
const PALETTE = 3;
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
  const data = Buffer.concat(found.list.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data));
  const drawn = drawnFrom(found.list, header.data);
  const unpacked = expected === null ? null : await unpack(data, expected);
  if (unpacked === null || drawn === null || expected === null) return { fault: 'attachment.broken' };
  if (unpacked.bytes > expected) return { fault: 'attachment.bomb' };
  if (unpacked.bytes < expected) return { fault: 'attachment.broken' };
  const copy = Buffer.concat([SIGNATURE, header.bytes, ...drawn, chunk('IDAT', data.subarray(0, unpacked.from)), chunk('IEND', Buffer.alloc(0))]);
  return { bytes: copy, width, height, dropped: found.end < bytes.length || unpacked.from < data.length };
}

/** The chunks beside the data, each once and exactly as long as it must be. Null where the picture cannot be drawn without one. */
function drawnFrom(list: readonly Chunk[], header: Buffer): Buffer[] | null {
  const colours = header[9] as number;
  const first = (type: string): Chunk | undefined => list.find((one) => one.type === type);
  const entries = (first('PLTE')?.data.length ?? 0) / 3;
  if (colours === PALETTE && (!Number.isInteger(entries) || entries < 1 || entries > 2 ** (header[8] as number))) return null;
  const lengths: Readonly<Record<string, (bytes: number) => boolean>> = {
    gAMA: (bytes) => bytes === 4, cHRM: (bytes) => bytes === 32, sRGB: (bytes) => bytes === 1, pHYs: (bytes) => bytes === 9,
    sBIT: (bytes) => bytes === (colours === PALETTE ? 3 : CHANNELS[colours]),
    // Beside true colours a palette is a proposal, which nothing draws from.
    PLTE: () => colours === PALETTE,
    tRNS: (bytes) => (colours === PALETTE ? bytes <= entries : bytes === { 0: 2, 2: 6 }[colours]),
  };
  return DRAWN.flatMap((type) => {
    const found = first(type);
    return found && lengths[type]?.(found.data.length) ? [found.bytes] : [];
  });
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(data.length, 0);
  around.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([around.subarray(0, 4), body, around.subarray(4)]);
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

/** Where the points of each pass of an interlaced picture begin, and how far they are apart. */
const PASSES = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]] as const;

/** How many bytes the lines of the picture are, filter bytes included. Null for an impossible header. */
function unpackedBytes(header: Buffer, width: number, height: number): number | null {
  const channels = CHANNELS[header[9] as number];
  const depth = header[8] as number;
  if (channels === undefined || ![1, 2, 4, 8, 16].includes(depth) || header[10] !== 0 || header[11] !== 0 || (header[12] as number) > 1) return null;
  const lines = (across: number, down: number): number => (across === 0 ? 0 : down * (1 + Math.ceil((across * channels * depth) / 8)));
  if (header[12] === 0) return lines(width, height);
  return PASSES.reduce((sum, [x, y, dx, dy]) => sum + lines(Math.max(Math.ceil((width - x) / dx), 0), Math.max(Math.ceil((height - y) / dy), 0)), 0);
}

/** How much the data unpack to, and from how many of their bytes. Stops as soon as it is more than it may be; null where they cannot be unpacked. */
async function unpack(data: Buffer, expected: number): Promise<{ readonly bytes: number; readonly from: number } | null> {
  let bytes = 0;
  const enough = new Error('enough');
  const counter = new Writable({
    write(part: Buffer, _encoding, done) {
      bytes += part.length;
      done(bytes > expected ? enough : null);
    },
  });
  const inflate = createInflate();
  try {
    await pipeline(Readable.from([data]), inflate, counter);
  } catch (error) {
    if (error !== enough) return null;
  }
  return { bytes, from: inflate.bytesWritten };
}
