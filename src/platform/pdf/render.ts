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

export interface Pdf {
  readonly bytes: Buffer;
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
 * Sets a document as a tagged PDF, made as PDF/A-3a (no validator certifies it here).
 * A template that does not compile is a fault of ours and is thrown as such, without the content that it was given.
 */
export function renderPdf(job: PdfJob): Pdf {
  const compiler = compilerFor(job.templates);
  const inputs = { data: JSON.stringify(job.data), ...(job.attachments ?? {}) };
  try {
    // In one call: a compiled document handed to JavaScript in between is freed only when its garbage collector gets to it,
    // which it does too late because it sees nothing of the megabytes behind it.
    const bytes = compiler.pdf({ mainFilePath: `${job.templates}/${job.main}`, inputs },
      { pdfStandard: 'a-3a', creationTimestamp: Math.floor(job.madeAt.getTime() / 1000) });
    return { bytes, pages: countPages(bytes) };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/(["'`])[^"'`]*\1/g, '…').slice(0, 200) : '';
    throw new Error(`fault: template ${job.main} does not compile: ${reason}`);
  } finally {
    compiler.evictCache(CACHE_AGE_MAX);
  }
}

/** The root of the page tree counts them all, and so has the greatest count of its nodes. */
function countPages(pdf: Buffer): number {
  const counts = [...pdf.toString('latin1').matchAll(/\/Type \/Pages\s+(?:\/Parent [\d R]+\s+)?\/Count (\d+)/g)].map((match) => Number(match[1]));
  if (counts.length === 0) throw new Error('page tree not found');
  return Math.max(...counts);
}
