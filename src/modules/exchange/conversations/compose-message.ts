import { recordAudit } from '../../audit/index.ts';
import { officeDay, packetFileForExchange, putQueueItem, removeQueueItem } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { getKeptFile } from '../../../platform/files.ts';
import { newId } from '../../../platform/ids.ts';
import { emit } from '../../../platform/outbox.ts';
import { defaultCode, kindRule } from '../messages/message-kinds.ts';
import { isMessageKind } from '../messages/message.ts';
import type { Message, MessageKind } from '../messages/message.ts';
import { findConversation, touchConversation } from './conversation.store.ts';
import { DRAFT_ITEM } from './draft-item.ts';
import { papersLeave, sealPapers } from './enclosed-papers.ts';
import { mayLeave, requireAgreed } from './may-leave.ts';
import type { Target } from './may-leave.ts';
import { findByCause, findBySenderId, findMessage, insertMessage, nextSerial, readContent, updateDraft, updateMessageState } from './message.store.ts';
import type { MessageRow, NewMessage } from './message.store.ts';
import { moveBySaying } from './move-by-saying.ts';
import { inConversation, targetOf } from './target-of.ts';
import { checkedMessage, writtenMessage } from './write-message.ts';

export interface MessageToSend {
  /** About which request; or in which conversation; or, beside any request, to whom. */
  readonly referralId?: string;
  readonly conversationId?: string;
  readonly partnerId?: string;
  readonly kind: string;
  /** What it says, as the schema has it; null where the file is all there is. */
  readonly body: Readonly<Record<string, unknown>> | null;
  /** The message answered, by our id for it or by the sender's. */
  readonly inReplyTo?: string;
  /** Names what is answered where we may have no message of that name: a packet, a request. */
  readonly replyTo?: string;
  /** A triple of CSENet; by default the one that fits. */
  readonly code?: string;
  /** A file that goes with it: any that was kept, or a sealed packet. */
  readonly fileId?: string;
  readonly packetId?: string;
  /** Attachments of the referral that go with it, signed as one file and named in what it says. */
  readonly papers?: readonly string[];
  readonly asDraft?: boolean;
  /** For what it is made: the same is said once. One of an event or packet (`event:…`, `packet:…`) tells of a move that has been made. */
  readonly cause?: string;
}

export interface SentMessage {
  readonly messageId: string;
  readonly state: 'draft' | 'queued';
  /** It was said before, for the same cause. */
  readonly alreadySent: boolean;
}

/**
 * Makes a message of ours, ready to leave or as a draft. It leaves only under an agreement in force, in both languages, and with nothing in it that may not be
 * told. What somebody wrote in own words about a case in which somebody is protected stays a draft until an attorney releases it. Where saying it is a step of the
 * request, the step is made.
 *
 * @throws AppError `message.kind_unknown`, `message.invalid`, `message.language_missing`, `message.tells_protected`, `message.not_found`, `conversation.not_found`,
 *   `referral.not_found`, `agreement.none_allows`, `access.forbidden`.
 */
export async function sendMessage(ctx: Ctx, given: MessageToSend): Promise<SentMessage> {
  authorise(ctx, 'messages.send');
  const { kind } = given;
  if (!isMessageKind(kind) || !kindRule(kind).by.includes('agency')) throw new AppError('invalid', 'message.kind_unknown', { params: { kind: kind.slice(0, 40) } });
  return inTransaction(ctx, async (tx) => {
    const said = given.cause === undefined ? null : await findByCause(tx, given.cause);
    if (said) return { messageId: said.messageId, state: said.state === 'draft' ? 'draft' : 'queued', alreadySent: true };
    const target = await targetOf(tx, given, kind);
    const answered = await answeredMessage(tx, target, given);
    const made = { messageId: newId('msg', tx.clock.now().getTime()), serial: await nextSerial(tx), kind, target, replyTo: answered?.senderMessageId ?? given.replyTo ?? null };
    const { body, fileId } = await withFile(tx, target, given);
    const written = body === null ? await writtenFile(tx, fileId, kind, target) : writtenMessage(tx, made, body, given.code);
    const isFree = await mayLeave(tx, target, body, given.asDraft === true);
    const state = given.asDraft === true || !isFree ? 'draft' as const : 'queued' as const;
    if (state === 'queued') await requireAgreed(tx, target);
    const row: NewMessage = {
      ...written, fileId, messageId: made.messageId, senderMessageId: made.messageId, serial: made.serial, conversationId: target.conversation.conversationId, partnerId: target.partner.partnerId,
      county: target.conversation.county, direction: 'out', kind, inReplyTo: answered?.messageId ?? null, replyTo: made.replyTo, hop: null, cause: given.cause ?? null, state, channel: 'internal',
      findings: [], statedAt: tx.clock.now(), expiresOn: null,
    };
    await insertMessage(tx, row);
    if (!isFree && given.asDraft !== true) await putDraftItem(tx, target, made.messageId, 'exchange.draft_review');
    await afterMade(tx, target, row);
    return { messageId: made.messageId, state, alreadySent: false };
  });
}

/** What it says, with the file that goes with it. */
async function withFile(tx: TxCtx, target: Target, { body, fileId, packetId, papers = [] }: MessageToSend): Promise<{ readonly body: MessageToSend['body']; readonly fileId: string | null }> {
  if (papers.length > 0) {
    const sealed = await sealPapers(tx, target, papers);
    return { body: { ...body, document: sealed.document }, fileId: sealed.fileId };
  }
  return { body, fileId: packetId === undefined ? fileId ?? null : (await packetFileForExchange(tx, packetId))?.fileId ?? null };
}

