import { recordAudit } from '../../audit/index.ts';
import { findPartner, getPartner, requireAgreement } from '../../partners/index.ts';
import type { PartnerProfile } from '../../partners/index.ts';
import { gateFreeText, officeDay, ourOffice, referralForExchange } from '../../referrals/index.ts';
import type { ExchangedReferral } from '../../referrals/index.ts';
import { authorise, isAllowed } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { getKeptFile } from '../../../platform/files.ts';
import { newId } from '../../../platform/ids.ts';
import { emit } from '../../../platform/outbox.ts';
import { defaultCode, kindRule } from '../messages/message-kinds.ts';
import { canonicalJson, codeOf, contentDigest, isMessageKind } from '../messages/message.ts';
import type { Message, MessageKind } from '../messages/message.ts';
import type { Correspondent, MessageHeader } from '../messages/message.types.ts';
import { readMessage } from '../messages/read-message.ts';
import { findByReferral, findConversation, lockPartner, touchConversation } from './conversation.store.ts';
import type { ConversationRow } from './conversation.store.ts';
import { languageFindings, wordsOf } from './leaving.rules.ts';
import { findByCause, findMessage, insertMessage, nextSerial, readContent, updateDraft, updateMessageState } from './message.store.ts';
import type { MessageRow, NewMessage } from './message.store.ts';
import { openConversation } from './resolve-conversation.ts';

