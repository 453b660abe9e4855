import { recordAudit } from '../../audit/index.ts';
import { takePacketContainer } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { getKeptFile } from '../../../platform/files.ts';
import { openKeptFileAt } from '../../../platform/files-at.ts';
import type { KeptBytes } from '../../../platform/files-at.ts';
import { asGateway } from '../conversations/actors.ts';
import { handedOut, mayHandOut } from '../delivery/withdraw-message.ts';
import { readContent } from '../conversations/message.store.ts';
import { messageToXml } from '../messages/message-xml.ts';
import type { Message } from '../messages/message.ts';
import { packetCover } from './packet-cover.ts';
import { coverXml } from './packet-cover.rules.ts';
import { formsOf, provingFormOf, readyKeyOf, readyNameOf, receiptKeyOf, receiptNameOf } from './ready-file.rules.ts';
import type { ReadyForm } from './ready-file.rules.ts';
import { findReady, findReceiptFile, insertPickup, selectReady, selectReceiptFiles } from './ready-file.store.ts';
import type { ReadyMessage, ReceiptFileRow } from './ready-file.store.ts';

/** The outbox as files: what SFTP shows of it. */
export interface ReadyFile {
  readonly messageId: string;
  readonly name: string;
  readonly size: number;
  readonly readyAt: Date;
  /** Whoever has read this one whole has fetched the message. */
  readonly isProving: boolean;
}

export interface ReceiptFile {
  readonly receiptId: string;
  readonly name: string;
  readonly size: number;
  readonly happenedAt: Date;
}

export interface FilePage<T> {
  readonly items: readonly T[];
  /** To be given as `after` for what follows; null at the end. */
  readonly next: string | null;
}

export interface ReadyQuery {
  readonly partnerId: string;
  readonly isPickedUp: boolean;
  readonly after: string | null;
  readonly limit: number;
}

const LIMIT_MAX = 200;

function partnerOnly(ctx: Ctx, partnerId: string): void {
  authorise(ctx, 'messages.fetch');
  if (ctx.actor.partner !== null && ctx.actor.partner !== partnerId) throw new AppError('forbidden', 'exchange.not_your_partner');
}

/** What lies ready as files, in the order in which it was offered. @throws AppError `exchange.not_your_partner`, `access.forbidden`. */
export async function listReadyFiles(ctx: Ctx, query: ReadyQuery): Promise<FilePage<ReadyFile>> {
  partnerOnly(ctx, query.partnerId);
  const limit = Math.min(Math.max(Math.trunc(query.limit), 1), LIMIT_MAX);
  return inTransaction(asGateway(ctx), async (tx) => {
    const rows = await selectReady(tx, { ...query, limit: limit + 1 });
    const items: ReadyFile[] = [];
    for (const row of await handedOut(tx, rows.slice(0, limit))) for (const form of formsOf(row)) items.push(await fileOf(tx, row, form));
    return { items, next: rows.length > limit ? rows[limit - 1]?.messageId ?? null : null };
  });
}

/** The file of that name; null where there is none in that place. */
export async function findReadyFile(ctx: Ctx, query: { readonly partnerId: string; readonly isPickedUp: boolean; readonly name: string }): Promise<ReadyFile | null> {
  partnerOnly(ctx, query.partnerId);
  return inTransaction(asGateway(ctx), async (tx) => {
    const found = await located(tx, query.partnerId, query.name);
    return found && found.row.isPickedUp === query.isPickedUp ? fileOf(tx, found.row, found.form) : null;
  });
}

async function located(tx: TxCtx, partnerId: string, name: string): Promise<{ row: ReadyMessage; form: ReadyForm } | null> {
  const key = readyKeyOf(name);
  const row = key === null ? null : await findReady(tx, partnerId, key);
  const form = row && formsOf(row).find((one) => readyNameOf(row, one) === name);
  return row && form ? { row, form } : null;
}

async function fileOf(tx: TxCtx, row: ReadyMessage, form: ReadyForm): Promise<ReadyFile> {
  const size = form === 'xml' ? (await xmlOf(tx, row)).length : (await getKeptFile(tx, row.encryptedFileId ?? row.fileId ?? '')).byteCount;
  return { messageId: row.messageId, name: readyNameOf(row, form), size, readyAt: row.readyAt, isProving: provingFormOf(row) === form };
}

