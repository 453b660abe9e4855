import type { Finding } from '../../../platform/errors.ts';
import { PIXELS_MAX } from './attachment.rules.ts';
import { jpegCopy } from './jpeg-copy.ts';
import type { Copied } from './jpeg-copy.ts';
import { pdfCopy } from './pdf-copy.ts';
import { pngCopy } from './png-copy.ts';
import { isPolyglot, sniff, typeByName } from './sniff.rules.ts';

/** A file as it may leave, or why it may not. */
export type Inspected =
  | { readonly isTaken: true; readonly mediaType: string; readonly pages: number; readonly copy: Buffer; readonly findings: readonly Finding[] }
  | { readonly isTaken: false; readonly findings: readonly Finding[] };

/** Looks at what a file is, whatever it is called, and makes the copy that may leave. Nothing in it is ever run. */
export async function inspectFile(bytes: Buffer, fileName: string): Promise<Inspected> {
  const type = sniff(bytes);
  if (type !== 'pdf' && type !== 'png' && type !== 'jpeg') return refused(`attachment.type_${type}`);
  const named = typeByName(fileName);
  if (named !== null && named !== type) return refused('attachment.type_lies');
  if (isPolyglot(bytes, type)) return refused('attachment.two_types');
  if (type === 'pdf') {
    const copy = await pdfCopy(bytes);
    if ('faults' in copy) return { isTaken: false, findings: copy.faults.map((code) => ({ code, severity: 'block' })) };
    return { isTaken: true, mediaType: 'application/pdf', pages: copy.pages, copy: copy.bytes, findings: copy.notes.map(note) };
  }
  return picture(type === 'png' ? 'image/png' : 'image/jpeg', type === 'png' ? await pngCopy(bytes) : jpegCopy(bytes));
}

function picture(mediaType: string, copied: Copied): Inspected {
  if ('fault' in copied) return refused(copied.fault);
  if (copied.width * copied.height > PIXELS_MAX) return refused('attachment.too_many_pixels');
  return { isTaken: true, mediaType, pages: 1, copy: copied.bytes, findings: copied.dropped ? [note('attachment.trailing_dropped')] : [] };
}

const refused = (code: string): Inspected => ({ isTaken: false, findings: [{ code, severity: 'block' }] });
const WORTH_A_LOOK = new Set(['attachment.signature_lost', 'attachment.notes_dropped']);
const note = (code: string): Finding => ({ code, severity: WORTH_A_LOOK.has(code) ? 'warn' : 'info' });
