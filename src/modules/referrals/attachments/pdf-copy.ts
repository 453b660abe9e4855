import { EncryptedPDFError, PDFArray, PDFDict, PDFDocument, PDFName, PDFNumber, PDFRawStream, PDFString } from 'pdf-lib';
import type { PDFContext, PDFObject, PDFRef } from 'pdf-lib';
import { PAGES_MAX, PIXELS_MAX } from './attachment.rules.ts';
import { boundsFault } from './pdf-bounds.ts';
import { cleanPictures } from './pdf-pictures.ts';
import { activeContent, dictionariesFrom, hasFields, isSigned, nameOf } from './pdf-scan.ts';

export type CopiedPdf = { readonly bytes: Buffer; readonly pages: number; readonly notes: readonly string[] } | { readonly faults: readonly string[] };

const CATALOG_KEPT = new Set(['Type', 'Pages', 'OCProperties', 'Lang']);
/** Where programs leave traces, and what readers show only on request. */
const HIDDEN = ['Metadata', 'PieceInfo', 'LastModified', 'Thumb', 'AA', 'StructParents', 'StructParent', 'Alt', 'OPI', 'Measure'];
const BOXES_KEPT = ['Type', 'Parent', 'Resources', 'MediaBox', 'CropBox', 'Rotate'];
const PAGE_KEPT = new Set([...BOXES_KEPT, 'BleedBox', 'TrimBox', 'ArtBox', 'Contents', 'Group', 'Annots', 'UserUnit']);
const TREE_KEPT = new Set([...BOXES_KEPT, 'Kids', 'Count']);
const RESOURCES_KEPT = new Set(['ExtGState', 'ColorSpace', 'Pattern', 'Shading', 'XObject', 'Font', 'ProcSet', 'Properties']);
const LAYERS_KEPT = new Set(['OCGs', 'D']);
const LAYERS_SHOWN_KEPT = new Set(['BaseState', 'ON', 'OFF', 'Intent']);
/** A layer needs a name, but not the one that it was given. */
const LAYER_KEPT = new Set(['Type', 'Intent', 'OCGs', 'P', 'VE']);
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
    const { hasDropped, fault: unclean } = onlyWhatIsSeen(document);
    if (unclean !== null) return { faults: [unclean] };
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

export interface Seen {
  /** Whether marks were dropped that a reader may have seen. */
  readonly hasDropped: boolean;
  /** The code of what stands in the way of taking everything out. */
  readonly fault: string | null;
}

/** Takes everything out of a document that its pages do not show. */
export function onlyWhatIsSeen(document: PDFDocument): Seen {
  const { context, catalog } = document;
  keepOnly(catalog, CATALOG_KEPT);
  let hasDropped = false;
  const above = new Set<PDFDict>();
  for (const page of document.getPages()) {
    hasDropped = keepMarks(context, page.node) || hasDropped;
    keepOnly(page.node, PAGE_KEPT);
    for (let node = page.node.Parent(); node && !above.has(node); node = node.Parent()) above.add(node);
  }
  for (const node of above) keepOnly(node, TREE_KEPT);
  keepLayers(context, catalog);
  context.trailerInfo = { Root: context.trailerInfo.Root } as typeof context.trailerInfo;
  for (const { dict } of dictionariesFrom(context, [catalog], new Set())) {
    for (const key of HIDDEN) dict.delete(PDFName.of(key));
    const resources = context.lookup(dict.get(PDFName.of('Resources')));
    if (resources instanceof PDFDict) keepResources(context, resources);
  }
  const fault = cleanPictures(context, catalog);
  const reached = new Set<PDFRef>();
  Array.from(dictionariesFrom(context, [catalog], reached));
  const root = context.trailerInfo.Root;
  for (const [ref] of context.enumerateIndirectObjects()) if (!reached.has(ref) && ref !== root) context.delete(ref);
  return { hasDropped, fault };
}

function keepOnly(dict: PDFDict, kept: ReadonlySet<string>): void {
  for (const key of dict.keys()) if (!kept.has(key.decodeText())) dict.delete(key);
}

/** Which layers are shown, without their names and what else is told of them. */
function keepLayers(context: PDFContext, catalog: PDFDict): void {
  const layers = context.lookup(catalog.get(PDFName.of('OCProperties')));
  if (!(layers instanceof PDFDict)) return void catalog.delete(PDFName.of('OCProperties'));
  keepOnly(layers, LAYERS_KEPT);
  const shown = context.lookup(layers.get(PDFName.of('D')));
  if (shown instanceof PDFDict) keepOnly(shown, LAYERS_SHOWN_KEPT);
  const all = context.lookup(layers.get(PDFName.of('OCGs')));
  for (const item of all instanceof PDFArray ? all.asArray() : []) keepLayer(context, context.lookup(item));
}

function keepLayer(context: PDFContext, layer: PDFObject | undefined): void {
  if (!(layer instanceof PDFDict)) return;
  keepOnly(layer, LAYER_KEPT);
  if (nameOf(context.lookup(layer.get(PDFName.of('Type')))) === 'OCG') layer.set(PDFName.of('Name'), PDFString.of('-'));
}

/** Of the properties of what is drawn, only those that say to which layer it belongs show. */
function keepResources(context: PDFContext, resources: PDFDict): void {
  keepOnly(resources, RESOURCES_KEPT);
  const properties = context.lookup(resources.get(PDFName.of('Properties')));
  if (!(properties instanceof PDFDict)) return;
  for (const [key, value] of properties.entries()) {
    const layer = context.lookup(value);
    const isLayer = layer instanceof PDFDict && ['OCG', 'OCMD'].includes(nameOf(context.lookup(layer.get(PDFName.of('Type')))));
    if (isLayer) keepLayer(context, layer);
    else properties.set(key, context.obj({}));
  }
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
