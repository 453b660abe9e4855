import { createHash } from 'node:crypto';
import { noteListShown } from '../../../modules/audit/index.ts';
import { listOutbox, markRetrieved, openOutboxItem, receiveMessage } from '../../../modules/exchange/index.ts';
import type { OutboxItem, ReceivedMessage } from '../../../modules/exchange/index.ts';
import type { Ctx } from '../../../platform/context.ts';
import type { Language } from '../../../platform/config.ts';
import { json } from '../answer.ts';
import type { Answer, Call, Handler } from '../answer.ts';
import { partnerOf } from '../caller.ts';
import { cursorOf, pageOf } from '../cursors.ts';
import { AnsweredRefusal, told } from '../problem.ts';

export const listMessages: Handler = async (call) => {
  const page = await listOutbox(call.ctx, { partnerId: partnerOf(call), ...pageOf(call) });
  await noteListShown(call.ctx, 'api-messages', page.items.map(({ messageId }) => ({ message: messageId })));
  return json({ items: page.items.map(listed), next: cursorOf(page.next) });
};

const listed = (item: OutboxItem): unknown => ({
  id: item.messageId, serial: item.serial, kind: item.kind, code: item.code, conversation: item.conversation, inReplyTo: item.inReplyTo, sha256: item.sha256, size: item.byteCount,
  hasMessage: item.hasMessage, hasFile: item.hasFile, isEncrypted: item.isEncrypted, state: item.state, sentAt: item.sentAt.toISOString(), expiresOn: item.expiresOn,
  agencyFileNumber: item.ourFileNumber, partnerFileNumber: item.partnerFileNumber,
});

/** Kept, judged and proven in one; what is refused is a problem that brings its receipt. */
export const sendMessage: Handler = async (call) => {
  const received = await receiveMessage(call.ctx, { partnerId: partnerOf(call), channel: 'api', source: call.source, byteCount: call.byteCount, mediaType: call.bodyType });
  return answerTo(received, call.language);
};

export const sendFile: Handler = async (call) => {
  const { fileName } = call.query;
  const received = await receiveMessage(call.ctx, {
    partnerId: partnerOf(call), channel: 'api', source: call.source, byteCount: call.byteCount, mediaType: call.bodyType, ...(typeof fileName === 'string' ? { fileName } : {}),
  });
  return answerTo(received, call.language);
};

/** A receipt that the partner signed for us comes by the same door as everything else. */
export const sendReceipt: Handler = sendMessage;

function answerTo(received: ReceivedMessage, language: Language): Answer {
  const shown = {
    id: received.messageId, kind: received.kind, state: received.state, conversation: received.conversation, alreadyReceived: received.alreadyReceived,
    findings: received.findings.map((finding) => told(finding, language)),
    receipt: { id: received.receiptId, signed: Buffer.from(received.receipt).toString('base64') },
  };
  if (received.state === 'refused') throw new AnsweredRefusal('message.refused', received.findings, shown);
  return json(shown, received.alreadyReceived ? 200 : 201, { Location: `/api/v1/receipts/${received.receiptId}` });
}

/** In the form that is preferred. Whoever reads it has fetched it, unless it only says which packet is to be fetched; whoever only asks whether it changed has not. */
export const getMessage: Handler = async (call) => {
  const messageId = call.path['messageId'] as string;
  const form = call.accepted === 'application/xml' ? 'xml' : 'json';
  const file = await openOutboxItem(call.ctx, messageId, form);
  return {
    headers: { Vary: 'Accept, Accept-Language' }, content: { type: file.mediaType, bytes: file.bytes ?? new Uint8Array() },
    ...(file.isProving ? { beforeSent: () => fetched(call.ctx, messageId) } : {}),
  };
};

/** The file of a message: whole or in part. It is fetched when its end is handed out. */
export const getMessageFile: Handler = async (call) => {
  const messageId = call.path['messageId'] as string;
  const file = await openOutboxItem(call.ctx, messageId, 'file');
  return {
    content: {
      type: file.mediaType, size: file.size, fileName: file.fileName, etag: etagOf(messageId, file.version),
      open: (range) => file.open(range),
    },
    beforeSent: () => fetched(call.ctx, messageId),
  };
};

const etagOf = (...parts: readonly string[]): string => createHash('sha256').update(parts.join(' ')).digest('base64url');

async function fetched(ctx: Ctx, messageId: string): Promise<void> {
  await markRetrieved(ctx, messageId, 'api');
}

export const confirmRetrieval = async (call: Call): Promise<Answer> => {
  await fetched(call.ctx, call.path['messageId'] as string);
  return { status: 204 };
};
