import { inflateSync } from 'node:zlib';
import { PDFArray, PDFDict, PDFDocument, PDFName, PDFNumber, PDFRawStream } from 'pdf-lib';

/** What a reader of codes takes: a file (JPEG, PNG), or the pixels. */
export type Picture = Uint8Array | { readonly data: Uint8ClampedArray; readonly width: number; readonly height: number; readonly colorSpace: 'srgb' };

const PICTURES_MAX = 60;
const PIXELS_MAX = 60_000_000;

/** The pictures of a scanned file: the file itself, or those of a PDF's pages, in their order. What cannot be read is passed over. */
export async function* picturesOf(bytes: Uint8Array): AsyncGenerator<Picture> {
  if (Buffer.from(bytes.subarray(0, 1024)).includes('%PDF-')) yield* picturesOfPdf(bytes);
  else if (isReadable(bytes)) yield bytes;
}

/** Whether a JPEG or PNG says a size that is worth unpacking: a small file can promise more than any memory holds. */
function isReadable(bytes: Uint8Array): boolean {
  const size = sizeOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  return size !== null && size.width > 0 && size.height > 0 && size.width * size.height <= PIXELS_MAX;
}

function sizeOf(bytes: Buffer): { readonly width: number; readonly height: number } | null {
  if (bytes.length > 24 && bytes.readUInt32BE(0) === 0x89504e47) return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return null;
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    // Frames: C0 to CF without the tables (C4, C8, CC); what stands before them is passed over by its length.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}

async function* picturesOfPdf(bytes: Uint8Array): AsyncGenerator<Picture> {
  const pdf = await PDFDocument.load(bytes, { updateMetadata: false, throwOnInvalidObject: false });
  let count = 0;
  for (const [, object] of pdf.context.enumerateIndirectObjects()) {
    if (!(object instanceof PDFRawStream) || object.dict.lookup(PDFName.of('Subtype')) !== PDFName.of('Image')) continue;
    if (++count > PICTURES_MAX) return;
    const picture = pictureOf(object);
    if (picture) yield picture;
  }
}

function numberOf(dict: PDFDict, name: string): number {
  const value = dict.lookup(PDFName.of(name));
  return value instanceof PDFNumber ? value.asNumber() : 0;
}

/** The one filter of a stream; null for several. */
function filterOf(dict: PDFDict): string | null {
  const filter = dict.lookup(PDFName.of('Filter'));
  if (filter instanceof PDFName) return filter.asString();
  return filter instanceof PDFArray && filter.size() === 1 ? String(filter.get(0)) : null;
}

function pictureOf({ dict, contents }: PDFRawStream): Picture | null {
  const filter = filterOf(dict);
  if (filter === '/DCTDecode') return isReadable(contents) ? contents : null;
  const [width, height, bits] = [numberOf(dict, 'Width'), numberOf(dict, 'Height'), numberOf(dict, 'BitsPerComponent') || 1];
  if (filter !== '/FlateDecode' || width < 1 || height < 1 || width * height > PIXELS_MAX || ![1, 8].includes(bits)) return null;
  const parms = dict.lookup(PDFName.of('DecodeParms'));
  const columns = componentsOf(dict);
  if (columns === null) return null;
  const stride = Math.ceil((width * columns * bits) / 8);
  const predictor = parms instanceof PDFDict ? numberOf(parms, 'Predictor') || 1 : 1;
  const raw = inflateSync(contents, { maxOutputLength: (stride + 1) * height + 1_024 });
  const lines = predictor >= 10 ? unfiltered(raw, stride, height, Math.max(1, (columns * bits) >> 3)) : raw;
  return predictor > 1 && predictor < 10 ? null : pixels(lines, { width, height, bits, columns, stride });
}

function componentsOf(dict: PDFDict): number | null {
  if (String(dict.lookup(PDFName.of('ImageMask'))) === 'true') return 1;
  const space = dict.lookup(PDFName.of('ColorSpace'));
  if (space === PDFName.of('DeviceGray')) return 1;
  if (space === PDFName.of('DeviceRGB')) return 3;
  if (space instanceof PDFArray && space.lookup(0) === PDFName.of('ICCBased')) {
    const profile = space.lookup(1);
    const components = profile instanceof PDFRawStream ? numberOf(profile.dict, 'N') : 0;
    return components === 1 || components === 3 ? components : null;
  }
  return space instanceof PDFArray && space.lookup(0) === PDFName.of('CalGray') ? 1 : null;
}

/** Undoes the filters of PNG (PDF 32000, 7.4.4.4), each line by its own. */
function unfiltered(raw: Buffer, stride: number, height: number, step: number): Buffer {
  const lines = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const kind = raw[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x++) {
      const left = x >= step ? lines[y * stride + x - step] ?? 0 : 0;
      const up = y > 0 ? lines[(y - 1) * stride + x] ?? 0 : 0;
      const corner = x >= step && y > 0 ? lines[(y - 1) * stride + x - step] ?? 0 : 0;
      const base = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind] ?? 0;
      lines[y * stride + x] = ((raw[y * (stride + 1) + 1 + x] ?? 0) + base) & 0xff;
    }
  }
  return lines;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [byLeft, byUp, byCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return byLeft <= byUp && byLeft <= byCorner ? left : byUp <= byCorner ? up : corner;
}

function pixels(lines: Buffer, { width, height, bits, columns, stride }: { width: number; height: number; bits: number; columns: number; stride: number }): Picture | null {
  if (lines.length < stride * height) return null;
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const value = (component: number): number => (bits === 8 ? lines[y * stride + x * columns + component] ?? 0
        : (((lines[y * stride + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1) * 255);
      data[at] = value(0);
      data[at + 1] = value(columns === 3 ? 1 : 0);
      data[at + 2] = value(columns === 3 ? 2 : 0);
      data[at + 3] = 255;
    }
  }
  return { data, width, height, colorSpace: 'srgb' };
}
