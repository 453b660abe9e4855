/** A picture as it may leave, or the code of what is wrong with it. */
export type Copied = { readonly bytes: Buffer; readonly width: number; readonly height: number; readonly dropped: boolean } | { readonly fault: string };

/** No camera writes more; and each takes memory. */
const SEGMENTS_MAX = 10_000;
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DHT = 0xc4;
const DAC = 0xcc;
const DQT = 0xdb;
const DRI = 0xdd;
const APP1 = 0xe1;
const ADOBE = 0xee;
/** Marker, length, "Adobe", version, two words of flags, and how its colours are meant: of all this only the last draws anything. */
const ADOBE_BYTES = 16;

/** Without these a picture cannot be drawn: frames, tables, restart interval. Everything else (EXIF, place, thumbnails, comments) stays here. */
const isNeeded = (marker: number): boolean => (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc8) || marker === DQT || marker === DRI;
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![DHT, 0xc8, DAC].includes(marker);

interface Segment {
  readonly marker: number;
  /** With its marker. */
  readonly bytes: Buffer;
  /** Where a scan's data begin; the end of any other segment. */
  readonly head: number;
}

/**
 * The same picture, bit for bit, with nothing that tells where, when, with what or by whom it was taken. How it is to be turned
 * is kept, since it would otherwise lie on its side.
 */
export function jpegCopy(bytes: Buffer): Copied {
  const segments = segmentsOf(bytes);
  if (!segments) return { fault: 'attachment.broken' };
  const [frame, ...more] = segments.list.filter(({ marker }) => isFrame(marker));
  if (!frame || more.length > 0 || frame.bytes.length < 10 || !segments.list.some(({ marker }) => marker === SOS)) return { fault: 'attachment.broken' };
  const [height, width] = [frame.bytes.readUInt16BE(5), frame.bytes.readUInt16BE(7)];
  if (width === 0 || height === 0) return { fault: 'attachment.broken' };
  const needed = segments.list.filter(({ marker }) => marker === SOS || isNeeded(marker));
  // Whatever is longer than its tables are carries something else, and no reader draws it.
  if (!needed.every(isExact)) return { fault: 'attachment.broken' };
  const colours = segments.list.find(({ marker, bytes: part }) => marker === ADOBE && part.length >= ADOBE_BYTES && part.toString('latin1', 4, 9) === 'Adobe');
  const kept = [...(colours ? [adobeSegment(colours.bytes[ADOBE_BYTES - 1] as number)] : []), ...needed.map((part) => part.bytes)];
  const turned = segments.list.map(orientationOf).find((value) => value > 1);
  const copy = Buffer.concat([Buffer.from([0xff, SOI]), ...(turned ? [orientationSegment(turned)] : []), ...kept, Buffer.from([0xff, EOI])]);
  return { bytes: copy, width, height, dropped: segments.end < bytes.length };
}

/** Segments between begin and end; a scan's segment holds its data up to the next marker. Null where the file does not hold together. */
function segmentsOf(bytes: Buffer): { list: Segment[]; end: number } | null {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) return null;
  const list: Segment[] = [];
  let at = 2;
  while (at + 1 < bytes.length && list.length < SEGMENTS_MAX) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === EOI) return { list, end: at + 2 };
    if (marker === SOI || marker < 0xc0 || at + 4 > bytes.length) return null;
    const length = bytes.readUInt16BE(at + 2);
    let end = at + 2 + length;
    if (length < 2 || end > bytes.length) return null;
    const head = 2 + length;
    if (marker === SOS) end = endOfScan(bytes, end);
    list.push({ marker, bytes: bytes.subarray(at, end), head });
    at = end;
  }
  return null;
}

function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] as number;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}

/** Whether a segment is as long as what it must hold, to the byte. */
function isExact({ marker, bytes, head }: Segment): boolean {
  if (marker === DRI) return head === 6;
  if (marker === SOS) return head === 8 + 2 * (bytes[4] ?? 0);
  if (marker === DAC) return head % 2 === 0;
  if (marker !== DQT && marker !== DHT) return head === 10 + 3 * (bytes[9] ?? 0);
  let at = 4;
  while (at < head) {
    const first = bytes[at] as number;
    if (marker === DQT) at += first >> 4 === 0 ? 65 : 129;
    else at += 17 + bytes.subarray(at + 1, at + 17).reduce((sum, count) => sum + count, 0);
  }
  return at === head;
}

function adobeSegment(transform: number): Buffer {
  return Buffer.concat([Buffer.from([0xff, ADOBE, 0, ADOBE_BYTES - 2]), Buffer.from('Adobe\0\x64\0\0\0\0', 'latin1'), Buffer.from([transform])]);
}

/** The EXIF orientation, 1 to 8; 0 where the segment has none. */
function orientationOf({ marker, bytes }: Segment): number {
  if (marker !== APP1 || bytes.toString('latin1', 4, 10) !== 'Exif\0\0' || bytes.length < 20) return 0;
  const tiff = bytes.subarray(10);
  const isLittle = tiff.toString('latin1', 0, 2) === 'II';
  const u16 = (at: number): number => (at + 2 > tiff.length ? 0 : isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  const count = Math.min(u16(directory), 500);
  for (let index = 0; index < count; index += 1) {
    const entry = directory + 2 + index * 12;
    if (u16(entry) === 0x0112) return u16(entry + 8) <= 8 ? u16(entry + 8) : 0;
  }
  return 0;
}

function orientationSegment(orientation: number): Buffer {
  const exif = Buffer.from('4578696600004d4d002a00000008000101120003000000010000000000000000', 'hex');
  exif.writeUInt16BE(orientation, 24);
  return Buffer.concat([Buffer.from([0xff, APP1, 0, exif.length + 2]), exif]);
}