async function xmlOf(tx: TxCtx, row: ReadyMessage): Promise<Buffer> {
  const content = await readContent(tx, row.messageId);
  const cover = content === null ? await packetCover(tx, row.messageId) : null;
  if (cover !== null) return coverXml(cover);
  if (content === null) throw new AppError('not_found', 'message.no_such_form');
  return messageToXml(JSON.parse(content) as Message);
}

/**
 * The bytes of a ready file, to be read at any place without holding the whole. A packet is handed out by the rules of packets.
 *
 * @throws AppError `message.not_found`, `message.withdrawn`, `packet.withdrawn`, `packet.superseded`, `exchange.not_your_partner`, `access.forbidden`.
 */
export async function openReadyFile(ctx: Ctx, { partnerId, name }: { readonly partnerId: string; readonly name: string }): Promise<KeptBytes> {
  partnerOnly(ctx, partnerId);
  const gateway = asGateway(ctx);
  const opened = await inTransaction(gateway, async (tx) => {
    const found = await located(tx, partnerId, name);
    if (!found) throw new AppError('not_found', 'message.not_found');
    if (!(await mayHandOut(tx, found.row.messageId))) return null;
    const { messageId, county, kind } = found.row;
    await recordAudit(tx, { action: 'message.read', subject: { type: 'message', id: messageId }, partner: partnerId, county, details: { kind, form: found.form } });
    return { row: found.row, bytes: found.form === 'xml' ? await xmlOf(tx, found.row) : null };
  });
  if (opened === null) throw new AppError('forbidden', 'message.withdrawn');
  const { row, bytes } = opened;
  if (bytes !== null) return { size: bytes.length, read: async (at, length) => bytes.subarray(at, at + length), close: async () => undefined };
  const packetId = row.cause?.startsWith('packet:') ? row.cause.slice('packet:'.length) : null;
  const fileId = packetId === null ? row.fileId : (await takePacketContainer(ctx, packetId)).fileId;
  return openKeptFileAt(gateway, row.encryptedFileId ?? fileId ?? '');
}

/**
 * Takes a message out of the outbox: of several who try, one does. It stays to be read among what was picked up, and only its being read
 * proves that it was fetched. False where it was picked up before.
 *
 * @throws AppError `message.not_found`, `exchange.not_your_partner`, `access.forbidden`.
 */
export async function pickUpMessage(ctx: Ctx, { partnerId, messageId }: { readonly partnerId: string; readonly messageId: string }): Promise<boolean> {
  partnerOnly(ctx, partnerId);
  return inTransaction(asGateway(ctx), async (tx) => {
    const row = await findReady(tx, partnerId, messageId);
    if (!row) throw new AppError('not_found', 'message.not_found');
    if (!(await insertPickup(tx, row))) return false;
    await recordAudit(tx, { action: 'message.picked_up', subject: { type: 'message', id: messageId }, partner: partnerId, county: row.county, details: { kind: row.kind } });
    return true;
  });
}

/** The partner's receipts as files, the newest first. @throws AppError `exchange.not_your_partner`, `access.forbidden`. */
export async function listReceiptFiles(ctx: Ctx, query: { readonly partnerId: string; readonly after: string | null; readonly limit: number }): Promise<FilePage<ReceiptFile>> {
  partnerOnly(ctx, query.partnerId);
  const limit = Math.min(Math.max(Math.trunc(query.limit), 1), LIMIT_MAX);
  const rows = await inTransaction(asGateway(ctx), (tx) => selectReceiptFiles(tx, { partnerId: query.partnerId, before: query.after, limit: limit + 1 }));
  return { items: rows.slice(0, limit).map(receiptFileOf), next: rows.length > limit ? rows[limit - 1]?.receiptId ?? null : null };
}

/** The receipt of that name; null where there is none. */
export async function findReceiptByName(ctx: Ctx, { partnerId, name }: { readonly partnerId: string; readonly name: string }): Promise<ReceiptFile | null> {
  partnerOnly(ctx, partnerId);
  const key = receiptKeyOf(name);
  const row = key && await inTransaction(asGateway(ctx), (tx) => findReceiptFile(tx, partnerId, key.messageId, key.position));
  return row && row.stage === key?.stage ? receiptFileOf(row) : null;
}

const receiptFileOf = (row: ReceiptFileRow): ReceiptFile => ({ receiptId: row.receiptId, name: receiptNameOf(row), size: row.size, happenedAt: row.happenedAt });
