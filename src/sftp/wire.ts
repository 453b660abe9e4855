import { headOf, Malformed, tailOf } from './cut-messages.ts';
import type { Message } from './cut-messages.ts';

/** SFTP version 3 (draft-ietf-secsh-filexfer-02) with the extensions that OpenSSH knows. Names are bytes, held as latin1 text. */
export const STATUS = Object.freeze({ ok: 0, eof: 1, noSuchFile: 2, permissionDenied: 3, failure: 4, badMessage: 5, unsupported: 8 });
export type Status = (typeof STATUS)[keyof typeof STATUS];

export const OPEN = Object.freeze({ read: 1, write: 2, append: 4, create: 8, truncate: 16, exclusive: 32 });

export interface Attributes {
  readonly size?: number;
  readonly mode?: number;
  /** Seconds since 1970. */
  readonly modifiedAt?: number;
}

export interface Entry extends Attributes {
  readonly name: string;
}

export type Request =
  | { readonly kind: 'open'; readonly id: number; readonly path: string; readonly flags: number }
  | { readonly kind: 'close' | 'fstat' | 'readdir'; readonly id: number; readonly handle: string }
  | { readonly kind: 'read'; readonly id: number; readonly handle: string; readonly offset: bigint; readonly length: number }
  | { readonly kind: 'write'; readonly id: number; readonly handle: string; readonly offset: bigint; readonly data: readonly Buffer[]; readonly length: number }
  | { readonly kind: 'stat' | 'opendir' | 'remove' | 'mkdir' | 'rmdir' | 'realpath' | 'readlink'; readonly id: number; readonly path: string }
  | { readonly kind: 'setstat'; readonly id: number; readonly path: string; readonly size: bigint | null }
  | { readonly kind: 'fsetstat'; readonly id: number; readonly handle: string; readonly size: bigint | null }
  | { readonly kind: 'rename'; readonly id: number; readonly from: string; readonly to: string; readonly replaces: boolean }
  | { readonly kind: 'symlink'; readonly id: number }
  | { readonly kind: 'extended'; readonly id: number; readonly name: string; readonly rest: Reader };

const TYPES: Readonly<Record<number, string>> = {
  3: 'open', 4: 'close', 5: 'read', 6: 'write', 7: 'stat', 8: 'fstat', 9: 'setstat', 10: 'fsetstat', 11: 'opendir', 12: 'readdir', 13: 'remove',
  14: 'mkdir', 15: 'rmdir', 16: 'realpath', 17: 'stat', 18: 'rename', 19: 'readlink', 20: 'symlink', 200: 'extended',
};
const INIT = 1;
const VERSION = 3;
const HANDLE_BYTES_MAX = 256;
/** Kind, id, handle, offset and length of what is written. */
const WRITE_HEAD_BYTES = 1 + 4 + 4 + HANDLE_BYTES_MAX + 8 + 4;

/** Reads what a message holds. Whatever does not fit throws `Malformed`. */
export class Reader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  #take(count: number): number {
    if (count > this.#bytes.length - this.#at) throw new Malformed();
    this.#at += count;
    return this.#at - count;
  }

  uint32(): number {
    return this.#bytes.readUInt32BE(this.#take(4));
  }

  uint64(): bigint {
    return this.#bytes.readBigUInt64BE(this.#take(8));
  }

  bytes(): Buffer {
    const length = this.uint32();
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  text(): string {
    return this.bytes().toString('latin1');
  }

  handle(): string {
    const bytes = this.bytes();
    if (bytes.length > HANDLE_BYTES_MAX) throw new Malformed();
    return bytes.toString('latin1');
  }

  /** Of a client's wishes for a file only the size means anything here. */
  sizeWished(): bigint | null {
    return (this.uint32() & 1) === 1 ? this.uint64() : null;
  }
}

/** The version that a client's first message asks for; null where it is no first message. */
export function readInit(message: Message): number | null {
  const bytes = headOf(message, 5);
  return bytes.length >= 5 && bytes[0] === INIT ? bytes.readUInt32BE(1) : null;
}

