import { EncryptedPDFError, PDFArray, PDFDict, PDFDocument, PDFName, PDFNumber, PDFRawStream } from 'pdf-lib';
import type { PDFContext, PDFRef } from 'pdf-lib';
import { PAGES_MAX, PIXELS_MAX } from './attachment.rules.ts';
import { jpegCopy } from './jpeg-copy.ts';
import { boundsFault } from './pdf-bounds.ts';
import { activeContent, dictionariesFrom, hasFields, isSigned, nameOf } from './pdf-scan.ts';

export type CopiedPdf = { readonly bytes: Buffer; readonly pages: number; readonly notes: readonly string[] } | { readonly faults: readonly string[] };

const CATALOG_KEPT = new Set(['Type', 'Pages', 'OCProperties', 'Lang']);
/** Where programs leave traces, and what readers show only on request. */
const HIDDEN = ['Metadata', 'PieceInfo', 'LastModified', 'Thumb', 'AA', 'StructParents', 'StructParent', 'Alt', 'OPI', 'Measure'];
const MARKS = new Set(['Widget', 'Stamp', 'FreeText', 'Highlight', 'Underline', 'StrikeOut', 'Line', 'Square', 'Circle', 'Polygon', 'PolyLine', 'Ink']);
const MARK_KEPT = new Set(['Type', 'Subtype', 'Rect', 'AP', 'AS', 'F', 'OC', 'CA']);
const HIDDEN_OR_NOT_VIEWED = 0b100010;

/**
 * The same pages, and only what is seen on them: no author, title or program, no outline, notes, fields, thumbnails, earlier
 * versions or leftovers, and nothing that tells of its making in the photographs inside. The same bytes give the same copy.
 */
export async function pdfCopy(bytes: Buffer): Promise<CopiedPdf> {
  const fault = await boundsFault(bytes);
  if (fault !== null) return { faults: [fault] };
  const document = await load(bytes);
  if (typeof document === 'string') return { faults: [document] };
  try {
    const { context } = document;
    const active = activeContent(context);
    if (active.length > 0) return { faults: active };
    const pages = document.getPageCount();
    if (pages === 0) return { faults: ['attachment.broken'] };
    if (pages > PAGES_MAX) return { faults: ['attachment.too_many_pages'] };
    const notes = [...(isSigned(context) ? ['attachment.signature_lost'] : []), ...(hasFields(context) ? ['attachment.fields_fixed'] : [])];
    const hasDropped = onlyWhatIsSeen(document);
    if (hasPicturesTooLarge(context)) return { faults: ['attachment.too_many_pixels'] };
    const copy = Buffer.from(await document.save({ useObjectStreams: true, addDefaultPage: false, updateFieldAppearances: false }));
    return { bytes: copy, pages, notes: [...notes, ...(hasDropped ? ['attachment.notes_dropped'] : [])] };
  } catch {
    // Objects that are missing or of another kind than they must be show only when they are used.
    return { faults: ['attachment.broken'] };
  }
}

async function load(bytes: Buffer): Promise<PDFDocument | string> {
  try {
    const document = await PDFDocument.load(bytes, { throwOnInvalidObject: true, updateMetadata: false, capNumbers: true, parseSpeed: 1500 });
    return document.catalog instanceof PDFDict ? document : 'attachment.broken';
  } catch (error) {
    // Parts of an encrypted file often cannot be read before anybody asks whether it is one.
    return error instanceof EncryptedPDFError || bytes.includes('/Encrypt') ? 'attachment.encrypted' : 'attachment.broken';
  }
}

/** Takes everything out of a document that its pages do not show. @returns whether marks were dropped that a reader may have seen. */
export function onlyWhatIsSeen(document: PDFDocument): boolean {
  const { context, catalog } = document;
  keepOnly(catalog, CATALOG_KEPT);
  let hasDropped = false;
  for (const page of document.getPages()) hasDropped = keepMarks(context, page.node) || hasDropped;
  context.trailerInfo = { Root: context.trailerInfo.Root } as typeof context.trailerInfo;
  const reached = new Set<PDFRef>();
  for (const { dict } of dictionariesFrom(context, [catalog], new Set())) for (const key of HIDDEN) dict.delete(PDFName.of(key));
  for (const { dict, stream, ref } of dictionariesFrom(context, [catalog], reached)) {
    if (ref && stream instanceof PDFRawStream && nameOf(dict.get(PDFName.of('Filter'))) === 'DCTDecode') context.assign(ref, withoutTraces(stream));
  }
  const root = context.trailerInfo.Root;
  for (const [ref] of context.enumerateIndirectObjects()) if (!reached.has(ref) && ref !== root) context.delete(ref);
  return hasDropped;
}

function keepOnly(dict: PDFDict, kept: ReadonlySet<string>): void {
  for (const key of dict.keys()) if (!kept.has(key.decodeText())) dict.delete(key);
}

function keepMarks(context: PDFContext, page: PDFDict): boolean {
  const marks = context.lookup(page.get(PDFName.of('Annots')));
  page.delete(PDFName.of('Annots'));
  if (!(marks instanceof PDFArray)) return false;
  const kept = marks.asArray().filter((item) => {
    const mark = context.lookup(item);
    if (!(mark instanceof PDFDict) || !mark.has(PDFName.of('AP')) || !MARKS.has(nameOf(context.lookup(mark.get(PDFName.of('Subtype')))))) return false;
    const flags = context.lookup(mark.get(PDFName.of('F')));
    if (flags instanceof PDFNumber && (flags.asNumber() & HIDDEN_OR_NOT_VIEWED) !== 0) return false;
    keepOnly(mark, MARK_KEPT);
    return true;
  });
  if (kept.length > 0) page.set(PDFName.of('Annots'), context.obj(kept));
  const isLink = (item: (typeof kept)[number]): boolean => {
    const mark = context.lookup(item);
    return mark instanceof PDFDict && nameOf(context.lookup(mark.get(PDFName.of('Subtype')))) === 'Link';
  };
  return marks.asArray().some((item) => !kept.includes(item) && !isLink(item));
}

function withoutTraces(stream: PDFRawStream): PDFRawStream {
  const copy = jpegCopy(Buffer.from(stream.contents));
  return 'fault' in copy ? stream : PDFRawStream.of(stream.dict, copy.bytes);
}

function hasPicturesTooLarge(context: PDFContext): boolean {
  return context.enumerateIndirectObjects().some(([, object]) => {
    if (!(object instanceof PDFRawStream) || nameOf(object.dict.get(PDFName.of('Subtype'))) !== 'Image') return false;
    const side = (key: string): number => {
      const value = context.lookup(object.dict.get(PDFName.of(key)));
      return value instanceof PDFNumber ? value.asNumber() : 0;
    };
    return side('Width') * side('Height') > PIXELS_MAX;
  });
}
