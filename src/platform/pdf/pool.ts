import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Pdf, PdfJob, PdfStandard } from './render.ts';

/** Sets documents in processes of their own, each replaced after forty documents, which gives its memory back. */
export interface PdfPool {
  /** @throws Error `fault: …` where the template does not compile, the process ended twice over it, or too many wait. */
  render(job: PdfJob, standard?: PdfStandard): Promise<Pdf>;
  /** Ends the processes; what still waits is refused. */
  close(): Promise<void>;
}

export interface PdfPoolOptions {
  readonly workers: number;
  /** After how many documents a process is replaced. */
  readonly jobsPerProcess?: number;
  /** How many documents may wait. */
  readonly waitingMax?: number;
  /** After how long a document is given up. */
  readonly milliseconds?: number;
  /** What the processes run; another one only in tests. */
  readonly program?: string;
}

const JOBS_PER_PROCESS = 40;
const WAITING_MAX = 64;
const JOB_MS_MAX = 120_000;
const TRIES = 2;

interface Task {
  readonly job: PdfJob;
  readonly standard: PdfStandard;
  readonly done: (pdf: Pdf) => void;
  readonly failed: (error: Error) => void;
  tries: number;
}

export type WorkerAnswer = { readonly pdf: Omit<Pdf, 'bytes'> & { readonly bytes: Uint8Array } } | { readonly fault: string };

export function pdfPool(options: PdfPoolOptions): PdfPool {
  const pool = new Pool(options);
  return { render: (job, standard = 'a-3a') => pool.render(job, standard), close: () => pool.close() };
}

class Pool {
  readonly #options: Required<PdfPoolOptions>;
  readonly #waiting: Task[] = [];
  readonly #seats = new Set<Seat>();
  #isClosed = false;

  constructor(options: PdfPoolOptions) {
    this.#options = {
      jobsPerProcess: JOBS_PER_PROCESS, waitingMax: WAITING_MAX, milliseconds: JOB_MS_MAX,
      program: fileURLToPath(new URL('./pool-worker.ts', import.meta.url)), ...options,
    };
  }

  render(job: PdfJob, standard: PdfStandard): Promise<Pdf> {
    if (this.#isClosed) return Promise.reject(new Error('fault: the pool of PDF processes is closed'));
    if (this.#waiting.length >= this.#options.waitingMax) return Promise.reject(new Error('fault: too many documents wait to be set'));
    return new Promise<Pdf>((done, failed) => {
      this.#waiting.push({ job, standard, done, failed, tries: 0 });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const task of this.#waiting.splice(0)) task.failed(new Error('fault: the pool of PDF processes was closed'));
    await Promise.all([...this.#seats].map((seat) => seat.end()));
  }

  #next(): void {
    while (this.#waiting.length > 0) {
      const seat = [...this.#seats].find((one) => one.isFree) ?? this.#newSeat();
      const task = seat && this.#waiting.shift();
      if (!seat || !task) return;
      task.tries += 1;
      seat.work(task, (outcome) => this.#settle(seat, task, outcome));
    }
  }

  #newSeat(): Seat | undefined {
    if (this.#seats.size >= this.#options.workers) return undefined;
    const seat = new Seat(this.#options.program, this.#options.milliseconds);
    this.#seats.add(seat);
    return seat;
  }

  #settle(seat: Seat, task: Task, outcome: Pdf | Error | 'crashed'): void {
    if (outcome === 'crashed' || seat.jobs >= this.#options.jobsPerProcess) {
      this.#seats.delete(seat);
      void seat.end();
    }
    if (outcome === 'crashed') {
      if (task.tries < TRIES && !this.#isClosed) this.#waiting.unshift(task);
      else task.failed(new Error('fault: the process that sets PDF documents ended over a document'));
    } else if (outcome instanceof Error) task.failed(outcome);
    else task.done(outcome);
    this.#next();
  }
}

/** One process at a time, one document at a time. */
class Seat {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #milliseconds: number;
  #report: ((outcome: Pdf | Error | 'crashed') => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  jobs = 0;

  constructor(program: string, milliseconds: number) {
    this.#milliseconds = milliseconds;
    this.#child = fork(program, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: ['--no-warnings'] });
    this.#child.unref();
    this.#child.channel?.unref();
    this.#ended = new Promise((resolve) => {
      const over = (): void => { this.#tell('crashed'); resolve(); };
      this.#child.once('exit', over);
      this.#child.on('error', over);
    });
    this.#child.on('message', (answer) => this.#tell(outcomeOf(answer as WorkerAnswer)));
  }

  get isFree(): boolean {
    return this.#report === undefined;
  }

  work({ job, standard }: Task, report: (outcome: Pdf | Error | 'crashed') => void): void {
    this.jobs += 1;
    this.#report = report;
    // The program must not end before the answer is here, and need not stay for an idle process.
    this.#child.channel?.ref();
    this.#timer = setTimeout(() => this.#child.kill('SIGKILL'), this.#milliseconds);
    this.#child.send({ job, standard }, (error) => { if (error) this.#child.kill('SIGKILL'); });
  }

  async end(): Promise<void> {
    this.#child.ref();
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  #tell(outcome: Pdf | Error | 'crashed'): void {
    const report = this.#report;
    clearTimeout(this.#timer);
    this.#report = undefined;
    this.#child.channel?.unref();
    report?.(outcome);
  }
}

function outcomeOf(answer: WorkerAnswer): Pdf | Error {
  if ('fault' in answer) return new Error(answer.fault);
  const { bytes } = answer.pdf;
  return { ...answer.pdf, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}
