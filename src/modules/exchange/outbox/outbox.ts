import { Readable } from 'node:stream';
import { recordAudit } from '../../audit/index.ts';
import { takePacketContainer } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { getKeptFile } from '../../../platform/files.ts';
import { streamKeptFile } from '../../../platform/files-at.ts';
import { emit } from '../../../platform/outbox.ts';
import { asGateway } from '../conversations/actors.ts';
import { findByCause, findMessage, readContent, selectOffered, updateMessageState } from '../conversations/message.store.ts';
import type { Channel, MessageRow } from '../conversations/message.store.ts';
import { endDelivery } from '../delivery/end-delivery.ts';
import { findDelivery, setMessage } from '../delivery/delivery.store.ts';
import { handedOut, mayHandOut } from '../delivery/withdraw-message.ts';
import { recordReceipt } from '../evidence/record-receipt.ts';
import { selectOfferedWith } from './outbox.store.ts';
import type { OfferedWith } from './outbox.store.ts';
import { packetCover, packetOf } from './packet-cover.ts';
import { coverJson, coverXml } from './packet-cover.rules.ts';
import type { PacketCover } from './packet-cover.rules.ts';
import { messageToXml } from '../messages/message-xml.ts';
import type { Message } from '../messages/message.ts';

const LIMIT_MAX = 200;

export interface OutboxQuery {
  readonly partnerId: string;
  /** The message last seen: what was offered after it. */
  readonly after?: string | null | undefined;
  readonly limit?: number | undefined;
}

/** What lies ready for a partner. */
export interface OutboxItem {
  readonly messageId: string;
  readonly kind: string;
  readonly serial: string | null;
  readonly code: string | null;
  /** By the id that both sides use. */
  readonly conversation: string | null;
  /** What it answers, by the id under which the partner has it. */
  readonly inReplyTo: string | null;
  readonly state: 'delivered' | 'retrieved';
  readonly hasMessage: boolean;
  readonly hasFile: boolean;
  readonly isEncrypted: boolean;
  readonly byteCount: number;
  readonly sha256: string;
  readonly sentAt: Date;
  readonly expiresOn: string | null;
  readonly ourFileNumber: string | null;
  readonly partnerFileNumber: string | null;
}

export interface OutboxPage {
  readonly items: readonly OutboxItem[];
  /** To be given as `after` for what follows; null where there is no more now. */
  readonly next: string | null;
}

/** What was offered to a partner, in the order of being offered. Nothing that is still on its way, no draft. @throws AppError `exchange.not_your_partner`, `access.forbidden`. */
export async function listOutbox(ctx: Ctx, query: OutboxQuery): Promise<OutboxPage> {
  authorise(ctx, 'messages.fetch');
  refuseOthers(ctx, query.partnerId);
  const limit = Math.min(Math.max(Math.trunc(query.limit ?? 50), 1), LIMIT_MAX);
  return inTransaction(asGateway(ctx), async (tx) => {
    const rows = await selectOffered(tx, query.partnerId, query.after ?? null, limit + 1);
    const page = await handedOut(tx, rows.slice(0, limit));
    const more = await selectOfferedWith(tx, page.map(({ messageId }) => messageId));
    const items = page.map((row) => itemOf(row, more.get(row.messageId)));
    return { items, next: rows.length > limit ? rows[limit - 1]?.messageId ?? null : null };
  });
}

function refuseOthers(ctx: Ctx, partnerId: string): void {
  if (ctx.actor.partner !== null && ctx.actor.partner !== partnerId) throw new AppError('forbidden', 'exchange.not_your_partner');
}

