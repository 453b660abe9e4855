import { recordAudit } from '../../audit/index.ts';
import { incomingForExchange, officeDay, referralForExchange } from '../../referrals/index.ts';
import type { ExchangedIncoming, ExchangedReferral } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { newId } from '../../../platform/ids.ts';
import { recordReceipt } from '../evidence/record-receipt.ts';
import { sendMessage } from './compose-message.ts';
import { findByReferral, findByWireId, findConversation, insertWireId, lockPartner, mergeConversation, tieConversation, touchConversation } from './conversation.store.ts';
import type { ConversationRow } from './conversation.store.ts';
import { addVolume, findByFile, findMessage, insertMessage, updateConversationOf } from './message.store.ts';
import { openConversation } from './resolve-conversation.ts';
import { findByIncoming, insertWork, updateWork } from './work.store.ts';

const KINDS: Readonly<Record<string, string>> = { container: 'packet', message: 'referral', scan: 'paper' };

/**
 * What came in by another door (a page for packets, the post room) is a message like any other: it gets a row and a receipt, so that all that a partner sent is proven and
 * stands on one timeline.
 */
export async function keepIncoming(ctx: Ctx, incomingId: string, channel: 'portal' | 'courier'): Promise<void> {
  authorise(ctx, 'messages.settle');
  await inTransaction(ctx, async (tx) => {
    const incoming = await incomingForExchange(tx, incomingId);
    if (!incoming || (await findByIncoming(tx, incomingId)).length > 0) return;
    await lockPartner(tx, incoming.partnerId);
    const there = await findByFile(tx, incoming.partnerId, incoming.fileId);
    if (there) return;
    const isRefused = incoming.state === 'refused';
    const messageId = newId('msg', tx.clock.now().getTime());
    const findings = incoming.findings;
    await insertMessage(tx, {
      messageId, conversationId: null, partnerId: incoming.partnerId, county: incoming.county, direction: 'in', senderMessageId: incoming.sha256, serial: null,
      kind: isRefused ? 'unreadable' : KINDS[incoming.kind] ?? 'unreadable', code: null, inReplyTo: null, replyTo: null, hop: null, cause: null, state: isRefused ? 'refused' : 'stored',
      channel, contentSha256: incoming.sha256, content: null, fileId: incoming.fileId, byteCount: incoming.byteCount, findings, statedAt: null, expiresOn: null,
    });
    await addVolume(tx, incoming.partnerId, officeDay(tx), incoming.byteCount);
    if (!isRefused) {
      await insertWork(tx, { messageId, county: incoming.county, state: 'waiting', reasons: [], awaits: null });
      await updateWork(tx, messageId, { state: 'acted', reasons: ['exchange.filed'], incomingId });
    }
    await recordReceipt(tx, { messageId, stage: isRefused ? 'refused' : 'submitted', reasons: isRefused ? findings.filter(({ severity }) => severity === 'block').map(({ code }) => code) : [] });
    await recordAudit(tx, {
      action: 'message.received', subject: { type: 'message', id: messageId }, partner: incoming.partnerId, county: incoming.county,
      details: { kind: incoming.kind, state: isRefused ? 'refused' : 'stored', channel, findings: findings.map(({ code }) => code).join(' ').slice(0, 1000) },
    });
  });
  const incoming = await inTransaction(ctx, (tx) => incomingForExchange(tx, incomingId));
  if (incoming?.referralId) await tieIncoming(ctx, incomingId, incoming.referralId);
}

/** A person has tied what came in to a referral: the conversation belongs to it from then on, with all that was said in it. */
export async function tieIncoming(ctx: Ctx, incomingId: string, referralId: string): Promise<void> {
  authorise(ctx, 'messages.settle');
  await inTransaction(ctx, async (tx) => {
    const incoming = await incomingForExchange(tx, incomingId);
    const referral = incoming && await referralForExchange(tx, incoming.partnerId, referralId);
    if (!incoming || !referral) return;
    await lockPartner(tx, incoming.partnerId);
    for (const messageId of await findByIncoming(tx, incomingId)) {
      const message = await findMessage(tx, messageId);
      const own = message?.conversationId ? await findConversation(tx, message.conversationId) : null;
      const conversation = await tied(tx, own, incoming, referral);
      if (message && message.conversationId !== conversation.conversationId) await updateConversationOf(tx, messageId, conversation);
      await touchConversation(tx, conversation.conversationId);
    }
  });
}

