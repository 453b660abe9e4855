import type { Socket } from 'node:net';
import type { ServerChannel } from 'ssh2';
import { LIMITS } from './limits.ts';
import type { Patience } from './limits.ts';

/** The client is gone, or what it does not take has waited too long. */
export class Gone extends Error {}

/**
 * The way out of one channel: an answer leaves when the one before it has, and nothing is produced for a client that does not read.
 * A client that neither asks nor takes is cut off.
 */
export class Outlet {
  readonly #channel: ServerChannel;
  readonly #socket: Socket;
  readonly #patience: Patience;
  readonly #watch: NodeJS.Timeout;
  #waiting: ((reason: Gone) => void) | null = null;
  #isSending = false;
  #lastAt = performance.now();
  #isGone = false;
  #rekeyed: (() => void) | null = null;
  #isWorking = false;
  #settled: (() => void) | null = null;

  constructor(channel: ServerChannel, socket: Socket, patience: Patience) {
    this.#channel = channel;
    this.#socket = socket;
    this.#patience = patience;
    channel.once('close', () => this.end());
    socket.once('close', () => this.end());
    this.#watch = setInterval(() => this.#look(), Math.max(10, Math.min(patience.idleMs, patience.stalledMs) / 4)).unref();
  }

  /** Work on a request begins. */
  begin(): void {
    this.#isWorking = true;
  }

  /** It was answered. */
  rest(): void {
    this.#isWorking = false;
    this.#lastAt = performance.now();
    this.#settled?.();
  }

  /** When no request is being worked on. */
  async settled(): Promise<void> {
    if (this.#isWorking) await new Promise<void>((resolve) => { this.#settled = resolve; });
  }

  rekeyed(): void {
    this.#rekeyed?.();
  }

  /** @throws Gone */
  async send(bytes: Buffer): Promise<void> {
    if (this.#isGone) throw new Gone();
    this.#isSending = true;
    this.#lastAt = performance.now();
    try {
      const before = this.#socket.bytesWritten;
      // One system call for the pieces that the cipher makes of a packet.
      this.#socket.cork();
      const written = this.#until((done) => this.#channel.write(bytes, () => done()));
      this.#socket.uncork();
      await written;
      // While keys are exchanged packets wait in the library, out of sight: then nothing more is made.
      if (this.#socket.bytesWritten - before < bytes.length) await this.#until((done) => { this.#rekeyed = done; });
      if (this.#socket.writableLength > LIMITS.unsentBytes) await this.#until((done) => this.#socket.once('drain', done));
    } finally {
      this.#isSending = false;
      this.#lastAt = performance.now();
    }
  }

  end(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    clearInterval(this.#watch);
    this.#waiting?.(new Gone());
  }

  #until(start: (done: () => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#isGone) return reject(new Gone());
      this.#waiting = reject;
      start(() => {
        this.#waiting = null;
        resolve();
      });
    });
  }

  #look(): void {
    const quietMs = performance.now() - this.#lastAt;
    // While we work ourselves, the client has nothing to answer for.
    if (this.#isWorking && !this.#isSending) return;
    if (quietMs > (this.#isSending ? this.#patience.stalledMs : this.#patience.idleMs)) this.#socket.destroy();
  }
}