function itemOf(row: MessageRow, more: OfferedWith | undefined): OutboxItem {
  return {
    messageId: row.messageId, kind: row.kind, serial: row.serial, code: row.code, conversation: more?.wireId ?? null, inReplyTo: row.replyTo,
    state: row.state === 'retrieved' ? 'retrieved' : 'delivered', hasMessage: true, hasFile: row.fileId !== null,
    isEncrypted: more?.isEncrypted ?? false, byteCount: row.byteCount, sha256: row.contentSha256, sentAt: row.storedAt, expiresOn: row.expiresOn,
    ourFileNumber: more?.ourFileNumber ?? null, partnerFileNumber: more?.partnerFileNumber ?? null,
  };
}

export interface OutboxFile {
  readonly fileName: string;
  readonly mediaType: string;
  readonly size: number;
  /** Whoever has it whole has fetched the message: not the cover of a packet, which lies beside the packet. */
  readonly isProving: boolean;
  /** Other bytes have another version. */
  readonly version: string;
  /** A message as it is written; null for a file, which is never held as a whole. */
  readonly bytes: Uint8Array | null;
  /** The bytes as they are read: all, or from one place to another. To be read to the end, or destroyed. */
  open(range?: { readonly from: number; readonly to: number }): Promise<Readable>;
}

/**
 * A message that was offered, in one of its forms, or the file that goes with it. A packet is handed out by the rules of packets: what has been taken back, or told
 * too much since, is not.
 *
 * @throws AppError `message.not_found`, `message.no_such_form`, `message.withdrawn`, `packet.withdrawn`, `packet.superseded`, `access.forbidden`.
 */
export async function openOutboxItem(ctx: Ctx, messageId: string, form: 'xml' | 'json' | 'file'): Promise<OutboxFile> {
  authorise(ctx, 'messages.fetch');
  const gateway = asGateway(ctx);
  const opened = await inTransaction(gateway, async (tx) => {
    const found = await offered(ctx, tx, messageId);
    if (!(await mayHandOut(tx, messageId))) return null;
    await recordAudit(tx, { action: 'message.read', subject: { type: 'message', id: messageId }, partner: found.partnerId, county: found.county, details: { kind: found.kind, form } });
    return { row: found, content: form === 'file' ? null : await readContent(tx, messageId), cover: form === 'file' ? null : await packetCover(tx, messageId), encryptedFileId: (await findDelivery(tx, messageId))?.encryptedFileId ?? null };
  });
  if (opened === null) throw withdrawn();
  const { row, content, cover, encryptedFileId } = opened;
  if (form !== 'file') return content === null && cover !== null ? coverFile(cover, form) : messageFile(row, content, form);
  if (row.fileId === null) throw new AppError('not_found', 'message.no_such_form');
  return keptFile(ctx, gateway, row, encryptedFileId);
}

/** Why is not said: that would tell of whoever is protected. */
const withdrawn = (): AppError => new AppError('forbidden', 'message.withdrawn');

async function offered(ctx: Ctx, tx: Parameters<typeof findMessage>[0], messageId: string): Promise<MessageRow> {
  const row = await findMessage(tx, messageId);
  const isTheirs = row !== null && row.direction === 'out' && (ctx.actor.partner === null || row.partnerId === ctx.actor.partner);
  // What lay ready once, and was withdrawn, is known to be there.
  if (isTheirs && row.state === 'cancelled' && row.offeredAs !== null) throw withdrawn();
  if (!row || !isTheirs || !['delivered', 'retrieved'].includes(row.state)) throw new AppError('not_found', 'message.not_found');
  return row;
}

function messageFile(row: MessageRow, content: string | null, form: 'xml' | 'json'): OutboxFile {
  if (content === null) throw new AppError('not_found', 'message.no_such_form');
  return textFile({ messageId: row.messageId, form, version: row.contentSha256, isProving: true }, form === 'json' ? Buffer.from(content, 'utf8') : messageToXml(JSON.parse(content) as Message));
}

const coverFile = (cover: PacketCover, form: 'xml' | 'json'): OutboxFile =>
  textFile({ messageId: cover.messageId, form, version: cover.packet.sha256, isProving: false }, form === 'json' ? coverJson(cover) : coverXml(cover));

