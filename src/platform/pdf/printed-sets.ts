import { PDFDocument, PDFName, concatTransformationMatrix, drawObject, popGraphicsState, pushGraphicsState } from 'pdf-lib';
import type { PDFPage, PDFRef } from 'pdf-lib';
import { AppError } from '../errors.ts';
import { drawAnnotations } from './annotations.ts';
import { PAPERS, paperKind, placedOn, refuseHugePng, turnOfJpeg } from './paper.ts';
import type { Matrix, Paper, PaperKind } from './paper.ts';

/** A file that goes on paper: a PDF, or a picture as one page. */
export interface PaperSource {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Papers taken into one file, ready to be laid out as often as sets are wanted: each page is in the file once. */
export interface Papers {
  readonly pagesBySource: readonly number[];
  readonly target: PDFDocument;
  readonly drawn: readonly DrawnPage[];
}

/** What is drawn on a page of paper: null for a page that is blank in its source. */
type DrawnPage = { readonly ref: PDFRef; readonly matrix: Matrix } | null;

export const SOURCE_PAGES_MAX = 2_000;
export const PRINTED_PAGES_MAX = 5_000;

/** @throws AppError `printing.unreadable` with the entry that cannot be printed and why. */
export async function openPapers(sources: readonly PaperSource[], paper: Paper): Promise<Papers> {
  const target = await PDFDocument.create({ updateMetadata: false });
  const drawn: DrawnPage[] = [];
  const pagesBySource: number[] = [];
  for (const source of sources) {
    const kind = paperKind(source.bytes);
    if (!kind) throw unreadable('printing.entry_type', source);
    const pages = kind === 'pdf' ? await pdfPages(target, source, paper) : [await picturePage(target, source, kind, paper)];
    drawn.push(...pages);
    pagesBySource.push(pages.length);
    if (drawn.length > SOURCE_PAGES_MAX) throw unreadable('printing.too_many_pages', source);
  }
  return { target, drawn, pagesBySource };
}

function unreadable(code: string, source: PaperSource, cause?: unknown): AppError {
  return new AppError('conflict', 'printing.unreadable', { findings: [{ code, severity: 'block', path: source.path }], cause });
}

async function pdfPages(target: PDFDocument, source: PaperSource, paper: Paper): Promise<DrawnPage[]> {
  try {
    const document = await PDFDocument.load(source.bytes, { updateMetadata: false });
    const pages = document.getPages();
    if (pages.length > SOURCE_PAGES_MAX) throw unreadable('printing.too_many_pages', source);
    for (const page of pages) drawAnnotations(page);
    const filled = pages.filter((page) => page.node.Contents() !== undefined);
    const boxes = filled.map((page) => {
      const { x, y, width, height } = page.getCropBox();
      return { left: x, bottom: y, right: x + width, top: y + height };
    });
    const embedded = filled.length > 0 ? await target.embedPages(filled, boxes) : [];
    for (const page of embedded) await page.embed();
    return pages.map((page): DrawnPage => {
      const found = embedded[filled.indexOf(page)];
      const { width, height } = page.getCropBox();
      return found ? { ref: found.ref, matrix: placedOn(paper, width, height, page.getRotation().angle) } : null;
    });
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw unreadable(/encrypted/iu.test(String(cause)) ? 'printing.entry_encrypted' : 'printing.entry_broken', source, cause);
  }
}

async function picturePage(target: PDFDocument, source: PaperSource, kind: Exclude<PaperKind, 'pdf'>, paper: Paper): Promise<DrawnPage> {
  try {
    if (kind === 'png') refuseHugePng(source.bytes, source.path);
    // A copy, because the library reads a picture from the beginning of the memory that it lies in.
    const bytes = Uint8Array.from(source.bytes);
    const picture = kind === 'png' ? await target.embedPng(bytes) : await target.embedJpg(bytes);
    await picture.embed();
    const { width, height } = picture;
    const [a, b, c, d, e, f] = placedOn(paper, width, height, kind === 'jpeg' ? turnOfJpeg(source.bytes) : 0);
    // A picture is one unit wide and high.
    return { ref: picture.ref, matrix: [a * width, b * width, c * height, d * height, e, f] };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw unreadable('printing.entry_broken', source, cause);
  }
}

export interface SetsLayout {
  readonly paper: Paper;
  readonly sets: number;
  /** The first page of every set, then a clear page with its mark for every page of every set. */
  readonly added: Uint8Array;
  readonly title: string;
  readonly madeAt: Date;
}

/** All sets one after another, each with its first page on top, every page with its mark. The same papers give the same bytes. */
export async function layOutSets(papers: Papers, layout: SetsLayout): Promise<Buffer> {
  const { target, drawn } = papers;
  const { width, height } = PAPERS[layout.paper];
  const added = await target.embedPdf(layout.added, Array.from({ length: layout.sets * (drawn.length + 2) }, (_, index) => index));
  const upright: Matrix = [1, 0, 0, 1, 0, 0];
  let mark = layout.sets;
  for (let set = 0; set < layout.sets; set += 1) {
    const first = added[set];
    for (const page of [first ? { ref: first.ref, matrix: upright } : null, ...drawn]) {
      const leaf = target.addPage([width, height]);
      if (page) draw(leaf, 'Page', page.ref, page.matrix);
      const foot = added[mark];
      if (foot) draw(leaf, 'Mark', foot.ref, upright);
      mark += 1;
    }
  }
  target.setTitle(layout.title);
  target.setProducer('Puente');
  target.setCreator('Puente');
  target.setCreationDate(layout.madeAt);
  target.setModificationDate(layout.madeAt);
  return Buffer.from(await target.save({ addDefaultPage: false, updateFieldAppearances: false }));
}

function draw(page: PDFPage, name: string, ref: PDFRef, [a, b, c, d, e, f]: Matrix): void {
  const key = PDFName.of(name);
  page.node.setXObject(key, ref);
  page.pushOperators(pushGraphicsState(), concatTransformationMatrix(a, b, c, d, e, f), drawObject(key), popGraphicsState());
}
