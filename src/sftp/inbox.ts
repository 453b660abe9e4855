import type { Desk } from './desk.ts';
import { fileNameOf } from './file-name.ts';
import { LIMITS } from './limits.ts';
import { finalNameOf, isHalfName } from './paths.ts';
import { noSuchFile, notAllowed, Refusal } from './trouble.ts';
import { Upload } from './upload.ts';
import type { Budget } from './upload.ts';
import { STATUS } from './wire.ts';
import type { Attributes, Entry } from './wire.ts';

export interface OpenUpload {
  size(): number;
  write(offset: bigint, data: readonly Buffer[], length: number): Promise<void>;
  announce(size: bigint): void;
  close(): Promise<void>;
  abandon(): void;
}

interface Finished {
  readonly size: number;
  readonly at: Date;
  readonly receiptId: string;
}

interface Staged {
  readonly upload: Upload;
}

/**
 * Where the partner writes. A file is received when it is closed, or, under a name that says "not yet", when it is renamed to its real
 * one. Until then nobody sees it; when the session ends before, it never was. A session sees the files that it brought, and no other.
 */
export class Inbox {
  readonly #desk: Desk;
  readonly #budget: Budget;
  readonly #open = new Set<Upload>();
  readonly #staged = new Map<string, Staged>();
  readonly #finished = new Map<string, Finished>();

  constructor(desk: Desk, budget: Budget) {
    this.#desk = desk;
    this.#budget = budget;
  }

  stat(name: string): Attributes {
    const staged = this.#staged.get(name);
    if (staged) return { size: staged.upload.size, mode: 0o100200, modifiedAt: seconds(staged.upload.openedAt) };
    const finished = this.#finished.get(name);
    if (!finished) throw noSuchFile();
    return { size: finished.size, mode: 0o100000, modifiedAt: seconds(finished.at) };
  }

  list(): Entry[] {
    return [...this.#finished.keys()].map((name) => ({ name, ...this.stat(name) }));
  }

  has(name: string): boolean {
    return this.#staged.has(name) || this.#finished.has(name);
  }

  /** The receipt of what this session brought under that name. */
  receiptOf(name: string): string | null {
    return this.#finished.get(name)?.receiptId ?? null;
  }

  open(name: string, { mayCreate, mustBeNew }: { mayCreate: boolean; mustBeNew: boolean }): OpenUpload {
    const isThere = this.has(name);
    if (!mayCreate) throw isThere ? notAllowed() : noSuchFile();
    if (mustBeNew && isThere) throw new Refusal(STATUS.failure, 'File exists');
    this.#drop(name);
    if (this.#open.size + this.#staged.size >= LIMITS.uploads) throw new Refusal(STATUS.failure, 'Too many unfinished uploads');
    // Receiving begins with the first bytes, when the final name may not be known yet.
    const fileName = fileNameOf(finalNameOf(name));
    const upload = new Upload({ bytesMax: this.#desk.bytesMax, budget: this.#budget, receive: (source) => this.#desk.receive(source, fileName) }, this.#desk.now());
    this.#open.add(upload);
    return {
      size: () => upload.size,
      write: (offset, data, length) => upload.write(offset, data, length),
      announce: (size) => upload.announce(size),
      close: async () => {
        this.#open.delete(upload);
        if (!isHalfName(name)) return this.#finish(name, upload);
        this.#drop(name);
        this.#staged.set(name, { upload });
      },
      abandon: () => {
        this.#open.delete(upload);
        upload.abandon();
      },
    };
  }

  async rename(from: string, to: string, replaces: boolean): Promise<void> {
    const staged = this.#staged.get(from);
    if (!staged) throw this.#finished.has(from) ? notAllowed() : noSuchFile();
    if (from === to) return;
    if (!replaces && this.has(to)) throw new Refusal(STATUS.failure, 'File exists');
    this.#staged.delete(from);
    if (!isHalfName(to)) return this.#finish(to, staged.upload);
    this.#drop(to);
    this.#staged.set(to, staged);
  }

  /** What is not received yet can be taken back; what is, cannot. */
  remove(name: string): void {
    if (this.#staged.has(name)) this.#drop(name);
    else throw this.#finished.has(name) ? notAllowed() : noSuchFile();
  }

  setSize(name: string, size: bigint | null): void {
    const staged = this.#staged.get(name);
    if (!this.has(name)) throw noSuchFile();
    if (size === null) return;
    if (!staged) throw notAllowed();
    staged.upload.announce(size);
  }

  leave(): void {
    for (const upload of this.#open) upload.abandon();
    for (const { upload } of this.#staged.values()) upload.abandon();
    this.#open.clear();
    this.#staged.clear();
  }

  async #finish(name: string, upload: Upload): Promise<void> {
    const { receiptId } = await upload.finish();
    this.#finished.delete(name);
    this.#finished.set(name, { size: upload.size, at: this.#desk.now(), receiptId });
    const [oldest] = this.#finished.keys();
    if (oldest !== undefined && this.#finished.size > LIMITS.rememberedUploads) this.#finished.delete(oldest);
  }

  #drop(name: string): void {
    this.#staged.get(name)?.upload.abandon();
    this.#staged.delete(name);
  }
}

export const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);