interface TextGiven {
  readonly messageId: string;
  readonly form: 'xml' | 'json';
  readonly version: string;
  readonly isProving: boolean;
}

function textFile({ messageId, form, version, isProving }: TextGiven, bytes: Buffer): OutboxFile {
  return {
    fileName: `${messageId}.${form}`, mediaType: form === 'json' ? 'application/json' : 'application/xml', size: bytes.length, version, isProving, bytes,
    open: async (range) => Readable.from([range === undefined ? bytes : bytes.subarray(range.from, range.to + 1)], { objectMode: false }),
  };
}

/** The file itself, or what only the partner can open of it; whether the packet may still be had is looked at either way. */
async function keptFile(ctx: Ctx, gateway: Ctx, row: MessageRow, encryptedFileId: string | null): Promise<OutboxFile> {
  const packetId = packetOf(row);
  const plainFileId = packetId === null ? row.fileId ?? '' : (await takePacketContainer(ctx, packetId)).fileId;
  const fileId = encryptedFileId ?? plainFileId;
  const { byteCount } = await getKeptFile(gateway, fileId);
  const [ending, plainType] = packetId !== null || row.kind === 'documentResponse' ? ['asice', 'application/vnd.etsi.asic-e+zip'] : ['bin', 'application/octet-stream'];
  const named = encryptedFileId === null ? { fileName: `${row.messageId}.${ending}`, mediaType: plainType } : { fileName: `${row.messageId}.${ending}.p7m`, mediaType: 'application/pkcs7-mime' };
  return { ...named, size: byteCount, version: fileId, isProving: true, bytes: null, open: (range) => streamKeptFile(gateway, fileId, range) };
}

/**
 * The partner has fetched a message: it is proven by a receipt, once, and nobody waits any more.
 *
 * @throws AppError `message.not_found`, `message.withdrawn`, `access.forbidden`.
 */
export async function markRetrieved(ctx: Ctx, messageId: string, channel: Channel): Promise<Retrieved> {
  authorise(ctx, 'messages.fetch');
  const marked = await retrieved(ctx, messageId, channel, mayHandOut);
  if (marked === null) throw withdrawn();
  return marked;
}

interface Retrieved { readonly receiptId: string; readonly receipt: Uint8Array; readonly alreadyRetrieved: boolean }

async function retrieved(ctx: Ctx, messageId: string, channel: Channel, may: typeof mayHandOut): Promise<Retrieved | null> {
  return inTransaction(asGateway(ctx), async (tx) => {
    const row = await offered(ctx, tx, messageId);
    if (!(await may(tx, messageId))) return null;
    const isFirst = await updateMessageState(tx, messageId, ['delivered'], 'retrieved');
    const { receiptId, signed } = await recordReceipt(tx, { messageId, stage: 'retrieved', channel });
    if (isFirst) {
      await setMessage(tx, messageId, { state: 'retrieved', channel });
      await endDelivery(tx, messageId);
      await recordAudit(tx, { action: 'message.retrieved', subject: { type: 'message', id: messageId }, partner: row.partnerId, county: row.county, details: { kind: row.kind, channel } });
      await emit(tx, 'message.retrieved', { messageId, partnerId: row.partnerId, kind: row.kind });
    }
    return { receiptId, receipt: signed, alreadyRetrieved: !isFirst };
  });
}

/** An officer of the partner's took a packet from our page: the message that it travelled with is fetched. Nothing happens where it was sent before there were messages. */
export async function markPacketRetrieved(ctx: Ctx, packetId: string): Promise<void> {
  if (ctx.actor.partner === null) return;
  authorise(ctx, 'messages.fetch');
  const row = await inTransaction(asGateway(ctx), (tx) => findByCause(tx, `packet:${packetId}`));
  if (row?.partnerId === ctx.actor.partner && ['delivered', 'retrieved'].includes(row.state)) await retrieved(ctx, row.messageId, 'portal', async () => true);
}
