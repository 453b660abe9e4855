import { crc32 } from 'node:zlib';

/** One file inside a container. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Why a byte sequence is not a container that we would have written ourselves. */
export class ZipFault extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const ENTRIES_MAX = 500;
const ENTRY_BYTES_MAX = 256 * 1024 * 1024;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
const NAME_PATTERN = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

// Nothing in the container may depend on the day it was packed: every entry carries the first day ZIP knows.
const DOS_DATE = 0x0021;
const VERSION = 20;

function headerFields(entry: ZipEntry, nameBytes: number): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(VERSION, 0);
  fields.writeUInt16LE(0, 2);
  fields.writeUInt16LE(0, 4);
  fields.writeUInt16LE(0, 6);
  fields.writeUInt16LE(DOS_DATE, 8);
  fields.writeUInt32LE(crc32(entry.bytes), 10);
  fields.writeUInt32LE(entry.bytes.length, 14);
  fields.writeUInt32LE(entry.bytes.length, 18);
  fields.writeUInt16LE(nameBytes, 22);
  fields.writeUInt16LE(0, 24);
  return fields;
}

function centralRecord(fields: Buffer, name: Buffer, offset: number): Buffer[] {
  const record = Buffer.alloc(CENTRAL_BYTES);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(VERSION, 4);
  fields.copy(record, 6);
  record.writeUInt32LE(offset, 42);
  return [record, name];
}

/**
 * Writes the one ZIP file that these entries have: stored, in this order, without times, comments or extra fields.
 * Stored and not deflated, because a deflate stream has bits that mean nothing and would let a byte change unseen.
 */
export function writeZip(entries: readonly ZipEntry[]): Buffer {
  const parts: Uint8Array[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name, 'ascii');
    const fields = headerFields(entry, name.length);
    const signature = Buffer.alloc(4);
    signature.writeUInt32LE(0x04034b50, 0);
    parts.push(signature, fields, name, entry.bytes);
    central.push(...centralRecord(fields, name, offset));
    offset += LOCAL_BYTES + name.length + entry.bytes.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, directory, end]);
}

function readEntry(file: Buffer, at: number): ZipEntry & { next: number } {
  if (at + CENTRAL_BYTES > file.length || file.readUInt32LE(at) !== 0x02014b50) throw new ZipFault('container.directory');
  const size = file.readUInt32LE(at + 24);
  const nameBytes = file.readUInt16LE(at + 28);
  const local = file.readUInt32LE(at + 42);
  const name = file.toString('latin1', at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes);
  if (file.readUInt16LE(at + 10) !== 0) throw new ZipFault('container.compressed');
  if (!NAME_PATTERN.test(name)) throw new ZipFault('container.name');
  const start = local + LOCAL_BYTES + nameBytes;
  if (size > ENTRY_BYTES_MAX || start + size > file.length) throw new ZipFault('container.size');
  return { name, bytes: file.subarray(start, start + size), next: at + CENTRAL_BYTES + nameBytes };
}

/**
 * Reads a ZIP file that `writeZip` wrote, and no other: what it reads is written again and must give the same bytes.
 * So extra data, double names, comments, and two headers that disagree are all refused, without a rule for each.
 *
 * @throws ZipFault with the code of what was seen first.
 */
export function readZip(input: Uint8Array): ZipEntry[] {
  const file = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  if (file.length < END_BYTES) throw new ZipFault('container.not_zip');
  const end = file.length - END_BYTES;
  if (file.readUInt32LE(end) !== 0x06054b50) throw new ZipFault('container.not_zip');
  const count = file.readUInt16LE(end + 10);
  if (count === 0 || count > ENTRIES_MAX) throw new ZipFault('container.entries');
  const entries: ZipEntry[] = [];
  let at = file.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    const { next, ...entry } = readEntry(file, at);
    if (entries.some((other) => other.name === entry.name)) throw new ZipFault('container.double_name');
    entries.push(entry);
    at = next;
  }
  if (!writeZip(entries).equals(file)) throw new ZipFault('container.altered');
  return entries;
}