/** A request, `{id}` alone for a kind that does not exist, null for a message that is no request. */
export function readRequest(message: Message): Request | { readonly kind: null; readonly id: number } | null {
  try {
    const head = headOf(message, WRITE_HEAD_BYTES);
    const kind = TYPES[head[0] as number];
    const reader = new Reader(kind === 'write' ? head : headOf(message, message.length), 1);
    const id = reader.uint32();
    if (kind === 'write') return writeOf(message, id, reader);
    return kind === undefined ? { kind: null, id } : bodyOf(kind, id, reader);
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

function bodyOf(kind: string, id: number, reader: Reader): Request {
  switch (kind) {
    case 'open': return { kind, id, path: reader.text(), flags: reader.uint32() };
    case 'close': case 'fstat': case 'readdir': return { kind, id, handle: reader.handle() };
    case 'read': return { kind, id, handle: reader.handle(), offset: reader.uint64(), length: reader.uint32() };
    case 'setstat': return { kind, id, path: reader.text(), size: reader.sizeWished() };
    case 'fsetstat': return { kind, id, handle: reader.handle(), size: reader.sizeWished() };
    case 'rename': return { kind, id, from: reader.text(), to: reader.text(), replaces: false };
    case 'symlink': return { kind, id };
    case 'extended': return { kind, id, name: reader.text(), rest: reader };
    default: return { kind: kind as 'stat', id, path: reader.text() };
  }
}

/** What is written stays in the pieces in which it came. */
function writeOf(message: Message, id: number, reader: Reader): Request {
  const [handle, offset, length] = [reader.handle(), reader.uint64(), reader.uint32()];
  if (reader.at + length > message.length) throw new Malformed();
  const data = tailOf({ length: reader.at + length, pieces: message.pieces }, reader.at);
  const extra = message.length - reader.at - length;
  return { kind: 'write', id, handle, offset, length, data: extra === 0 ? data : [Buffer.concat(data).subarray(0, length)] };
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};
const uint64 = (value: number | bigint): Buffer => {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
};
const string = (text: string): Buffer[] => [uint32(text.length), Buffer.from(text, 'latin1')];

function message(type: number, ...parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 1);
  return Buffer.concat([uint32(length), Buffer.of(type), ...parts], 4 + length);
}

export const versionMessage = (extensions: Readonly<Record<string, string>>): Buffer =>
  message(2, uint32(VERSION), ...Object.entries(extensions).flatMap(([name, value]) => [...string(name), ...string(value)]));

export const statusMessage = (id: number, status: Status, words = ''): Buffer =>
  message(101, uint32(id), uint32(status), ...string(Buffer.from(words, 'utf8').toString('latin1')), ...string(''));

export const handleMessage = (id: number, handle: string): Buffer => message(102, uint32(id), ...string(handle));
/** In memory that is used again for the next, once this one has left. */
export function dataMessage(id: number, data: Buffer, into: Buffer): Buffer {
  into.writeUInt32BE(9 + data.length, 0);
  into.writeUInt8(103, 4);
  into.writeUInt32BE(id, 5);
  into.writeUInt32BE(data.length, 9);
  data.copy(into, 13);
  return into.subarray(0, 13 + data.length);
}
export const attributesMessage = (id: number, of: Attributes): Buffer => message(105, uint32(id), ...attributes(of));

export const nameMessage = (id: number, entries: readonly Entry[]): Buffer =>
  message(104, uint32(id), uint32(entries.length), ...entries.flatMap((entry) => [...string(entry.name), ...string(longName(entry)), ...attributes(entry)]));

export const numbersMessage = (id: number, numbers: readonly (number | bigint)[]): Buffer => message(201, uint32(id), ...numbers.map(uint64));

function attributes({ size, mode, modifiedAt }: Attributes): Buffer[] {
  const flags = (size === undefined ? 0 : 1) | (mode === undefined ? 0 : 6) | (modifiedAt === undefined ? 0 : 8);
  return [
    uint32(flags),
    ...(size === undefined ? [] : [uint64(size)]),
    ...(mode === undefined ? [] : [uint32(0), uint32(0), uint32(mode)]),
    ...(modifiedAt === undefined ? [] : [uint32(modifiedAt), uint32(modifiedAt)]),
  ];
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A line of `ls -l`, which clients print as it is. */
export function longName({ name, size = 0, mode = 0, modifiedAt = 0 }: Entry): string {
  const at = new Date(modifiedAt * 1000);
  const bits = ['r', 'w', 'x'].concat(['r', 'w', 'x'], ['r', 'w', 'x']).map((letter, bit) => ((mode >> (8 - bit)) & 1 ? letter : '-')).join('');
  const day = String(at.getUTCDate()).padStart(2, ' ');
  return `${(mode & 0o170000) === 0o040000 ? 'd' : '-'}${bits}   1 puente   puente   ${String(size).padStart(10)} ${MONTHS[at.getUTCMonth()]} ${day}  ${at.getUTCFullYear()} ${name}`;
}
