import { inflateSync } from 'node:zlib';
import { decodePDFRawStream, PDFArray, PDFDict, PDFName, PDFRawStream } from 'pdf-lib';
import type { PDFContext, PDFRef } from 'pdf-lib';
import { jpegCopy } from './jpeg-copy.ts';
import { jpxCopy } from './jpx-copy.ts';
import { dictionariesFrom, nameOf } from './pdf-scan.ts';

const UNCLEAN = 'attachment.picture_unclean';
const UNPACKED_BYTES_MAX = 192 * 1024 * 1024;
/** Old ways of packing give up to a few thousand times as much, and cannot be stopped in the middle. */
const OLD_WAYS_BYTES_MAX = 32 * 1024;
/** How much may stand between the begin of a picture within a page's drawing and its data. */
const INLINE_HEAD_BYTES = 4096;

const LONG_NAMES: Readonly<Record<string, string>> = { DCT: 'DCTDecode', Fl: 'FlateDecode', AHx: 'ASCIIHexDecode', A85: 'ASCII85Decode', LZW: 'LZWDecode', RL: 'RunLengthDecode', CCF: 'CCITTFaxDecode' };
const TEXT_FILTERS = new Set(['ASCIIHexDecode', 'ASCII85Decode']);
const OLD_FILTERS = new Set(['LZWDecode', 'RunLengthDecode']);
/** Lines of black and white and plain points: there is no room for words about them. */
const PLAIN_FILTERS = new Set(['FlateDecode', 'CCITTFaxDecode', 'JBIG2Decode', ...TEXT_FILTERS, ...OLD_FILTERS]);
const COMMON_KEPT = ['Type', 'Subtype', 'Filter', 'DecodeParms', 'Length', 'OC'];
const KEPT: Readonly<Record<string, ReadonlySet<string>>> = {
  Image: new Set([...COMMON_KEPT, 'Width', 'Height', 'ColorSpace', 'BitsPerComponent', 'Intent', 'ImageMask', 'Mask', 'Decode', 'Interpolate', 'SMask', 'SMaskInData', 'Matte']),
  Form: new Set([...COMMON_KEPT, 'FormType', 'BBox', 'Matrix', 'Resources', 'Group']),
};

/**
 * Takes out of all pictures below an object what tells of their making. What cannot be followed, and so not cleaned, is a fault:
 * nothing leaves with a picture that nobody could look into. @returns the code of the fault, or null.
 */
export function cleanPictures(context: PDFContext, root: PDFDict): string | null {
  const left = { bytes: UNPACKED_BYTES_MAX };
  // Found first: cleaning puts other objects in their places.
  for (const { stream, ref } of [...dictionariesFrom(context, [root], new Set<PDFRef>())]) {
    // Others are not from the file: they were drawn here.
    if (!(stream instanceof PDFRawStream) || !ref) continue;
    const cleaned = cleanStream(context, stream, left);
    if (typeof cleaned === 'string') return cleaned;
    context.assign(ref, cleaned);
  }
  return null;
}

interface Left {
  bytes: number;
}

function cleanStream(context: PDFContext, stream: PDFRawStream, left: Left): PDFRawStream | string {
  const { dict } = stream;
  // Its data would be those of another file.
  if (dict.has(PDFName.of('F'))) return 'attachment.pdf_files';
  const kept = KEPT[nameOf(context.lookup(dict.get(PDFName.of('Subtype'))))];
  if (kept) for (const key of dict.keys()) if (!kept.has(key.decodeText())) dict.delete(key);
  const filters = filtersOf(context, dict);
  if (!filters) return UNCLEAN;
  const last = filters.at(-1);
  if (last === 'DCTDecode' || last === 'JPXDecode') return photograph(context, stream, filters, left);
  if (!filters.every((filter) => PLAIN_FILTERS.has(filter))) return UNCLEAN;
  return kept === KEPT['Image'] ? stream : withoutPicturesInside(context, stream, filters, left);
}

/** Names of the filters in the order in which they are undone; null where one of them is none. */
function filtersOf(context: PDFContext, dict: PDFDict): string[] | null {
  const given = context.lookup(dict.get(PDFName.of('Filter')));
  if (given === undefined) return [];
  const names = (given instanceof PDFArray ? given.asArray() : [given]).map((one) => nameOf(context.lookup(one)));
  return names.includes('') ? null : names.map((name) => LONG_NAMES[name] ?? name);
}

