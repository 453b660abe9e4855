import { Worker } from 'node:worker_threads';
import { AppError } from '../errors.ts';
import { FairTurns } from '../fair-turns.ts';
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
const OF_ONE_PERSON_MAX = 12;
const WAITING_MAX = 64;
const JOB_MS_MAX = 15_000;
/** After so many pages the thread is replaced, which gives back all the memory that they took. */
const JOBS_PER_THREAD = 200;
const IDLE_MS_MAX = 60_000;

/** What a page says and how many there are. @throws AppError as `pageImage`. */
export async function pageText(pdf: ShownPdf, page: number, person: string): Promise<PageText> {
  return asked(pdf, page, null, person);
}

/**
 * One page as a picture, drawn in a thread of its own: pages of one person one after the other, people in turns, each page within some seconds.
 *
 * @param person who asks: whose turn it is.
 * @throws AppError `page.not_found`; `page.unreadable`: no PDF that can be drawn; `page.busy`: too many wait.
 */
export async function pageImage(pdf: ShownPdf, page: number, width: PageWidth, person: string): Promise<PageImage> {
  const { png, ...rest } = await asked(pdf, page, width, person);
  if (png === null) throw new Error('fault: a page was asked for as a picture and came without one');
  return { ...rest, png };
}

interface Shown extends PageText {
  readonly png: Uint8Array | null;
  readonly width: number;
  readonly height: number;
}

async function asked(pdf: ShownPdf, page: number, width: PageWidth | null, person: string): Promise<Shown> {
  if (!Number.isSafeInteger(page) || page < 1 || page > PAGES_MAX) throw new AppError('not_found', 'page.not_found', { params: { page: String(page).slice(0, 10) } });
  const name = `${pdf.key}/${page}/${width ?? 'text'}`;
  // Asked for twice at once, it is there when the second turn comes.
  return kept.get(name) ?? turns.do(person, async () => kept.get(name) ?? drawn(pdf, { name, page, width }));
}

async function drawn(pdf: ShownPdf, { name, page, width }: { name: string; page: number; width: PageWidth | null }): Promise<Shown> {
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

interface UnderWay {
  readonly job: PageJob;
  readonly done: (answer: PageAnswer) => void;
  readonly failed: (error: Error) => void;
}

/** One thread, one page at a time: its turn says when. It never holds the program back from ending, and ends itself when nobody asks. */
class PageThread {
  #worker: Worker | null = null;
  #jobs = 0;
  #now: UnderWay | null = null;
  #timer: NodeJS.Timeout | undefined;
  #ids = 0;

  draw(pdf: Uint8Array, page: number, width: number | null): Promise<PageAnswer> {
    return new Promise((done, failed) => {
      clearTimeout(this.#timer);
      if (this.#jobs >= JOBS_PER_THREAD) this.#end();
      this.#ids += 1;
      this.#now = { job: { id: this.#ids, pdf, page, width }, done, failed };
      const worker = this.#worker ?? this.#begin();
      this.#jobs += 1;
      worker.ref();
      this.#timer = setTimeout(() => this.#over(worker), JOB_MS_MAX);
      worker.postMessage(this.#now.job);
    });
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(), IDLE_MS_MAX).unref();
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
      this.#rest();
      done(answer);
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
    clearTimeout(this.#timer);
    this.#end();
    lost?.failed(new AppError('conflict', 'page.unreadable'));
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
const turns = new FairTurns({ perPerson: OF_ONE_PERSON_MAX, all: WAITING_MAX, refusal: 'page.busy' });
