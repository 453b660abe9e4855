/** Boxes of a JP2 file that a picture is drawn from. Texts, XML, UUIDs (EXIF, XMP, place) and rights stay here. */
const BOXES = new Set(['jP  ', 'ftyp', 'jp2h', 'jp2c']);
/** Of the header: size, depth, colours, palette, channels. A colour profile may stand in `colr`; a resolution draws nothing. */
const HEADER_BOXES = new Set(['ihdr', 'bpcc', 'colr', 'pclr', 'cmap', 'cdef']);
const BOXES_MAX = 1_000;
const SEGMENTS_MAX = 10_000;

const SOC = 0xff4f;
const SOT = 0xff90;
const SOD = 0xff93;
const EOC = 0xffd9;
const COMMENT = 0xff64;
/** SIZ, COD, COC, QCD, QCC, RGN, POC, PPM, PPT, CRG, TLM, PLM, PLT: what a decoder needs or finds its way by. */
const KNOWN = new Set([0xff51, 0xff52, 0xff53, 0xff5c, 0xff5d, 0xff5e, 0xff5f, 0xff60, 0xff61, 0xff63, 0xff55, 0xff57, 0xff58]);

/** A JPEG 2000 picture without anything that tells of its making, bit for bit otherwise; null where it cannot be followed. */
export function jpxCopy(bytes: Buffer): Buffer | null {
  if (bytes.length > 2 && bytes.readUInt16BE(0) === SOC) return codestreamCopy(bytes);
  const boxes = boxesOf(bytes);
  if (!boxes || boxes[0]?.type !== 'jP  ' || boxes.filter(({ type }) => type === 'jp2c').length !== 1) return null;
  const parts: Buffer[] = [];
  for (const { type, data } of boxes) {
    if (!BOXES.has(type)) continue;
    const copy = type === 'jp2c' ? codestreamCopy(data) : type === 'jp2h' ? headerCopy(data) : data;
    if (!copy || (type === 'jP  ' && copy.length !== 4) || (type === 'ftyp' && copy.length > 64)) return null;
    parts.push(box(type, copy));
  }
  return Buffer.concat(parts);
}

interface Box {
  readonly type: string;
  readonly data: Buffer;
}

function boxesOf(bytes: Buffer): Box[] | null {
  const list: Box[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 8 > bytes.length || list.length > BOXES_MAX) return null;
    const stated = bytes.readUInt32BE(at);
    // 1: a length of eight bytes follows; 0: up to the end.
    if (stated === 1 && at + 16 > bytes.length) return null;
    const head = stated === 1 ? 16 : 8;
    const length = stated === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : stated === 0 ? bytes.length - at : stated;
    if (length < head || at + length > bytes.length) return null;
    list.push({ type: bytes.toString('latin1', at + 4, at + 8), data: bytes.subarray(at + head, at + length) });
    at += length;
  }
  return list;
}

function box(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length + 8, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, data]);
}

function headerCopy(data: Buffer): Buffer | null {
  const boxes = boxesOf(data);
  return boxes && Buffer.concat(boxes.filter(({ type }) => HEADER_BOXES.has(type)).map((one) => box(one.type, one.data)));
}

/** Without comments and what stands behind the end. A comment in the head of a tile is more than we can take out. */
function codestreamCopy(bytes: Buffer): Buffer | null {
  const main = segmentsUpTo(bytes, 2, SOT);
  if (!main || bytes.readUInt16BE(0) !== SOC) return null;
  const parts: Buffer[] = [bytes.subarray(0, 2), ...main.list.filter(({ marker }) => marker !== COMMENT).map((segment) => segment.bytes)];
  let at = main.end;
  for (let count = 0; count < SEGMENTS_MAX && at + 2 <= bytes.length; count += 1) {
    const marker = bytes.readUInt16BE(at);
    if (marker === EOC) return Buffer.concat([...parts, bytes.subarray(at, at + 2)]);
    if (marker !== SOT || at + 12 > bytes.length || bytes.readUInt16BE(at + 2) !== 10) return null;
    const length = bytes.readUInt32BE(at + 6);
    const end = length === 0 ? bytes.lastIndexOf(Buffer.from([0xff, 0xd9])) : at + length;
    const head = segmentsUpTo(bytes, at + 12, SOD);
    if (!head || head.end > end || end > bytes.length || head.list.some((segment) => segment.marker === COMMENT)) return null;
    parts.push(bytes.subarray(at, end));
    at = end;
  }
  return null;
}

function segmentsUpTo(bytes: Buffer, from: number, last: number): { readonly list: { readonly marker: number; readonly bytes: Buffer }[]; readonly end: number } | null {
  const list: { marker: number; bytes: Buffer }[] = [];
  for (let at = from; at + 4 <= bytes.length && list.length < SEGMENTS_MAX;) {
    const marker = bytes.readUInt16BE(at);
    if (marker === last) return { list, end: at };
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if ((!KNOWN.has(marker) && marker !== COMMENT) || end > bytes.length || end < at + 4) return null;
    list.push({ marker, bytes: bytes.subarray(at, end) });
    at = end;
  }
  return null;
}
