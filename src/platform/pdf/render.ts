import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { fontBlobs } from './fonts.ts';

/** A document to be set: a template of our own, and everything that varies as data. */
export interface PdfJob {
  /** Absolute path of the template's folder and the name of its main file. */
  readonly templates: string;
  readonly main: string;
  /** Passed as JSON and as text; never becomes part of the template's source. */
  readonly data: unknown;
  readonly attachments?: Readonly<Record<string, string>>;
  /** Written into the file as its time of making, so that the same content gives the same bytes. */
  readonly madeAt: Date;
}

/** `a-3a`: to be kept and sent, with files inside. `ua-1`: to be read on a screen or aloud. One file is made as one of them. */
export type PdfStandard = 'a-3a' | 'ua-1';

export interface Pdf {
  readonly bytes: Buffer;
  readonly pages: number;
  /** The documents within the file, where the template says where each begins (metadata labelled `documents`). */
  readonly documents: readonly PlacedDocument[];
}

export interface PlacedDocument {
  readonly id: string;
  readonly firstPage: number;
  readonly pages: number;
}

// The compiler keeps what it computed; without eviction memory grows with every document.
const CACHE_AGE_MAX = 2;
const compilers = new Map<string, NodeCompiler>();

function compilerFor(templates: string): NodeCompiler {
  let compiler = compilers.get(templates);
  if (!compiler) {
    compiler = NodeCompiler.create({ workspace: templates, fontArgs: [{ fontBlobs: [...fontBlobs()] }] });
    compilers.set(templates, compiler);
  }
  return compiler;
}

/**
 * Sets a document as a tagged PDF (no validator certifies here that it meets its standard). Native memory grows by some 0.2 MB
 * with every document: where there are many, `pdfPool` sets them.
 * A template that does not compile is a fault of ours and is thrown as such, without the content that it was given.
 */
export function renderPdf(job: PdfJob, standard: PdfStandard = 'a-3a'): Pdf {
  const compiler = compilerFor(job.templates);
  const inputs = { data: JSON.stringify(job.data), ...(job.attachments ?? {}) };
  const source = { mainFilePath: `${job.templates}/${job.main}`, inputs };
  try {
    // In one call: a compiled document handed to JavaScript in between is freed only when its garbage collector gets to it,
    // which it does too late because it sees nothing of the megabytes behind it.
    const bytes = compiler.pdf(source, { pdfStandard: standard, creationTimestamp: Math.floor(job.madeAt.getTime() / 1000) });
    // What was just laid out is still in the compiler's cache: asking costs a millisecond.
    const [documents] = compiler.query(source, { selector: '<documents>', field: 'value' }) as readonly (readonly PlacedDocument[])[];
    return { bytes, pages: countPages(bytes), documents: documents ?? [] };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/(["'`])[^"'`]*\1/g, '…').slice(0, 200) : '';
    throw new Error(`fault: template ${job.main} does not compile: ${reason}`);
  } finally {
    compiler.evictCache(CACHE_AGE_MAX);
  }
}

const NODE_BYTES_MAX = 200;

/** The root of the page tree counts them all, and so has the greatest count of its nodes. */
function countPages(pdf: Buffer): number {
  let most = 0;
  for (let at = pdf.indexOf('/Type /Pages'); at !== -1; at = pdf.indexOf('/Type /Pages', at + 1)) {
    const [, count] = /^\/Type \/Pages\s+(?:\/Parent [\d R]+\s+)?\/Count (\d+)/.exec(pdf.toString('latin1', at, at + NODE_BYTES_MAX)) ?? [];
    most = Math.max(most, Number(count ?? 0));
  }
  if (most === 0) throw new Error('page tree not found');
  return most;
}