/** Somebody completes a draft, or reads it before it leaves. */
export async function putDraftItem(tx: TxCtx, { referral, conversation }: Pick<Target, 'referral' | 'conversation'>, messageId: string, reason: string): Promise<void> {
  const today = officeDay(tx);
  await putQueueItem(tx, {
    kind: DRAFT_ITEM, subjectId: messageId, county: conversation.county, caseId: referral?.caseId ?? null, partnerId: conversation.partnerId, reason, dueOn: today, availableOn: today,
  });
}

type Said = Pick<MessageRow, 'messageId' | 'partnerId' | 'county' | 'kind' | 'state' | 'cause' | 'inReplyTo' | 'fileId'> & { readonly content: string | null };

async function afterMade(tx: TxCtx, target: Target, row: Said): Promise<void> {
  const { state, kind, messageId, partnerId, county } = row;
  await touchConversation(tx, target.conversation.conversationId);
  await recordAudit(tx, { action: 'message.made', subject: { type: 'message', id: messageId }, partner: partnerId, county, details: { kind, state } });
  if (state !== 'queued') return;
  if (kind === 'documentResponse') await papersLeave(tx, target, row);
  if (row.cause === null) await moveBySaying(tx, target, row);
  await emit(tx, 'message.queued', { messageId, partnerId, kind });
}

/** Ours by our id; theirs by ours or by their own. */
async function answeredMessage(tx: TxCtx, { partner }: Target, { inReplyTo, replyTo }: MessageToSend): Promise<MessageRow | null> {
  if (inReplyTo === undefined) return replyTo === undefined ? null : findBySenderId(tx, partner.partnerId, replyTo);
  const answered = await findMessage(tx, inReplyTo) ?? await findBySenderId(tx, partner.partnerId, inReplyTo);
  if (!answered || answered.partnerId !== partner.partnerId) throw new AppError('not_found', 'message.not_found');
  return answered;
}

/** A file of its own says itself what it says; its triple is the one of its kind. */
async function writtenFile(tx: TxCtx, fileId: string | null, kind: MessageKind, { referral }: Target): Promise<{ content: null; contentSha256: string; byteCount: number; code: string | null }> {
  const { sha256, byteCount } = await getKeptFile(tx, fileId ?? '');
  const triple = defaultCode({ [kind]: { service: referral?.services ?? [] } } as unknown as Message, referral?.services ?? []);
  return { content: null, contentSha256: sha256, byteCount, code: triple && `${triple.function} ${triple.action} ${triple.reason}` };
}

/**
 * Lets a draft leave, with what somebody changed in it. Where somebody of the case is protected and the draft says anything in own words, an attorney does.
 *
 * @throws AppError `message.not_found`, `message.no_draft`, `message.review_needed`, and those of `sendMessage`.
 */
export async function releaseDraft(ctx: Ctx, messageId: string, edits?: { readonly body?: Readonly<Record<string, unknown>> }): Promise<SentMessage> {
  authorise(ctx, 'messages.send');
  return inTransaction(ctx, async (tx) => {
    const row = await draftOf(tx, messageId);
    const target = await inConversation(tx, row.conversationId === null ? null : await findConversation(tx, row.conversationId));
    const before = await readContent(tx, messageId);
    const content = before === null ? null : await releasedContent(tx, target, row, before, edits?.body);
    await requireAgreed(tx, target);
    await updateMessageState(tx, messageId, ['draft'], 'queued');
    await removeQueueItem(tx, DRAFT_ITEM, messageId);
    await afterMade(tx, target, { ...row, state: 'queued', content });
    return { messageId, state: 'queued', alreadySent: false };
  });
}

async function releasedContent(tx: TxCtx, target: Target, row: MessageRow, before: string, edited: Readonly<Record<string, unknown>> | undefined): Promise<string> {
  const message = JSON.parse(before) as Record<string, unknown>;
  const body = edited ?? message[row.kind];
  if (!await mayLeave(tx, target, body, false)) throw new AppError('forbidden', 'message.review_needed');
  const now = tx.clock.now();
  const written = checkedMessage({ ...message, sentAt: now.toISOString(), datedOn: officeDay(tx), [row.kind]: body } as unknown as Message, now);
  await updateDraft(tx, row.messageId, written);
  return written.content;
}

/** @throws AppError `message.not_found`, `message.no_draft`. */
export async function discardDraft(ctx: Ctx, messageId: string): Promise<void> {
  authorise(ctx, 'messages.send');
  await inTransaction(ctx, async (tx) => {
    const row = await draftOf(tx, messageId);
    await updateMessageState(tx, messageId, ['draft'], 'cancelled');
    await removeQueueItem(tx, DRAFT_ITEM, messageId);
    await recordAudit(tx, { action: 'message.discarded', subject: { type: 'message', id: messageId }, partner: row.partnerId, county: row.county, details: { kind: row.kind } });
    await emit(tx, 'message.discarded', { messageId, partnerId: row.partnerId });
  });
}

async function draftOf(tx: TxCtx, messageId: string): Promise<MessageRow> {
  const row = await findMessage(tx, messageId, 'lock');
  if (!row || row.direction !== 'out') throw new AppError('not_found', 'message.not_found');
  if (row.state !== 'draft') throw new AppError('conflict', 'message.no_draft', { params: { state: row.state } });
  return row;
}
