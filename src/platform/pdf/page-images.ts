import { Worker } from 'node:worker_threads';
import { AppError } from '../errors.ts';
import { KeptForAWhile } from '../kept-for-a-while.ts';
import type { PageAnswer, PageJob } from './page-images-worker.ts';

/** A PDF of which pages are shown. Whoever asks has made sure before that the person may see it. */
export interface ShownPdf {
  /** What only these bytes have, such as their digest: pages are kept for a few minutes under it. */
  readonly key: string;
  /** Asked for only where the page is not kept. */
  readonly bytes: () => Promise<Uint8Array>;
}

/** One page: how many there are, what it says, and how high it is for its width. */
export interface PageText {
  readonly page: number;
  readonly pages: number;
  readonly text: string;
  readonly ratio: number;
}

export interface PageImage extends PageText {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Widths in dots in which a page is drawn; others are not, so that few are kept. */
export const PAGE_WIDTHS = [900, 1400, 2000] as const;
export type PageWidth = (typeof PAGE_WIDTHS)[number];

const PDF_BYTES_MAX = 64 * 1024 * 1024;
const PAGES_MAX = 2000;
const PAGES_BYTES_MAX = 16 * 1024 * 1024;
const DOCUMENTS_BYTES_MAX = 32 * 1024 * 1024;
const KEPT_MS_MAX = 300_000;
const WAITING_MAX = 32;
const JOB_MS_MAX = 15_000;
/** After so many pages the thread is replaced, which gives back all the memory that they took. */
const JOBS_PER_THREAD = 200;
const IDLE_MS_MAX = 60_000;

/** What a page says and how many there are. @throws AppError as `pageImage`. */
export async function pageText(pdf: ShownPdf, page: number): Promise<PageText> {
  return asked(pdf, page, null);
}

/**
 * One page as a picture, drawn in a thread of its own: pages one after the other, each within some seconds.
 *
 * @throws AppError `page.not_found`; `page.unreadable`: no PDF that can be drawn; `page.busy`: too many wait.
 */
export async function pageImage(pdf: ShownPdf, page: number, width: PageWidth): Promise<PageImage> {
  const { png, ...rest } = await asked(pdf, page, width);
  if (png === null) throw new Error('fault: a page was asked for as a picture and came without one');
  return { ...rest, png };
}

interface Shown extends PageText {
  readonly png: Uint8Array | null;
  readonly width: number;
  readonly height: number;
}

async function asked(pdf: ShownPdf, page: number, width: PageWidth | null): Promise<Shown> {
  if (!Number.isSafeInteger(page) || page < 1 || page > PAGES_MAX) throw new AppError('not_found', 'page.not_found', { params: { page: String(page).slice(0, 10) } });
  const name = `${pdf.key}/${page}/${width ?? 'text'}`;
  const known = kept.get(name);
  if (known) return known;
  const bytes = documents.get(pdf.key) ?? await pdf.bytes();
  if (bytes.byteLength > PDF_BYTES_MAX) throw new AppError('conflict', 'page.unreadable');
  documents.put(pdf.key, bytes, bytes.byteLength);
  const answer = await thread.draw(bytes, page, width);
  if ('fault' in answer) {
    throw answer.fault === 'no_such_page' ? new AppError('not_found', 'page.not_found', { params: { page, pages: answer.pages } }) : new AppError('conflict', 'page.unreadable');
  }
  const { pages, ratio, text, png, width: wide, height } = answer;
  const shown: Shown = { page, pages, ratio, text, png, width: wide, height };
  kept.put(name, shown, (png?.byteLength ?? 0) + text.length * 2);
  return shown;
}

interface Waiting {
  readonly job: PageJob;
  readonly done: (answer: PageAnswer) => void;
  readonly failed: (error: Error) => void;
}

/** One thread, one page at a time. It never holds the program back from ending, and ends itself when nobody asks. */
class PageThread {
  #worker: Worker | null = null;
  #jobs = 0;
  #now: Waiting | null = null;
  #timer: NodeJS.Timeout | undefined;
  #ids = 0;
  readonly #waiting: Waiting[] = [];

  draw(pdf: Uint8Array, page: number, width: number | null): Promise<PageAnswer> {
    if (this.#waiting.length >= WAITING_MAX) return Promise.reject(new AppError('partner_unavailable', 'page.busy'));
    return new Promise((done, failed) => {
      this.#ids += 1;
      this.#waiting.push({ job: { id: this.#ids, pdf, page, width }, done, failed });
      this.#next();
    });
  }

  #next(): void {
    if (this.#now) return;
    clearTimeout(this.#timer);
    const next = this.#waiting.shift();
    if (!next) {
      this.#timer = setTimeout(() => this.#end(), IDLE_MS_MAX).unref();
      return;
    }
    if (this.#jobs >= JOBS_PER_THREAD) this.#end();
    this.#now = next;
    const worker = this.#worker ?? this.#begin();
    this.#jobs += 1;
    worker.ref();
    this.#timer = setTimeout(() => this.#over(worker), JOB_MS_MAX);
    worker.postMessage(next.job);
  }

  #begin(): Worker {
    const worker = new Worker(new URL('./page-images-worker.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 192 }, execArgv: ['--no-warnings'], stdout: true, stderr: true });
    this.#worker = worker;
    this.#jobs = 0;
    worker.on('message', (answer: PageAnswer) => {
      if (worker !== this.#worker || answer.id !== this.#now?.job.id) return;
      const { done } = this.#now;
      this.#now = null;
      worker.unref();
      done(answer);
      this.#next();
    });
    worker.on('error', () => this.#over(worker));
    worker.on('exit', () => this.#over(worker));
    return worker;
  }

  /** The thread ended over a page, or takes too long: that page cannot be drawn, the next one gets another thread. */
  #over(worker: Worker): void {
    if (worker !== this.#worker) return;
    const lost = this.#now;
    this.#now = null;
    this.#end();
    lost?.failed(new AppError('conflict', 'page.unreadable'));
    this.#next();
  }

  #end(): void {
    const worker = this.#worker;
    this.#worker = null;
    this.#jobs = 0;
    void worker?.terminate();
  }
}

const kept = new KeptForAWhile<Shown>({ bytes: PAGES_BYTES_MAX, milliseconds: KEPT_MS_MAX });
// Who turns pages asks for the same document at each of them.
const documents = new KeptForAWhile<Uint8Array>({ bytes: DOCUMENTS_BYTES_MAX, milliseconds: KEPT_MS_MAX });
const thread = new PageThread();
