import type { Request } from 'express';
import { parseJson } from '../../modules/exchange/index.ts';
import { AppError } from '../../platform/errors.ts';
import type { Operation } from './description.ts';

/** Everything but messages and files. */
export const RECORD_BYTES_MAX = 64 * 1024;
const DEPTH_MAX = 32;
const FIELDS_MAX = 20;

export interface ReadBody {
  readonly type: string;
  readonly value: unknown;
  readonly bytes: Uint8Array;
}

/**
 * Reads the body of a request in one of the forms that the operation takes; of messages and files, which are read as they come, only the form is looked at. Size is refused by what the header says, before anything is read, and
 * counted on the way where the header says nothing; compressed bodies are not taken, so that a few bytes never become many.
 */
export async function readBody(req: Request, operation: Operation): Promise<ReadBody> {
  const { body } = operation;
  const nothing = { type: '', value: undefined, bytes: new Uint8Array() };
  if (!body) return nothing;
  const type = mediaTypeOf(req, operation);
  const encoding = req.get('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') throw new AppError('invalid', 'api.encoding');
  if (body.isStream || body.isKeptFirst) return { ...nothing, type };
  const bytes = await readBytes(req, RECORD_BYTES_MAX);
  if (bytes.length === 0) throw new AppError('invalid', 'api.body_missing');
  return { type, bytes, value: type === 'application/json' ? readJson(bytes) : readForm(bytes) };
}

/** Null where nothing is announced: the body then comes in chunks. */
export function announcedLength(req: Request): number | null {
  const length = req.get('content-length');
  return length === undefined ? null : Number(length);
}

function mediaTypeOf(req: Request, { body }: Operation): string {
  const known = Object.keys(body?.content ?? {});
  const given = (req.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const type = given === 'text/xml' ? 'application/xml' : given;
  if (!known.includes(type)) throw new AppError('invalid', 'api.media_type', { params: { expected: known.join(', ') } });
  return type;
}

/** Nobody's body is read to its end only to be refused: what is left of it is let go with the answer. */
async function readBytes(req: Request, bytesMax: number): Promise<Uint8Array> {
  const tooLarge = (): AppError => new AppError('invalid', 'api.too_large', { params: { bytesMax } });
  if (Number(req.get('content-length') ?? 0) > bytesMax) throw tooLarge();
  const chunks: Buffer[] = [];
  let byteCount = 0;
  for await (const chunk of chunksOf(req)) {
    byteCount += chunk.length;
    if (byteCount > bytesMax) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body as it comes; a connection that ends before it does is an unreadable request. Stopping early leaves the connection alive for the answer. */
export async function* chunksOf(req: Request): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of req.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } catch (cause) {
    throw new AppError('invalid', 'api.body_unreadable', { cause });
  }
  if (!req.complete) throw new AppError('invalid', 'api.body_unreadable');
}

function readJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError('invalid', 'api.body_unreadable', { cause });
  }
  if (isTooDeep(text)) throw new AppError('invalid', 'api.body_too_deep', { params: { max: DEPTH_MAX } });
  try {
    // No name twice, none that reaches into prototypes: the reader of messages, so that nobody reads a record otherwise than it was checked.
    const value = parseJson(text);
    if (hasNul(value)) throw new AppError('invalid', 'api.body_unreadable');
    return value;
  } catch (cause) {
    throw new AppError('invalid', 'api.body_unreadable', { cause });
  }
}

/** A character that no database keeps. */
function hasNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  return typeof value === 'object' && value !== null && Object.entries(value).some(([name, inner]) => name.includes('\0') || hasNul(inner));
}

/** Counted on the text, before anything is built of it. */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (isInString) {
      if (character === '\\') at += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '{' || character === '[') { if (++depth > DEPTH_MAX) return true; }
    else if (character === '}' || character === ']') depth -= 1;
  }
  return false;
}

function readForm(bytes: Uint8Array): Record<string, string> {
  const fields = [...new URLSearchParams(Buffer.from(bytes).toString('utf8'))];
  const names = new Set(fields.map(([name]) => name));
  if (fields.length > FIELDS_MAX || names.size < fields.length) throw new AppError('invalid', 'api.body_unreadable');
  return Object.fromEntries(fields);
}
