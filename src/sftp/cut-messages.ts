/** What was sent is no message of SFTP: the session ends. */
export class Malformed extends Error {}

/** A message in the pieces in which it came: a large one is never put together. */
export interface Message {
  readonly length: number;
  readonly pieces: readonly Buffer[];
}

/** Cuts a stream of bytes into messages, each with its length before it. Holds no more than one message, and copies nothing. */
export class MessageCutter {
  readonly #bytesMax: number;
  #length = 0;
  #lengthBytes = 0;
  #pieces: Buffer[] = [];
  #missing = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** The messages that this chunk completes. @throws Malformed for a length that no message has. */
  *push(chunk: Buffer): Generator<Message> {
    let at = 0;
    while (at < chunk.length) {
      if (this.#missing === 0) {
        while (this.#lengthBytes < 4 && at < chunk.length) {
          this.#length = this.#length * 256 + (chunk[at++] as number);
          this.#lengthBytes += 1;
        }
        if (this.#lengthBytes < 4) return;
        if (this.#length === 0 || this.#length > this.#bytesMax) throw new Malformed();
        this.#missing = this.#length;
        this.#pieces = [];
      }
      const taken = Math.min(this.#missing, chunk.length - at);
      if (taken > 0) this.#pieces.push(chunk.subarray(at, at + taken));
      at += taken;
      this.#missing -= taken;
      if (this.#missing > 0) return;
      const message = { length: this.#length, pieces: this.#pieces };
      [this.#length, this.#lengthBytes, this.#pieces] = [0, 0, []];
      yield message;
    }
  }
}

/** The first bytes of a message in one piece; all of it where it is no longer. */
export function headOf({ length, pieces }: Message, bytes: number): Buffer {
  const [first] = pieces;
  if (first && (first.length === length || first.length >= bytes)) return first;
  return Buffer.concat(pieces, Math.min(length, Math.max(bytes, first?.length ?? 0)));
}

/** What follows the first `from` bytes. */
export function tailOf({ pieces }: Message, from: number): Buffer[] {
  const tail: Buffer[] = [];
  let skip = from;
  for (const piece of pieces) {
    if (skip < piece.length) tail.push(skip > 0 ? piece.subarray(skip) : piece);
    skip = Math.max(0, skip - piece.length);
  }
  return tail;
}
