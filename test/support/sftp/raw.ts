import type { Client as SshClient, ClientChannel } from 'ssh2';

/** An answer: its kind (101 status, 102 handle, 103 data, 104 names, 105 attributes, 201 numbers) and what follows its id. */
export interface Answer {
  readonly kind: number;
  readonly body: Buffer;
  /** The status code, where it is one. */
  readonly status: number | null;
}

export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};
export const u64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
};
export const str = (value: string | Uint8Array): Buffer => {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value);
  return Buffer.concat([u32(bytes.length), bytes]);
};

/** SFTP by hand: sends whatever it is told to. */
export class RawSftp {
  readonly channel: ClientChannel;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly closed: Promise<void>;
  #id = 0;
  #held = Buffer.alloc(0);

  private constructor(channel: ClientChannel) {
    this.channel = channel;
    this.closed = new Promise((resolve) => { channel.once('close', resolve); });
    channel.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  static open(client: SshClient): Promise<RawSftp> {
    return new Promise((resolve, reject) => {
      client.subsys('sftp', (error, channel) => {
        if (error) return reject(error);
        const raw = new RawSftp(channel);
        raw.#waiting.set(3, () => resolve(raw));
        raw.write(Buffer.concat([Buffer.of(1), u32(3)]));
      });
    });
  }

  write(message: Buffer): void {
    this.channel.write(Buffer.concat([u32(message.length), message]));
  }

  ask(kind: number, ...parts: readonly Buffer[]): Promise<Answer> {
    const id = 1_000 + ++this.#id;
    const answer = new Promise<Answer>((resolve) => { this.#waiting.set(id, resolve); });
    this.write(Buffer.concat([Buffer.of(kind), u32(id), ...parts]));
    return answer;
  }

  async openFile(path: string | Uint8Array, flags: number): Promise<Buffer | number | null> {
    const { kind, body, status } = await this.ask(3, str(path), u32(flags), u32(0));
    return kind === 102 ? body.subarray(4) : status;
  }

  put(handle: Buffer, offset: bigint, data: Uint8Array): Promise<Answer> {
    return this.ask(6, str(handle), u64(offset), str(data));
  }

  read(handle: Buffer, offset: bigint, length: number): Promise<Answer> {
    return this.ask(5, str(handle), u64(offset), u32(length));
  }

  close(handle: Buffer): Promise<Answer> {
    return this.ask(4, str(handle));
  }

  #take(chunk: Buffer): void {
    this.#held = Buffer.concat([this.#held, chunk]);
    while (this.#held.length >= 4 && this.#held.length >= 4 + this.#held.readUInt32BE()) {
      const length = this.#held.readUInt32BE();
      const message = this.#held.subarray(4, 4 + length);
      this.#held = Buffer.from(this.#held.subarray(4 + length));
      const kind = message[0] as number;
      const id = message.readUInt32BE(1);
      const body = Buffer.from(message.subarray(5));
      this.#waiting.get(id)?.({ kind, body, status: kind === 101 ? body.readUInt32BE() : null });
      this.#waiting.delete(id);
    }
  }
}
