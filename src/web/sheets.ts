import { AppError } from '../platform/errors.ts';
import { PAGE_WIDTHS, pageImage, pageText } from '../platform/pdf/page-images.ts';
import type { PageText, PageWidth, ShownPdf } from '../platform/pdf/page-images.ts';
import { addressWith } from './paging.ts';
import { pathText, queryPage, queryText } from './visit.ts';
import type { Download, Visit } from './visit.ts';

/** A document of the PDF, as its list knows it. */
export interface SheetDocument {
  readonly title: readonly { readonly text: string; readonly lang: string }[];
  readonly firstPage: number;
  readonly pages: number;
}

/** How large a page is shown: as wide as there is room, or larger and to be moved about. */
const SIZES = ['fit', 'large', 'largest'] as const;

/** One page of a PDF with the ways to the others, for the part `/parts/sheets`. */
export interface Sheets {
  readonly page: number;
  readonly pages: number;
  /** What was asked for was more than there are: the last one is shown. */
  readonly isBeyond: boolean;
  readonly text: string;
  readonly image: { readonly src: string; readonly width: number; readonly height: number };
  readonly previous: string | null;
  readonly next: string | null;
  readonly sizes: readonly { readonly size: string; readonly href: string; readonly isHere: boolean }[];
  readonly size: string;
  /** What the address carries besides the page, for the form that jumps to one. */
  readonly document: SheetDocument | null;
  readonly contents: readonly (SheetDocument & { readonly href: string; readonly isHere: boolean })[];
}

/** @param at the address below which the pictures are: `<at>/<page>.png`. */
export async function sheetsOf(visit: Visit, pdf: ShownPdf, documents: readonly SheetDocument[], at: string): Promise<Sheets> {
  const wanted = queryPage(visit);
  const shown = await textOrLast(pdf, wanted, visit.ctx.actor.id);
  const { page, pages, text, ratio } = shown;
  const size = SIZES.find((one) => one === queryText(visit, 'size', 10)) ?? 'fit';
  const width = PAGE_WIDTHS[SIZES.indexOf(size)] ?? PAGE_WIDTHS[0];
  const to = (other: number): string => addressWith(visit, { page: other === 1 ? '' : String(other) });
  const holds = ({ firstPage, pages: count }: SheetDocument): boolean => page >= firstPage && page < firstPage + count;
  return {
    page, pages, text, isBeyond: page !== wanted, size,
    image: { src: `${at}/${page}.png${size === 'fit' ? '' : `?width=${width}`}`, width, height: Math.round(width * ratio) },
    previous: page > 1 ? to(page - 1) : null,
    next: page < pages ? to(page + 1) : null,
    sizes: SIZES.map((one) => ({ size: one, href: addressWith(visit, { size: one === 'fit' ? '' : one }), isHere: one === size })),
    document: documents.find(holds) ?? null,
    contents: documents.map((one) => ({ ...one, href: to(one.firstPage), isHere: holds(one) })),
  };
}

async function textOrLast(pdf: ShownPdf, page: number, person: string): Promise<PageText> {
  try {
    return await pageText(pdf, page, person);
  } catch (error) {
    const last = error instanceof AppError && error.code === 'page.not_found' ? Number(error.params['pages'] ?? 1) : 0;
    if (last < 1 || last === page) throw error;
    return pageText(pdf, last, person);
  }
}

/** The picture of one page: `<…>/<number>.png`, in one of the widths that there are. */
export async function sheetImage(visit: Visit, pdf: ShownPdf): Promise<Download> {
  const [number, typed] = [pathText(visit, 'number'), queryText(visit, 'width', 5)];
  const width: PageWidth = PAGE_WIDTHS.find((one) => String(one) === typed) ?? PAGE_WIDTHS[0];
  const { png } = await pageImage(pdf, /^[1-9]\d{0,3}$/.test(number) ? Number(number) : 0, width, visit.ctx.actor.id);
  return { kind: 'download', bytes: png, fileName: `page-${number}.png`, type: 'image/png', isInline: true };
}
