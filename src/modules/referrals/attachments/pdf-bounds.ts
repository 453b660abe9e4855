import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflate, inflateSync } from 'node:zlib';
import { PDFArray, PDFName, PDFNumber, PDFParser, PDFRawStream, PDFRef } from 'pdf-lib';
import type { PDFObject } from 'pdf-lib';

/** What the packed parts of a PDF that are no pictures may unpack to, in all; of these, the parts that hold objects. */
const UNPACKED_BYTES_MAX = 128 * 1024 * 1024;
const OBJECT_BYTES_MAX = 32 * 1024 * 1024;
const STREAMS_MAX = 20_000;
const OBJECTS_MAX = 300_000;
const LOOK_BACK_BYTES = 16 * 1024;
/** How often over, and for how long, a file is looked through. Parts within parts count again, since a reader may start at any of them. */
const TIMES_READ_MAX = 4;
const MILLISECONDS_MAX = 20_000;
const BOMB = 'attachment.bomb';

/**
 * Looks at a PDF before anything unpacks it. Parsers unpack the parts that hold objects without a bound, and readers everything
 * else; pictures are told by their size, later.
 */
export async function boundsFault(bytes: Buffer): Promise<string | null> {
  const until = performance.now() + MILLISECONDS_MAX;
  return (await contentFault(bytes, until)) ?? objectsFault(bytes, until);
}

/** Everything packed that does not say that it is a picture is unpacked, counted and thrown away. */
async function contentFault(bytes: Buffer, until: number): Promise<string | null> {
  let total = 0;
  let read = 0;
  let count = 0;
  let end = 0;
  for (let at = bytes.indexOf('stream'); at !== -1; at = bytes.indexOf('stream', at + 6)) {
    if (bytes.toString('latin1', Math.max(at - 3, 0), at) === 'end') continue;
    count += 1;
    if (count > STREAMS_MAX || performance.now() > until) return BOMB;
    const start = startOfData(bytes, at + 6);
    if (!isPacked(bytes, start) || isPicture(bytes, at)) continue;
    if (end < start) end = endOfData(bytes, start);
    const part = await unpackedBytes(bytes.subarray(start, end), UNPACKED_BYTES_MAX - total);
    total += part.bytes;
    read += part.from;
    if (total >= UNPACKED_BYTES_MAX || read > TIMES_READ_MAX * bytes.length) return BOMB;
  }
  return null;
}

function isPicture(bytes: Buffer, at: number): boolean {
  const before = bytes.toString('latin1', Math.max(at - LOOK_BACK_BYTES, 0), at);
  return /\/Subtype\s*\/Image\b/.test(before.slice(Math.max(before.lastIndexOf('obj'), 0)));
}

/** The two bytes with which deflated data begin: a method, and a check sum over both. */
function isPacked(bytes: Buffer, start: number): boolean {
  const [first = 0, second = 0] = [bytes[start], bytes[start + 1]];
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}

function startOfData(bytes: Buffer, after: number): number {
  const first = bytes[after] === 0x0d ? after + 1 : after;
  return bytes[first] === 0x0a ? first + 1 : first;
}

function endOfData(bytes: Buffer, start: number): number {
  const end = bytes.indexOf('endstream', start);
  return end === -1 ? bytes.length : end;
}

/** Data that break off, or are followed by more, count for what they gave, and for how much of them was read. */
async function unpackedBytes(data: Buffer, most: number): Promise<{ readonly bytes: number; readonly from: number }> {
  let count = 0;
  const counter = new Writable({
    write(chunk: Buffer, _encoding, done) {
      count += chunk.length;
      done(count >= most ? new Error('enough') : null);
    },
  });
  const inflate = createInflate();
  await pipeline(Readable.from([data]), inflate, counter).catch(() => undefined);
  return { bytes: count, from: inflate.bytesWritten };
}

/** Reads as the library's own parser does, which alone knows what it takes for a part that holds objects, and unpacks these with a bound first. */
class BoundedParser extends PDFParser {
  hasTooMuch = false;
  private unpacked = 0;
  private objects = 0;
  until = Number.POSITIVE_INFINITY;

  override parseObject(): PDFObject {
    if (performance.now() > this.until) this.stop();
    const object = super.parseObject();
    if (object instanceof PDFRawStream) this.check(object);
    return object;
  }

  private check({ dict, contents }: PDFRawStream): void {
    const type = dict.lookup(PDFName.of('Type'));
    if (type !== PDFName.of('ObjStm') && type !== PDFName.of('XRef')) return;
    const [filter, count] = [dict.get(PDFName.of('Filter')), dict.lookup(PDFName.of('N'))];
    const only = filter instanceof PDFArray && filter.size() === 1 ? filter.get(0) : filter;
    this.objects += count instanceof PDFNumber ? count.asNumber() : 0;
    this.unpacked += only === undefined ? contents.length : only === PDFName.of('FlateDecode') && !(filter instanceof PDFRef) ? objectBytes(contents) : Number.POSITIVE_INFINITY;
    if (this.unpacked <= OBJECT_BYTES_MAX && !(this.objects > OBJECTS_MAX)) return;
    this.stop();
  }

  private stop(): never {
    this.hasTooMuch = true;
    throw new Error('the objects of a PDF unpack to more than they may, or take longer');
  }
}

function objectBytes(contents: Uint8Array): number {
  try {
    return inflateSync(contents, { maxOutputLength: OBJECT_BYTES_MAX }).length;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? Number.POSITIVE_INFINITY : 0;
  }
}

async function objectsFault(bytes: Buffer, until: number): Promise<string | null> {
  let count = 0;
  for (let at = bytes.indexOf(' obj'); at !== -1; at = bytes.indexOf(' obj', at + 4)) count += 1;
  if (count > OBJECTS_MAX) return BOMB;
  const parser = new BoundedParser(bytes, 1500, true, true);
  parser.until = until;
  // What else is wrong is said by whoever parses it to use it.
  await parser.parseDocument().catch(() => undefined);
  return parser.hasTooMuch ? BOMB : null;
}
