import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflate } from 'node:zlib';

/** What the packed parts of a PDF that are no pictures may unpack to, in all. */
const UNPACKED_BYTES_MAX = 128 * 1024 * 1024;
const STREAMS_MAX = 50_000;
const DICTIONARY_BYTES_MAX = 16 * 1024;

/**
 * Looks at a PDF before anything parses it: parsers unpack the parts that hold objects without a bound. Whatever packs these
 * otherwise than once and by deflate is refused, and all that is no picture is unpacked here first, counted and thrown away.
 */
export async function boundsFault(bytes: Buffer): Promise<string | null> {
  let total = 0;
  let count = 0;
  for (let at = bytes.indexOf('stream'); at !== -1; at = bytes.indexOf('stream', at + 6)) {
    if (bytes.toString('latin1', at - 3, at) === 'end') continue;
    count += 1;
    if (count > STREAMS_MAX) return 'attachment.bomb';
    const dictionary = dictionaryBefore(bytes, at);
    const holdsObjects = /\/(ObjStm|XRef)\b/.test(dictionary);
    if (/\/Subtype\s*\/Image\b/.test(dictionary) && !holdsObjects) continue;
    const filters = dictionary.match(/\/(FlateDecode|Fl|LZWDecode|LZW|RunLengthDecode|RL|ASCII85Decode|A85|ASCIIHexDecode|AHx)\b/g) ?? [];
    if (holdsObjects && (filters.length > 1 || (filters.length === 1 && filters[0] !== '/FlateDecode') || /\/(Filter|F)\s*\d/.test(dictionary))) return 'attachment.bomb';
    if (!filters.some((filter) => filter === '/FlateDecode' || filter === '/Fl') && !holdsObjects) continue;
    total += await unpackedBytes(bytes, at + 6, UNPACKED_BYTES_MAX - total);
    if (total >= UNPACKED_BYTES_MAX) return 'attachment.bomb';
  }
  return null;
}

/** From the last `obj` before the stream, with names written out (`/Obj#53tm` is `/ObjStm`). */
function dictionaryBefore(bytes: Buffer, at: number): string {
  const from = bytes.lastIndexOf('obj', at);
  const start = Math.max(from, 0);
  // An endless dictionary is cut at both ends: what names it stands at one of them, or is looked for in vain and taken to be packed.
  const text = at - start > DICTIONARY_BYTES_MAX ? `${bytes.toString('latin1', start, start + DICTIONARY_BYTES_MAX)} /FlateDecode ` : bytes.toString('latin1', start, at);
  return text.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

async function unpackedBytes(bytes: Buffer, after: number, most: number): Promise<number> {
  const start = after + (bytes[after] === 0x0d ? 1 : 0) + (bytes[after + (bytes[after] === 0x0d ? 1 : 0)] === 0x0a ? 1 : 0);
  const end = bytes.indexOf('endstream', start);
  let count = 0;
  const counter = new Writable({
    write(chunk: Buffer, _encoding, done) {
      count += chunk.length;
      done(count >= most ? new Error('enough') : null);
    },
  });
  // Data that break off, or are followed by more, count for what they gave.
  await pipeline(Readable.from([bytes.subarray(start, end === -1 ? bytes.length : end)]), createInflate(), counter).catch(() => undefined);
  return count;
}
