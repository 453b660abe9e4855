import { parentPort } from 'node:worker_threads';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import type { PDFiumDocument, PDFiumPage } from '@hyzyla/pdfium';
import { colourPng, greyPng } from './png.ts';

/** What the thread is asked: one page of a document; without a width only its text. */
export interface PageJob {
  readonly id: number;
  readonly pdf: Uint8Array;
  readonly page: number;
  readonly width: number | null;
}

/** What it answers: the page, or which refusal it is. */
export type PageAnswer =
  | { readonly id: number; readonly pages: number; readonly ratio: number; readonly text: string; readonly png: Uint8Array | null; readonly width: number; readonly height: number }
  | { readonly id: number; readonly fault: 'unreadable' | 'no_such_page'; readonly pages: number };

/** A page longer than this many times its width is no paper; it is shown smaller. */
const HEIGHT_TO_WIDTH_MAX = 3;
/** To let go of a page, the library has to draw it: as small as can be. */
const TINY = 8;
const LETTERS_MAX = 40_000;
const library = await PDFiumLibrary.init();

parentPort?.on('message', (job: PageJob) => void answer(job).then((told) => parentPort?.postMessage(told)));

async function answer({ id, pdf, page, width }: PageJob): Promise<PageAnswer> {
  let document: PDFiumDocument;
  try {
    document = await library.loadDocument(pdf);
  } catch {
    return { id, fault: 'unreadable', pages: 0 };
  }
  try {
    const pages = document.getPageCount();
    return page > pages ? { id, fault: 'no_such_page', pages } : { id, pages, ...await drawn(document.getPage(page - 1), width) };
  } finally {
    document.destroy();
  }
}

async function drawn(page: PDFiumPage, wanted: number | null): Promise<{ ratio: number; text: string; png: Uint8Array | null; width: number; height: number }> {
  const { originalWidth, originalHeight } = page.getOriginalSize();
  const text = readable(page.getText());
  const ratio = originalHeight / originalWidth;
  const width = Math.max(1, Math.round((wanted ?? TINY) * Math.min(1, HEIGHT_TO_WIDTH_MAX / ratio)));
  // What we set ourselves is black on white; a paper that travels as it is may be a photograph.
  const colorSpace = wanted !== null && hasPicture(page) ? 'BGRA' : 'Gray';
  const image = await page.render({ scale: 1, width, height: Math.max(1, Math.round(width * ratio)), colorSpace, render: ({ data }) => Promise.resolve(data) });
  const png = wanted === null ? null : colorSpace === 'Gray' ? greyPng(image) : colourPng(image);
  return { ratio, text, png, width: image.width, height: image.height };
}

function hasPicture(page: PDFiumPage): boolean {
  for (const { type } of page.objects()) if (type === 'image' || type === 'form') return true;
  return false;
}

/** Marks of where a word was divided and other signs that nobody reads are left out. */
function readable(text: string): string {
  return text.slice(0, LETTERS_MAX).replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, '').trim();
}
