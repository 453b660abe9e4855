import { Readable } from 'node:stream';
import { LIMITS } from './limits.ts';
import { Refusal } from './trouble.ts';
import { STATUS } from './wire.ts';

/** Bytes of a partner that lie here unfinished, over all its sessions in this process. */
export interface Budget {
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
}

export interface UploadOptions {
  readonly bytesMax: number;
  readonly budget: Budget;
  /** Called once, with the first bytes: takes the stream to its end and says what became of it. */
  readonly receive: (source: Readable) => Promise<Received>;
}

export interface Received {
  readonly messageId: string;
  readonly receiptId: string;
}

const broken = (why: string): Refusal => new Refusal(STATUS.failure, why);

/**
 * One file on its way in. Its bytes go on as they come, encrypted, to where kept files begin; nothing of it can be seen until `finish`.
 * Clients that write several pieces at once may send them out of order: early ones wait, within bounds. What is written twice, left
 * out, or cut off at the end makes no file.
 */
export class Upload {
  readonly openedAt: Date;
  readonly #options: UploadOptions;
  readonly #early = new Map<number, Buffer>();
  #earlyBytes = 0;
  #position = 0;
  #announced: number | null = null;
  #taken = 0;
  #result: Promise<Received> | null = null;
  #failure: unknown = null;
  #isWhole = false;
  readonly #waiting: Buffer[] = [];
  #waitingBytes = 0;
  readonly #called: { reader: (() => void) | null; writer: (() => void) | null } = { reader: null, writer: null };

  constructor(options: UploadOptions, openedAt: Date) {
    this.#options = options;
    this.openedAt = openedAt;
  }

  get size(): number {
    return this.#position;
  }

  /** @throws Refusal, or whatever made receiving fail; then nothing of the file is kept. */
  async write(offset: bigint, data: readonly Buffer[], length: number): Promise<void> {
    this.#checkWhole();
    if (offset + BigInt(length) > BigInt(this.#options.bytesMax)) throw this.#spoil(broken('File is too large'));
    const at = Number(offset);
    if (length === 0) return;
    if (at < this.#position) throw this.#spoil(broken('Files are written once, from begin to end'));
    if (!this.#options.budget.take(length)) throw this.#spoil(broken('Too many unfinished uploads'));
    this.#taken += length;
    if (at > this.#position) return this.#keepEarly(at, Buffer.concat(data, length));
    await this.#append(data, length);
    for (let next = this.#early.get(this.#position); next; next = this.#early.get(this.#position)) {
      this.#early.delete(this.#position);
      this.#earlyBytes -= next.length;
      await this.#append([next], next.length);
    }
  }

  /** The size that the client says the file has: `finish` holds it to that. */
  announce(size: bigint): void {
    if (size > BigInt(this.#options.bytesMax)) throw broken('File is too large');
    if (size < BigInt(this.#position)) throw broken('Files are written once, from begin to end');
    this.#announced = size === 0n ? null : Number(size);
  }

  /** The file is whole: it is received, and its receipt is there when this returns. */
  async finish(): Promise<Received> {
    this.#checkWhole();
    if (this.#early.size > 0 || (this.#announced !== null && this.#announced !== this.#position)) throw this.#spoil(broken('File is incomplete'));
    this.#isWhole = true;
    this.#call('reader');
    try {
      return await this.#receive();
    } finally {
      this.#release();
    }
  }

  /** Nothing of it stays. */
  abandon(): void {
    this.#spoil(broken('Upload was given up'));
  }

  #checkWhole(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  #keepEarly(at: number, data: Buffer): void {
    const end = at + data.length;
    const overlaps = [...this.#early].some(([start, piece]) => at < start + piece.length && start < end);
    if (overlaps) throw this.#spoil(broken('Files are written once, from begin to end'));
    if (this.#earlyBytes + data.length > LIMITS.earlyBytes || this.#early.size >= LIMITS.earlyPieces) throw this.#spoil(broken('Files are written from begin to end'));
    this.#early.set(at, data);
    this.#earlyBytes += data.length;
  }

  async #append(data: readonly Buffer[], length: number): Promise<void> {
    const meets = this.#early.size > 0 && [...this.#early.keys()].some((start) => start < this.#position + length);
    if (meets) throw this.#spoil(broken('Files are written once, from begin to end'));
    void this.#receive();
    this.#position += length;
    this.#waiting.push(...data);
    this.#waitingBytes += length;
    this.#call('reader');
    while (this.#failure === null && this.#waitingBytes > LIMITS.unsentBytes) await this.#await('writer');
    this.#checkWhole();
  }

  /** Receiving begins with the first bytes, and takes them as fast as it can. */
  #receive(): Promise<Received> {
    if (this.#result) return this.#result;
    this.#result = this.#options.receive(Readable.from(this.#flow()));
    this.#result.then(
      () => { if (!this.#isWhole) this.#spoil(broken('Upload was given up')); },
      (error: unknown) => this.#spoil(error),
    );
    return this.#result;
  }

  async* #flow(): AsyncGenerator<Buffer> {
    for (;;) {
      if (this.#failure !== null) throw this.#failure;
      const piece = this.#waiting.shift();
      if (piece) {
        this.#waitingBytes -= piece.length;
        this.#call('writer');
        yield piece;
      } else if (this.#isWhole) return;
      else await this.#await('reader');
    }
  }

  #await(who: 'reader' | 'writer'): Promise<void> {
    return new Promise((resolve) => { this.#called[who] = resolve; });
  }

  #call(who: 'reader' | 'writer'): void {
    const wake = this.#called[who];
    this.#called[who] = null;
    wake?.();
  }

  #spoil(error: unknown): unknown {
    if (this.#failure === null) {
      this.#failure = error;
      this.#waiting.length = 0;
      this.#release();
    }
    this.#call('reader');
    this.#call('writer');
    return this.#failure;
  }

  #release(): void {
    this.#early.clear();
    this.#options.budget.giveBack(this.#taken);
    this.#taken = 0;
  }
}