async function tied(tx: TxCtx, own: ConversationRow | null, incoming: ExchangedIncoming, referral: ExchangedReferral): Promise<ConversationRow> {
  const of = await findByReferral(tx, referral.referralId);
  if (of !== null && (own === null || own.conversationId === of.conversationId)) {
    // Its sender may go on by the number of this packet, too.
    if (incoming.senderPacketId !== null) await insertWireId(tx, of, incoming.senderPacketId);
    return of;
  }
  if (of !== null && own !== null) {
    await mergeConversation(tx, own.conversationId, of);
    await auditTied(tx, of, referral.referralId, own.conversationId);
    return of;
  }
  const wireId = incoming.senderPacketId !== null && await findByWireId(tx, incoming.partnerId, incoming.senderPacketId) === null ? incoming.senderPacketId : null;
  const conversation = own ?? await openConversation(tx, { partnerId: incoming.partnerId, wireId, openedByUs: false, subject: 'referral', referral, theirs: incoming.theirNumber });
  await tieConversation(tx, conversation.conversationId, { referralId: referral.referralId, county: referral.county, ourFileNumber: referral.caseId });
  await auditTied(tx, { ...conversation, county: referral.county }, referral.referralId, null);
  return { ...conversation, county: referral.county, referralId: referral.referralId };
}

async function auditTied(tx: TxCtx, conversation: ConversationRow, referralId: string, merged: string | null): Promise<void> {
  await recordAudit(tx, {
    action: 'conversation.tied', subject: { type: 'conversation', id: conversation.conversationId }, partner: conversation.partnerId, county: conversation.county, details: { referralId, merged: merged ?? '' },
  });
}

/** Ties a conversation of which nobody knew what it is about, as a person says. @throws AppError `conversation.not_found`, `referral.not_found`, `access.forbidden`. */
export async function tieToReferral(tx: TxCtx, conversation: ConversationRow, referral: ExchangedReferral): Promise<ConversationRow> {
  const of = await findByReferral(tx, referral.referralId);
  if (of !== null && of.conversationId === conversation.conversationId) return of;
  if (of !== null) {
    await mergeConversation(tx, conversation.conversationId, of);
    await auditTied(tx, of, referral.referralId, conversation.conversationId);
    return of;
  }
  await tieConversation(tx, conversation.conversationId, { referralId: referral.referralId, county: referral.county, ourFileNumber: referral.caseId });
  await auditTied(tx, { ...conversation, county: referral.county }, referral.referralId, null);
  return { ...conversation, county: referral.county, referralId: referral.referralId };
}

/** A person has said no to what came in: the partner hears of it, with the reason as a code. */
export async function announceRefused(ctx: Ctx, { eventId, incomingId, reason }: { readonly eventId: string; readonly incomingId: string; readonly reason: string }): Promise<void> {
  authorise(ctx, 'messages.send');
  await inTransaction(ctx, async (tx) => {
    const incoming = await incomingForExchange(tx, incomingId);
    if (incoming?.sender !== 'theirs' || incoming.senderPacketId === null || reason === 'duplicate') return;
    await sendMessage(tx, {
      conversationId: await conversationOfIncoming(tx, incoming), kind: 'refusal', body: { of: incoming.senderPacketId, reason: [{ code: REASONS[reason] ?? 'other' }] }, replyTo: incoming.senderPacketId, cause: `event:${eventId}`,
    });
  });
}

/** Of a request of which nothing was made: by its packet's number, which is all that its sender has for it. */
async function conversationOfIncoming(tx: TxCtx, incoming: ExchangedIncoming): Promise<string> {
  await lockPartner(tx, incoming.partnerId);
  const [messageId] = await findByIncoming(tx, incoming.incomingId);
  const message = messageId === undefined ? null : await findMessage(tx, messageId);
  if (message?.conversationId) return message.conversationId;
  const number = incoming.senderPacketId;
  const wireId = number !== null && await findByWireId(tx, incoming.partnerId, number) === null ? number : null;
  const conversation = await openConversation(tx, { partnerId: incoming.partnerId, wireId, openedByUs: false, subject: 'referral', referral: null, theirs: incoming.theirNumber ?? number });
  if (message) await updateConversationOf(tx, message.messageId, conversation);
  return conversation.conversationId;
}

/** What a person says of a file, as the lifecycle says it of a request. */
const REASONS: Readonly<Record<string, string>> = { not_our_case: 'not_competent', incomplete: 'documents_insufficient', no_such_service: 'not_competent' };
