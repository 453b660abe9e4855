import { PDFArray, PDFDict, PDFName, PDFRef, PDFStream } from 'pdf-lib';
import type { PDFContext, PDFObject } from 'pdf-lib';

/** Actions that run, fetch or send something. Those that only show another place are dropped with their links. */
const ACTIONS = new Set(['JavaScript', 'Launch', 'ImportData', 'SubmitForm', 'Rendition', 'Movie', 'Sound', 'GoToE', 'RichMediaExecute']);
const ACTIVE_ANNOTATIONS = new Set(['RichMedia', 'Screen', 'Movie', 'Sound', '3D']);

export const nameOf = (value: PDFObject | undefined): string => (value instanceof PDFName ? value.decodeText() : '');

/** Every dictionary below an object, each once, found without recursion: a file may nest as deep as it likes. */
export function* dictionariesFrom(context: PDFContext, roots: readonly PDFObject[], seenRefs: Set<PDFRef>): Generator<{ dict: PDFDict; stream: PDFStream | null; ref: PDFRef | null }> {
  const waiting: { value: PDFObject; ref: PDFRef | null }[] = roots.map((value) => ({ value, ref: null }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, ref } = next;
    if (value instanceof PDFRef) {
      if (seenRefs.has(value)) continue;
      seenRefs.add(value);
      const target = context.lookup(value);
      if (target) waiting.push({ value: target, ref: value });
    } else if (value instanceof PDFArray) {
      for (const item of value.asArray()) waiting.push({ value: item, ref: null });
    } else {
      const stream = value instanceof PDFStream ? value : null;
      const dict = stream ? stream.dict : value instanceof PDFDict ? value : null;
      if (!dict) continue;
      yield { dict, stream, ref };
      for (const [, entry] of dict.entries()) waiting.push({ value: entry, ref: null });
    }
  }
}

/** Codes of what a PDF would do, carry or ask, besides being read. */
export function activeContent(context: PDFContext): string[] {
  const found = new Set<string>();
  const all = context.enumerateIndirectObjects().map(([, object]) => object);
  for (const { dict } of dictionariesFrom(context, [...all, ...Object.values(context.trailerInfo).filter((value) => value !== undefined)], new Set())) {
    const has = (key: string): boolean => dict.has(PDFName.of(key));
    const isAction = ACTIONS.has(nameOf(context.lookup(dict.get(PDFName.of('S')))));
    if (has('JS') || has('JavaScript') || (isAction && nameOf(context.lookup(dict.get(PDFName.of('S')))) === 'JavaScript')) found.add('attachment.pdf_script');
    else if (isAction) found.add('attachment.pdf_action');
    if (has('EmbeddedFiles') || has('EF') || nameOf(context.lookup(dict.get(PDFName.of('Subtype')))) === 'FileAttachment') found.add('attachment.pdf_files');
    if (has('XFA')) found.add('attachment.pdf_xfa');
    if (ACTIVE_ANNOTATIONS.has(nameOf(context.lookup(dict.get(PDFName.of('Subtype')))))) found.add('attachment.pdf_media');
  }
  return [...found].sort();
}

/** Whether the paper carries an electronic signature of its own, which no copy can keep. */
export function isSigned(context: PDFContext): boolean {
  return context.enumerateIndirectObjects().some(([, object]) => object instanceof PDFDict && object.has(PDFName.of('ByteRange')) && object.has(PDFName.of('Contents')));
}

export function hasFields(context: PDFContext): boolean {
  return context.enumerateIndirectObjects().some(([, object]) => object instanceof PDFDict && object.has(PDFName.of('FT')));
}