export interface MessageToSend {
  /** About which request; or in which conversation; or, beside any request, to whom. */
  readonly referralId?: string;
  readonly conversationId?: string;
  readonly partnerId?: string;
  readonly kind: string;
  /** What it says, as the schema has it; null where the file is all there is. */
  readonly body: Readonly<Record<string, unknown>> | null;
  /** The message answered, by our id for it. */
  readonly inReplyTo?: string;
  /** A triple of CSENet; by default the one that fits. */
  readonly code?: string;
  readonly fileId?: string;
  readonly asDraft?: boolean;
  /** For what it is made (`referral.moved` and the move): the same is said once. */
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
 * told. What somebody wrote in own words about a case in which somebody is protected stays a draft until an attorney releases it.
 *
 * @throws AppError `message.kind_unknown`, `message.invalid`, `message.language_missing`, `message.tells_protected`, `conversation.not_found`, `referral.not_found`,
 *   `agreement.none_allows`, `access.forbidden`.
 */
export async function sendMessage(ctx: Ctx, given: MessageToSend): Promise<SentMessage> {
  authorise(ctx, 'messages.send');
  const { kind } = given;
  if (!isMessageKind(kind) || !kindRule(kind).by.includes('agency')) throw new AppError('invalid', 'message.kind_unknown', { params: { kind: kind.slice(0, 40) } });
  return inTransaction(ctx, async (tx) => {
    const said = given.cause === undefined ? null : await findByCause(tx, given.cause);
    if (said) return { messageId: said.messageId, state: said.state === 'draft' ? 'draft' : 'queued', alreadySent: true };
    const target = await targetOf(tx, given);
    const answered = given.inReplyTo === undefined ? null : await answeredMessage(tx, target, given.inReplyTo);
    const serial = await nextSerial(tx);
    const messageId = newId('msg', tx.clock.now().getTime());
    const made = { messageId, serial, kind, target, answered };
    const written = given.body === null ? await asFile(tx, given.fileId) : asMessage(tx, made, given.body, given.code);
    const mayLeave = await judged(tx, target, given.body, given.asDraft === true);
    const state = given.asDraft === true || !mayLeave ? 'draft' as const : 'queued' as const;
    if (state === 'queued') await allowed(tx, target);
    const row: NewMessage = {
      messageId, conversationId: target.conversation.conversationId, partnerId: target.partner.partnerId, county: target.conversation.county, direction: 'out', senderMessageId: messageId, serial,
      kind, code: written.code, inReplyTo: answered?.messageId ?? null, replyTo: answered?.senderMessageId ?? null, hop: null, cause: given.cause ?? null, state, channel: 'internal',
      contentSha256: written.contentSha256, content: written.content, fileId: given.fileId ?? null, byteCount: written.byteCount, findings: [], statedAt: tx.clock.now(), expiresOn: null,
    };
    await insertMessage(tx, row);
    await afterMade(tx, row);
    return { messageId, state, alreadySent: false };
  });
}

async function afterMade(tx: TxCtx, row: Pick<NewMessage, 'messageId' | 'partnerId' | 'county' | 'kind' | 'state'> & { readonly conversationId: string | null }): Promise<void> {
  await touchConversation(tx, row.conversationId ?? '');
  const { state, kind, messageId, partnerId, county } = row;
  await recordAudit(tx, { action: 'message.made', subject: { type: 'message', id: messageId }, partner: partnerId, county, details: { kind, state } });
  if (row.state === 'queued') await emit(tx, 'message.queued', { messageId: row.messageId, partnerId: row.partnerId, kind: row.kind });
}

interface Target {
  readonly partner: PartnerProfile;
  readonly conversation: ConversationRow;
  readonly referral: ExchangedReferral | null;
}

async function targetOf(tx: TxCtx, given: MessageToSend): Promise<Target> {
  if (given.conversationId !== undefined) return inConversation(tx, await findConversation(tx, given.conversationId));
  if (given.referralId !== undefined) return aboutReferral(tx, given.referralId);
  const partner = getPartner(given.partnerId ?? '');
  await lockPartner(tx, partner.partnerId);
  const subject = isMessageKind(given.kind) ? kindRule(given.kind).subject : 'general';
  return { partner, referral: null, conversation: await openConversation(tx, { partnerId: partner.partnerId, wireId: null, openedByUs: true, subject: subject === 'referral' ? 'general' : subject, referral: null }) };
}

async function inConversation(tx: TxCtx, conversation: ConversationRow | null): Promise<Target> {
  if (!conversation) throw new AppError('not_found', 'conversation.not_found');
  const { partnerId, referralId } = conversation;
  return { partner: getPartner(partnerId), conversation, referral: referralId === null ? null : await referralForExchange(tx, partnerId, referralId) };
}

async function aboutReferral(tx: TxCtx, referralId: string): Promise<Target> {
  const referral = await referralForExchange(tx, null, referralId);
  if (!referral) throw new AppError('not_found', 'referral.not_found');
  await lockPartner(tx, referral.partnerId);
  const conversation = await findByReferral(tx, referralId) ?? await openConversation(tx, { partnerId: referral.partnerId, wireId: null, openedByUs: true, subject: 'referral', referral });
  return { partner: getPartner(referral.partnerId), conversation, referral };
}

async function answeredMessage(tx: TxCtx, { partner }: Target, messageId: string): Promise<MessageRow> {
  const answered = await findMessage(tx, messageId);
  if (!answered || answered.partnerId !== partner.partnerId) throw new AppError('not_found', 'message.not_found');
  return answered;
}

interface Written {
  readonly content: string | null;
  readonly contentSha256: string;
  readonly byteCount: number;
  readonly code: string | null;
}

async function asFile(tx: TxCtx, fileId: string | undefined): Promise<Written> {
  const { sha256, byteCount } = await getKeptFile(tx, fileId ?? '');
  return { content: null, contentSha256: sha256, byteCount, code: null };
}

interface Made {
  readonly messageId: string;
  readonly serial: string;
  readonly kind: MessageKind;
  readonly target: Target;
  readonly answered: MessageRow | null;
}

function asMessage(tx: TxCtx, made: Made, body: Readonly<Record<string, unknown>>, code: string | undefined): Written {
  const plain = { ...headerOf(tx, made), [made.kind]: body } as unknown as Message;
  const triple = code === undefined ? defaultCode(plain, made.target.referral?.services ?? []) : tripleOf(code);
  return checked({ ...plain, ...(triple ?? {}) }, tx.clock.now());
}

function tripleOf(code: string): { function: string; action: string; reason: string } {
  const [functionCode = '', action = '', reason = ''] = code.split(' ');
  return { function: functionCode, action, reason };
}

/** What we send is held against the same schema and rules as what we receive. @throws AppError `message.invalid`. */
function checked(message: Message, now: Date): Written {
  const content = canonicalJson(message);
  const bytes = Buffer.from(content, 'utf8');
  readMessage(bytes, { now });
  return { content, contentSha256: contentDigest(message), byteCount: bytes.length, code: codeOf(message) };
}

function headerOf(tx: TxCtx, { messageId, serial, target, answered }: Made): MessageHeader {
  const { partner, conversation, referral } = target;
  const now = tx.clock.now();
  return {
    version: '1.1', messageId, serial, conversation: conversation.wireId, ...(answered ? { inReplyTo: answered.senderMessageId } : {}), sentAt: now.toISOString(), datedOn: officeDay(tx),
    ...(referral ? { referralId: referral.referralId } : {}),
    from: ourselves(tx, conversation, partner),
    to: { partnerId: partner.partnerId, country: partner.country, ...(conversation.partnerFileNumber ? { fileNumber: conversation.partnerFileNumber } : {}), name: named(partner.names.value) },
  };
}

const named = (names: Readonly<Record<string, string>>): { lang: string; value: string }[] => Object.entries(names).map(([lang, value]) => ({ lang, value }));

function ourselves(tx: TxCtx, { county, ourFileNumber }: ConversationRow, partner: PartnerProfile): Correspondent {
  const { county: code, office } = ourOffice(tx.actor.agency, county ?? partner.counties.value[0] ?? null, partner.languages.value.packet);
  return { county: code, ...(ourFileNumber ? { fileNumber: ourFileNumber } : {}), name: named(office.names) };
}

/** Whether it may leave without somebody else having read it. @throws AppError `message.language_missing`, `message.tells_protected`. */
async function judged(tx: TxCtx, { partner, referral }: Target, body: unknown, isDraft: boolean): Promise<boolean> {
  const words = wordsOf(body);
  const missing = languageFindings(body, partner.languages.value.packet);
  if (missing.length > 0 && !isDraft) throw new AppError('invalid', 'message.language_missing', { findings: missing });
  const caseId = referral?.caseId ?? null;
  const free = await gateFreeText(tx, { caseId, texts: words.free });
  const other = await gateFreeText(tx, { caseId, texts: words.other });
  const findings: Finding[] = [...free.findings, ...other.findings.filter(({ code }) => !code.startsWith('leaving.') || /tells|unseen/.test(code))];
  // A draft is not read by the partner, but it is kept; and nobody mends what nobody is told.
  if (findings.length > 0) throw new AppError('conflict', 'message.tells_protected', { findings });
  return !free.isAnyoneSealed || Object.keys(words.free).length === 0 || isAllowed(tx, 'messages.review');
}

/** @throws AppError `agreement.none_allows`. */
async function allowed(tx: TxCtx, { partner, conversation, referral }: Target): Promise<void> {
  const county = referral?.county ?? conversation.county ?? partner.counties.value[0] ?? '';
  await requireAgreement(tx, { partnerId: partner.partnerId, county, services: referral?.services ?? [], on: officeDay(tx) });
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
    const target = await inConversation(tx, await findConversation(tx, row.conversationId ?? ''));
    const before = await readContent(tx, messageId);
    if (before !== null) {
      const message = JSON.parse(before) as Record<string, unknown>;
      const body = edits?.body ?? message[row.kind];
      if (!await judged(tx, target, body, false)) throw new AppError('forbidden', 'message.review_needed');
      const now = tx.clock.now();
      const written = checked({ ...message, sentAt: now.toISOString(), datedOn: officeDay(tx), [row.kind]: body } as unknown as Message, now);
      if (written.content !== null) await updateDraft(tx, messageId, { ...written, content: written.content });
    }
    await allowed(tx, target);
    await updateMessageState(tx, messageId, ['draft'], 'queued');
    await afterMade(tx, { ...row, state: 'queued' });
    return { messageId, state: 'queued', alreadySent: false };
  });
}

/** @throws AppError `message.not_found`, `message.no_draft`. */
export async function discardDraft(ctx: Ctx, messageId: string): Promise<void> {
  authorise(ctx, 'messages.send');
  await inTransaction(ctx, async (tx) => {
    const row = await draftOf(tx, messageId);
    await updateMessageState(tx, messageId, ['draft'], 'cancelled');
    await recordAudit(tx, { action: 'message.discarded', subject: { type: 'message', id: messageId }, partner: row.partnerId, county: row.county, details: { kind: row.kind } });
    await emit(tx, 'message.discarded', { messageId, partnerId: row.partnerId });
  });
}

async function draftOf(tx: TxCtx, messageId: string): Promise<MessageRow> {
  const row = await findMessage(tx, messageId, 'lock');
  if (!row || row.direction !== 'out') throw new AppError('not_found', 'message.not_found');
  if (row.state !== 'draft') throw new AppError('conflict', 'message.no_draft', { params: { state: row.state } });
  if (!findPartner(row.partnerId)) throw new AppError('not_found', 'partner.unknown');
  return row;
}
