import { SaxesParser } from 'saxes';
import { fromBuffer } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { AppError } from '../../../../../platform/errors.ts';

/** The parts of an Office Open XML package (ECMA-376 part 2), unpacked as streams, so much and no more. */

const ENTRIES_MAX = 5_000;
/** All parts that are read, unpacked. */
const UNPACKED_BYTES_MAX = 512 * 1024 * 1024;
const DEPTH_MAX = 40;
/** No tag of a sheet is longer; what is, is not waited for. */
const TAG_CHARS_MAX = 65_536;

export interface XmlHandlers {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  text(text: string): void;
  /** Takes out of the raw text, before it is parsed, what says nothing; gets whole tags. */
  thin?(text: string): string;
}

export class Package {
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;
  #left = UNPACKED_BYTES_MAX;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#zip = zip;
    this.#entries = entries;
  }

  /** @throws AppError `xlsx.damaged`, `xlsx.too_many_parts`. */
  static async open(bytes: Buffer): Promise<Package> {
    const zip = await new Promise<ZipFile>((resolve, reject) => {
      fromBuffer(bytes, { lazyEntries: true }, (error, opened) => (error ? reject(damaged(error)) : resolve(opened)));
    });
    if (zip.entryCount > ENTRIES_MAX) throw new AppError('invalid', 'xlsx.too_many_parts');
    const entries = new Map<string, Entry>();
    await new Promise<void>((resolve, reject) => {
      zip.on('entry', (entry: Entry) => {
        entries.set(entry.fileName.toLowerCase(), entry);
        zip.readEntry();
      });
      zip.on('end', () => resolve());
      zip.on('error', (error: unknown) => reject(damaged(error)));
      zip.readEntry();
    });
    return new Package(zip, entries);
  }

  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }

  names(): string[] {
    return [...this.#entries.values()].map((entry) => entry.fileName);
  }

  /**
   * The unpacked bytes of a part. What a part says of its own size is checked on the way, and the sum of all parts is bounded before anything
   * is unpacked, so that a bomb of a few bytes cannot fill the memory.
   *
   * @throws AppError `file.unpacked_too_large`, `xlsx.damaged`, `xlsx.locked`.
   */
  async* bytesOf(name: string): AsyncGenerator<Buffer> {
    const entry = this.#entries.get(name.toLowerCase());
    if (!entry) throw new AppError('invalid', 'xlsx.damaged', { params: { part: name } });
    if (entry.isEncrypted()) throw new AppError('invalid', 'xlsx.locked');
    this.#left -= entry.uncompressedSize;
    if (this.#left < 0) throw new AppError('invalid', 'file.unpacked_too_large', { params: { bytesMax: UNPACKED_BYTES_MAX } });
    try {
      const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
        this.#zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened)));
      });
      for await (const chunk of stream) yield chunk as Buffer;
    } catch (error) {
      throw error instanceof AppError ? error : damaged(error, name);
    }
  }

  /** Reads a part as XML. Document types are refused, and with them every entity of the sender's making. */
  async read(name: string, handlers: XmlHandlers): Promise<void> {
    const parser = new SaxesParser({ xmlns: false, position: false });
    let depth = 0;
    parser.on('doctype', () => { throw new AppError('invalid', 'xlsx.damaged', { params: { part: name } }); });
    parser.on('error', (error) => { throw damaged(error, name); });
    parser.on('opentag', (tag) => {
      if (++depth > DEPTH_MAX) throw new AppError('invalid', 'xlsx.damaged', { params: { part: name } });
      handlers.open(local(tag.name), tag.attributes);
    });
    parser.on('closetag', (tag) => { depth--; handlers.close(local(tag.name)); });
    parser.on('text', (text) => handlers.text(text));
    parser.on('cdata', (text) => handlers.text(text));
    for await (const text of thinned(decoded(this.bytesOf(name)), handlers)) parser.write(text);
    parser.close();
  }
}

function damaged(error: unknown, part = ''): AppError {
  return new AppError('invalid', 'xlsx.damaged', { params: { part }, cause: error });
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

async function* decoded(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  for await (const chunk of chunks) {
    const mark = chunk.subarray(0, 2).toString('hex');
    decoder ??= new TextDecoder(mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8');
    yield decoder.decode(chunk, { stream: true });
  }
  if (decoder) yield decoder.decode();
}

/** Gives whole tags to `thin`: what follows the last `<` waits for the next piece. */
async function* thinned(pieces: AsyncIterable<string>, { thin }: XmlHandlers): AsyncGenerator<string> {
  let waiting = '';
  for await (const piece of pieces) {
    if (!thin) { yield piece; continue; }
    const text = waiting + piece;
    const cut = text.lastIndexOf('<');
    const whole = cut < 0 || text.length - cut > TAG_CHARS_MAX ? text.length : cut;
    waiting = text.slice(whole);
    yield thin(text.slice(0, whole));
  }
  if (waiting !== '') yield waiting;
}
