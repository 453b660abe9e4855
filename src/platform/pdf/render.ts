import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import type { NodeTypstDocument } from '@myriaddreamin/typst-ts-node-compiler';
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
 * A template that does not compile is a fault of ours and is thrown as such, with codes and no content.
 */
export function renderPdf(job: PdfJob): Pdf {
  const compiler = compilerFor(job.templates);
  const inputs = { data: JSON.stringify(job.data), ...(job.attachments ?? {}) };
  try {
    const compiled = compiler.compile({ mainFilePath: `${job.templates}/${job.main}`, inputs });
    const document: NodeTypstDocument | null = compiled.result;
    if (document === null) throw new Error(`fault: template ${job.main} does not compile: ${reasons(compiler, compiled.takeDiagnostics())}`);
    const bytes = compiler.pdf(document, { pdfStandard: 'a-3a', creationTimestamp: Math.floor(job.madeAt.getTime() / 1000) });
    return { bytes, pages: document.numOfPages };
  } finally {
    compiler.evictCache(CACHE_AGE_MAX);
  }
}

function reasons(compiler: NodeCompiler, error: Parameters<NodeCompiler['fetchDiagnostics']>[0] | null): string {
  if (error === null) return 'no diagnostics';
  return compiler.fetchDiagnostics(error).map((one: { message?: string; range?: { start?: { line?: number } } }) => `${one.message ?? ""} (line ${String(one.range?.start?.line)})`).join('; ').slice(0, 500);
}
