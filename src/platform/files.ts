import { createHash, randomBytes } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { inTransaction } from './context.ts';
import type { Ctx, TxCtx } from './context.ts';
import { AppError } from './errors.ts';
import { HEADER_BYTES, openChunks, sealChunks } from './files-cipher.ts';
import { isId, newId } from './ids.ts';

export interface KeepRequest {
  readonly fileName: string;
  readonly source: Readable | Uint8Array;
  readonly bytesMax: number;
  /** The partner whose officers may read the file besides the agency; by default that of the actor. */
  readonly partner?: string | null;
}

export interface KeptFile {
  readonly fileId: string;
  readonly sha256: string;
  readonly byteCount: number;
  /** The very same bytes were kept before: this is the file from then. */
  readonly alreadyKept: boolean;
}

const WRITE_BYTES = 512 * 1024;
const NAME_CHARACTERS_MAX = 200;
const HALF_FILE_AGE_MS = 24 * 3_600_000;

/**
 * Keeps bytes as they arrived, encrypted, before anyone interprets them. The row joins the running transaction, if there is one;
 * bytes whose transaction then fails are an orphan that nobody can see.
 *
 * @throws AppError `file.too_large`; `file.kept_elsewhere` (forbidden: the same bytes are there, out of this actor's sight); errors of the source pass through and nothing is kept.
 */
export async function keepFile(ctx: Ctx, request: KeepRequest): Promise<KeptFile> {
  const fileId = newId('fil');
  const folder = folderOf(ctx);
  await mkdir(join(folder, 'half'), { recursive: true, mode: 0o700 });
  const half = join(folder, 'half', `${fileId}.${randomBytes(4).toString('hex')}`);
  try {
    const written = await writeEncrypted(ctx, fileId, half, request);
    return await inTransaction(ctx, (tx) => settle(tx, fileId, half, written, request));
  } finally {
    await rm(half, { force: true });
  }
}

interface Written {
  readonly sha256: string;
  readonly byteCount: number;
}

async function writeEncrypted(ctx: Ctx, fileId: string, path: string, request: KeepRequest): Promise<Written> {
  const hash = createHash('sha256');
  let byteCount = 0;
  const plain = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunksOf(request.source)) {
      byteCount += chunk.length;
      if (byteCount > request.bytesMax) throw new AppError('invalid', 'file.too_large', { params: { bytesMax: request.bytesMax } });
      hash.update(chunk);
      yield chunk;
    }
  };
  const file = await open(path, 'wx', 0o600);
  try {
    // In few large writes: each costs its way through another thread.
    let pieces: Buffer[] = [];
    let gathered = 0;
    for await (const piece of sealChunks(ctx.keys, aadOf(ctx, fileId), plain())) {
      pieces.push(piece);
      gathered += piece.length;
      if (gathered < WRITE_BYTES) continue;
      await writeAll(file, pieces, gathered);
      [pieces, gathered] = [[], 0];
    }
    await writeAll(file, pieces, gathered);
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), byteCount };
}

async function writeAll(file: FileHandle, pieces: readonly Buffer[], count: number): Promise<void> {
  const { bytesWritten } = await file.writev(pieces);
  // A disk that is nearly full takes less than it is given, and says why at the next try.
  if (bytesWritten < count) await file.writeFile(Buffer.concat(pieces).subarray(bytesWritten));
}

async function* chunksOf(source: Readable | Uint8Array): AsyncGenerator<Uint8Array> {
  if (source instanceof Uint8Array) yield source;
  else for await (const chunk of source) yield typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : (chunk as Uint8Array);
}

/** The bytes go to their place before the row is committed: a row without bytes would be a lie, bytes without a row are only waste. */
async function settle(ctx: TxCtx, fileId: string, half: string, written: Written, request: KeepRequest): Promise<KeptFile> {
  const { actor } = ctx;
  const partner = request.partner ?? actor.partner;
  const known = async (): Promise<KeptFile | null> => {
    const [row] = await ctx.tx.query<{ file_id: string; byte_count: string }[]>(
      'select file_id, byte_count from kept_files where agency_id = $1 and partner_id is not distinct from $2 and sha256 = $3', [actor.agency, partner, written.sha256]);
    return row ? { fileId: row.file_id, sha256: written.sha256, byteCount: Number(row.byte_count), alreadyKept: true } : null;
  };
  const before = await known();
  if (before && (await hasBytes(ctx, before.fileId))) return before;
  if (before) throw new AppError('conflict', 'file.bytes_missing', { params: { fileId: before.fileId } });
  const target = pathOf(ctx, fileId);
  await mkdir(join(target, '..'), { recursive: true, mode: 0o700 });
  await rename(half, target);
  await syncFolder(join(target, '..'));
  const [added] = await ctx.tx.query<{ file_id: string }[]>(
    `insert into kept_files (agency_id, file_id, sha256, byte_count, file_name, key_version, partner_id, kept_at, kept_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning file_id`,
    [actor.agency, fileId, written.sha256, written.byteCount, safeName(request.fileName), ctx.keys.currentVersion, partner, ctx.clock.now(), actor.id],
  );
  if (added) return { fileId, ...written, alreadyKept: false };
  await rm(target, { force: true }); // the same bytes came twice at once
  const first = await known();
  // Somebody else keeps the same bytes, and this actor does not see them.
  if (!first) throw new AppError('forbidden', 'file.kept_elsewhere');
  return first;
}

