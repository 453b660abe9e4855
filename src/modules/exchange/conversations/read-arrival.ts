import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { openKeptFile, readKeptFile } from '../../../platform/files.ts';
import type { KeptFile } from '../../../platform/files.ts';
import { canonicalJson, codeOf, kindOf } from '../messages/message.ts';
import type { Message } from '../messages/message.ts';
import { MESSAGE_BYTES_MAX, readMessage } from '../messages/read-message.ts';
import type { ReadingOptions } from '../messages/read-message.ts';
import type { ReceiptStatement } from '../evidence/receipt.rules.ts';
import { derOf, RECEIPT_BYTES_MAX, verifyReceipt } from '../evidence/verify-receipt.ts';
import { relaysFor } from './hops.ts';
import { HEAD_BYTES, recognise } from './recognise.rules.ts';
import type { ArrivalKind } from './recognise.rules.ts';

/** What came in, as far as the bytes themselves tell. */
export interface Arrival {
  readonly kind: string;
  readonly message: Message | null;
  /** The message as canonical JSON; null where the file is all there is. */
  readonly content: string | null;
  readonly contentSha256: string;
  readonly code: string | null;
  /** What a receipt says that a partner signed for us. */
  readonly statement: ReceiptStatement | null;
  readonly findings: readonly Finding[];
}

/** Lists of payments are no larger than this; what is larger is refused unread. */
const LIST_BYTES_MAX = 50 * 1024 * 1024;
const PAPER_BYTES_MAX = 25 * 1024 * 1024;
const MEGABYTE = 1024 * 1024;

/** The file as it was kept: what is small is still at hand, and need not be read back. */
export interface KeptArrival extends KeptFile {
  readonly bytes: Uint8Array | null;
}

/** Finds out what came in. Nothing of ours is looked up, and nothing in it is run. */
export async function readArrival(ctx: Ctx, kept: KeptArrival, partnerId: string, mediaType?: string): Promise<Arrival> {
  const kind = kept.bytes === null ? await recogniseKept(ctx, kept) : recogniseBytes(kept.bytes);
  const most: Readonly<Record<ArrivalKind, number>> = { message: MESSAGE_BYTES_MAX, packet: Infinity, receipt: Infinity, list: LIST_BYTES_MAX, paper: PAPER_BYTES_MAX, unknown: Infinity };
  if (kept.byteCount > most[kind]) return ofFile('unreadable', kept, [{ code: 'message.file_too_large', severity: 'block', params: { megabytes: Math.floor(most[kind] / MEGABYTE) } }]);
  if (kind === 'message') return ofMessage(kept.bytes ?? await readKeptFile(ctx, kept.fileId), kept, { now: ctx.clock.now(), partnerId, mediaType, relaysFor: relaysFor(partnerId) });
  if (kind === 'receipt') return ofReceipt(ctx, kept);
  if (kind === 'unknown') return ofFile('unreadable', kept, [{ code: 'message.not_recognised', severity: 'block' }]);
  return ofFile(kind, kept, []);
}

function ofMessage(bytes: Uint8Array, kept: KeptFile, options: ReadingOptions): Arrival {
  try {
    const { message, digest, findings } = readMessage(bytes, options);
    return { kind: kindOf(message), message, content: canonicalJson(message), contentSha256: digest, code: codeOf(message), statement: null, findings };
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'invalid') throw error;
    return ofFile('unreadable', kept, error.findings.length > 0 ? error.findings : [{ code: error.code, severity: 'block' }]);
  }
}

/** Whatever it is worth, it is kept; what of it does not hold is told. Whether the signer is known to us is not its sender's concern. */
async function ofReceipt(ctx: Ctx, kept: KeptArrival): Promise<Arrival> {
  if (kept.byteCount > RECEIPT_BYTES_MAX) return ofFile('unreadable', kept, [{ code: 'receipt.too_large', severity: 'block', params: { bytesMax: RECEIPT_BYTES_MAX } }]);
  const { statement, findings } = verifyReceipt(derOf(kept.bytes ?? await readKeptFile(ctx, kept.fileId)), { now: ctx.clock.now() });
  const faults = findings.filter(({ severity }) => severity === 'block').map((finding): Finding => ({ ...finding, severity: 'warn' }));
  return { ...ofFile('receipt', kept, faults), statement };
}

function ofFile(kind: string, { sha256 }: Pick<KeptFile, 'sha256'>, findings: readonly Finding[]): Arrival {
  return { kind, message: null, content: null, contentSha256: sha256, code: null, statement: null, findings };
}

function recogniseBytes(bytes: Uint8Array): ArrivalKind {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return recognise(whole.subarray(0, HEAD_BYTES), whole.subarray(-HEAD_BYTES));
}

/** Looks at both ends of a file, however large it is. */
async function recogniseKept(ctx: Ctx, { fileId }: KeptFile): Promise<ArrivalKind> {
  let head: Buffer = Buffer.alloc(0);
  let tail: Buffer = Buffer.alloc(0);
  for await (const part of openKeptFile(ctx, fileId)) {
    const bytes = part as Buffer;
    if (head.length < HEAD_BYTES) head = Buffer.concat([head, bytes.subarray(0, HEAD_BYTES - head.length)]);
    // The beginning tells; only of a ZIP with another first entry the end is wanted.
    if (head.length >= 64 && !head.toString('latin1', 0, 2).startsWith('PK') && head.length >= HEAD_BYTES) break;
    if (recognise(head, Buffer.alloc(0)) === 'packet') break;
    tail = bytes.length >= HEAD_BYTES ? bytes.subarray(-HEAD_BYTES) : Buffer.concat([tail, bytes]).subarray(-HEAD_BYTES);
  }
  return recognise(head, tail);
}
