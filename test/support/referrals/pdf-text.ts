import { inflateSync } from 'node:zlib';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** What a reader of a PDF gets: its text page by page, what it says of itself, and the files inside. */
export interface ReadPdf {
  readonly pages: readonly string[];
  readonly info: Readonly<Record<string, unknown>>;
  readonly metadata: string;
  readonly attachments: ReadonlyMap<string, Buffer>;
  readonly outline: string;
  readonly isTagged: boolean;
}

export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const task = getDocument({ data: Uint8Array.from(bytes), useSystemFonts: false, verbosity: 0 });
  const document = await task.promise;
  const pages: string[] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const { items } = await (await document.getPage(number)).getTextContent();
    pages.push(items.map((item) => ('str' in item ? `${item.str}${item.hasEOL ? ' ' : ''}` : '')).join(''));
  }
  const { info, metadata } = await document.getMetadata();
  const attachments = new Map<string, Buffer>();
  for (const id of (await document.getAttachments())?.keys() ?? []) attachments.set(id, Buffer.from((await document.getAttachmentContent(id)) as unknown as Uint8Array));
  const marks = (await document.getMarkInfo()) as unknown as ReadonlyMap<string, boolean> | null;
  const result: ReadPdf = {
    pages, info: info as Record<string, unknown>, metadata: metadata?.getRaw() ?? '',
    attachments,
    outline: JSON.stringify(await document.getOutline()), isTagged: marks?.get('Marked') === true,
  };
  await task.destroy();
  return result;
}

/** Everything in a file that is readable as it stands or once its streams are inflated: where a secret could hide. */
export function inflatedBytes(file: Buffer): Buffer {
  const parts: Buffer[] = [file];
  for (let at = file.indexOf('stream'); at !== -1; at = file.indexOf('stream', at + 6)) {
    const start = at + 6 + (file[at + 6] === 0x0d ? 2 : 1);
    try {
      parts.push(inflateSync(file.subarray(start), { finishFlush: 2 }));
    } catch {
      // Not every stream is deflated, and `endstream` is none.
    }
  }
  return Buffer.concat(parts);
}