/**
 * The plain bytes of a kept file, as a stream that checks them on the way: it fails, rather than end, when anything was changed or cut.
 *
 * @throws AppError `file.not_found`; the stream fails with `file.tampered` or `file.bytes_missing`.
 */
export function openKeptFile(ctx: Ctx, fileId: string): Readable {
  return Readable.from(readVerified(ctx, fileId), { objectMode: false });
}

async function* readVerified(ctx: Ctx, fileId: string): AsyncGenerator<Buffer> {
  const row = await getKeptFile(ctx, fileId);
  if (!(await hasBytes(ctx, fileId))) throw new AppError('conflict', 'file.bytes_missing', { params: { fileId } });
  const hash: Hash = createHash('sha256');
  const bytes = createReadStream(pathOf(ctx, fileId), { highWaterMark: 256 * 1024 });
  try {
    for await (const chunk of openChunks(ctx.keys, aadOf(ctx, fileId), bytes)) {
      hash.update(chunk);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('keys.')) throw new AppError('conflict', 'file.tampered', { params: { fileId }, cause: error });
    throw error;
  }
  if (hash.digest('hex') !== row.sha256) throw new AppError('conflict', 'file.tampered', { params: { fileId } });
}

/** What is known of a kept file without opening it. @throws AppError `file.not_found`. */
export async function getKeptFile(ctx: Ctx, fileId: string): Promise<{ fileId: string; fileName: string; sha256: string; byteCount: number; keptAt: Date }> {
  const rows = isId('fil', fileId)
    ? await inTransaction(ctx, (tx) => tx.tx.query<{ file_name: string; sha256: string; byte_count: string; kept_at: Date }[]>(
        'select file_name, sha256, byte_count, kept_at from kept_files where agency_id = $1 and file_id = $2', [ctx.actor.agency, fileId]))
    : [];
  const row = rows[0];
  if (!row) throw new AppError('not_found', 'file.not_found', { params: { fileId } });
  return { fileId, fileName: row.file_name, sha256: row.sha256, byteCount: Number(row.byte_count), keptAt: row.kept_at };
}

/** Removes what commands that were killed left half-written. */
export async function sweepHalfFiles(ctx: Ctx): Promise<void> {
  const folder = join(folderOf(ctx), 'half');
  for (const name of await readdir(folder).catch(() => [])) {
    const found = await stat(join(folder, name)).catch(() => null);
    if (found && Date.now() - found.mtimeMs > HALF_FILE_AGE_MS) await rm(join(folder, name), { force: true });
  }
}

const folderOf = (ctx: Ctx): string => join(ctx.config.dataDir, 'files');
/** Spread over folders by the random end of the id, since the begin is the time. */
export const pathOf = (ctx: Ctx, fileId: string): string => join(folderOf(ctx), ctx.actor.agency, fileId.slice(-2), fileId);
/** What binds a kept file's bytes to it. */
export const aadOf = (ctx: Ctx, fileId: string): string => `kept_files:${ctx.actor.agency}:${fileId}`;
const safeName = (name: string): string => basename(name.replaceAll('\\', '/')).replace(/\p{Cc}/gu, '').slice(0, NAME_CHARACTERS_MAX) || 'unnamed';

async function hasBytes(ctx: Ctx, fileId: string): Promise<boolean> {
  const found = await stat(pathOf(ctx, fileId)).catch(() => null);
  return found !== null && found.size >= HEADER_BYTES;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The whole of a kept file, for files that are small enough to be held. */
export async function readKeptFile(ctx: Ctx, fileId: string): Promise<Buffer> {
  const { byteCount } = await getKeptFile(ctx, fileId);
  // Once in memory, not twice: the largest are as large as a packet may be.
  const whole = Buffer.allocUnsafe(byteCount);
  let filled = 0;
  for await (const chunk of openKeptFile(ctx, fileId)) filled += (chunk as Buffer).copy(whole, filled);
  return whole;
}
