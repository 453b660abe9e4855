import type { PdfPool } from './pool.ts';
import { renderPdf } from './render.ts';
import type { Pdf, PdfJob, PdfStandard } from './render.ts';

let pool: PdfPool | null = null;

/** What a process that serves sets its documents in: apart, so that nobody waits for another's packet and memory is given back. Null: in itself. */
export function usePdfPool(given: PdfPool | null): void {
  pool = given;
}

/** Sets a document where this process sets them. @throws a fault where the template does not compile or too many documents wait. */
export async function setPdf(job: PdfJob, standard: PdfStandard = 'a-3a'): Promise<Pdf> {
  return pool ? pool.render(job, standard) : renderPdf(job, standard);
}
