/** Cuts a stream of bytes into messages, each with its length before it. Holds no more than one message. */
export class MessageCutter {
  readonly #bytesMax: number;
  readonly #length = Buffer.alloc(4);
  #lengthBytes = 0;
  #message: Buffer | null = null;
  #filled = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** The messages that this chunk completes. @throws RangeError for a length that no message has. */
  *push(chunk: Buffer): Generator<Buffer> {
    let at = 0;
    while (at < chunk.length) {
      if (this.#message === null) {
        while (this.#lengthBytes < 4 && at < chunk.length) this.#length[this.#lengthBytes++] = chunk[at++] as number;
        if (this.#lengthBytes < 4) return;
        const length = this.#length.readUInt32BE();
        if (length === 0 || length > this.#bytesMax) throw new RangeError('message length');
        if (chunk.length - at >= length) {
          this.#lengthBytes = 0;
          at += length;
          yield chunk.subarray(at - length, at);
          continue;
        }
        this.#message = Buffer.allocUnsafe(length);
        this.#filled = 0;
      }
      const taken = chunk.copy(this.#message, this.#filled, at, Math.min(chunk.length, at + this.#message.length - this.#filled));
      at += taken;
      this.#filled += taken;
      if (this.#filled < this.#message.length) return;
      const whole = this.#message;
      this.#message = null;
      this.#lengthBytes = 0;
      yield whole;
    }
  }
}