function photograph(context: PDFContext, { dict, contents }: PDFRawStream, filters: readonly string[], left: Left): PDFRawStream | string {
  const kind = filters.at(-1) as string;
  const outer = filters.slice(0, -1);
  if (outer.length > 0 && !outer.every((_, index) => isPlainlyPacked(context, dict, index))) return UNCLEAN;
  let bytes: Buffer = Buffer.from(contents);
  for (const filter of outer) {
    const unpacked = unpackedBy(context, filter, bytes, left);
    if (!unpacked) return UNCLEAN;
    bytes = unpacked.bytes;
  }
  const jpeg = kind === 'DCTDecode' ? jpegCopy(bytes) : null;
  const copy = jpeg ? ('fault' in jpeg ? null : jpeg.bytes) : jpxCopy(bytes);
  if (!copy) return UNCLEAN;
  const transform = context.lookup(parametersOf(context, dict, outer.length)?.get(PDFName.of('ColorTransform')));
  dict.set(PDFName.of('Filter'), PDFName.of(kind));
  dict.delete(PDFName.of('DecodeParms'));
  if (transform) dict.set(PDFName.of('DecodeParms'), context.obj({ ColorTransform: transform }));
  return PDFRawStream.of(dict, copy);
}

function parametersOf(context: PDFContext, dict: PDFDict, index: number): PDFDict | null {
  const given = context.lookup(dict.get(PDFName.of('DecodeParms')));
  const own = given instanceof PDFArray ? context.lookup(given.asArray()[index]) : index === 0 ? given : undefined;
  return own instanceof PDFDict ? own : null;
}

/** A photograph's bytes are never told from their neighbours: whoever says so has something else in mind. */
function isPlainlyPacked(context: PDFContext, dict: PDFDict, index: number): boolean {
  return (parametersOf(context, dict, index)?.keys().length ?? 0) === 0;
}

/** What a filter gives, and from how many of the bytes; null where it gives nothing, or more than it may. */
function unpackedBy(context: PDFContext, filter: string, data: Buffer, left: Left): { readonly bytes: Buffer; readonly from: number } | null {
  try {
    if (filter === 'FlateDecode') {
      // The types know nothing of what `info` adds.
      const { buffer, engine } = inflateSync(data, { maxOutputLength: Math.max(left.bytes, 1), info: true }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
      left.bytes -= buffer.length;
      return { bytes: buffer, from: engine.bytesWritten };
    }
    if (!TEXT_FILTERS.has(filter) && !(OLD_FILTERS.has(filter) && data.length <= OLD_WAYS_BYTES_MAX)) return null;
    const bytes = Buffer.from(decodePDFRawStream(PDFRawStream.of(context.obj({ Filter: filter }), data)).decode());
    left.bytes -= bytes.length;
    return left.bytes < 0 ? null : { bytes, from: data.length };
  } catch {
    return null;
  }
}

/** Pages are drawn by what is packed here, and may hold pictures in the midst of it; nothing stands behind what is packed. */
function withoutPicturesInside(context: PDFContext, stream: PDFRawStream, filters: readonly string[], left: Left): PDFRawStream | string {
  let bytes: Buffer = Buffer.from(stream.contents);
  let packed: Buffer = bytes;
  for (const [index, filter] of filters.entries()) {
    const unpacked = unpackedBy(context, filter, bytes, left);
    // Broken data are drawn as far as they go by some readers, and not looked into by us.
    if (!unpacked) return left.bytes <= 0 ? 'attachment.bomb' : bytes.length === 0 ? stream : UNCLEAN;
    if (index === 0) packed = bytes.subarray(0, unpacked.from);
    bytes = unpacked.bytes;
  }
  return hasPhotographInside(bytes) ? UNCLEAN : PDFRawStream.of(stream.dict, packed);
}

function hasPhotographInside(drawing: Buffer): boolean {
  for (let at = drawing.indexOf('BI'); at !== -1; at = drawing.indexOf('BI', at + 2)) {
    const head = drawing.toString('latin1', Math.max(at - 1, 0), at + INLINE_HEAD_BYTES);
    if (!/^.?BI[\s/%]/s.test(head) || (at > 0 && !/^[\s\])>]/.test(head))) continue;
    const names = head.split(/[\s>\]]ID\s/)[0]?.replace(/#([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))) ?? '';
    if (/\/(DCT|DCTDecode|JPX|JPXDecode)(?![\w.-])/.test(names)) return true;
  }
  return false;
}
