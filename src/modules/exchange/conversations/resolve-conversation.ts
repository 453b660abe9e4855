import { referralForExchange, referralsOfCaseWith, theirNumberFor } from '../../referrals/index.ts';
import type { ExchangedReferral } from '../../referrals/index.ts';
import type { TxCtx } from '../../../platform/context.ts';
import type { Finding } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { messageOfReceipt } from '../evidence/partner-receipt.store.ts';
import type { ReceiptStatement } from '../evidence/receipt.rules.ts';
import { kindRule } from '../messages/message-kinds.ts';
import { kindOf } from '../messages/message.ts';
import type { Message } from '../messages/message.ts';
import { findByReferral, findByWireId, findConversation, insertConversation, insertWireId } from './conversation.store.ts';
import type { ConversationRow, Subject } from './conversation.store.ts';
import { findByCause, findBySenderId, findMessage } from './message.store.ts';
import type { MessageRow } from './message.store.ts';

/** Ours alone are made so: another's that looks like one names nothing. */
const OURS = /^cnv_/;

export type Resolved =
  | { readonly finding: Finding }
  | { readonly finding: null; readonly conversation: ConversationRow; readonly answered: MessageRow | null; readonly isAnswerAwaited: boolean };

/**
 * The conversation of a message that came in, opened where it is new. What names another partner's conversation or referral is answered as
 * what does not exist. The caller holds the partner's lock.
 */
export async function resolveConversation(ctx: TxCtx, partnerId: string, message: Message): Promise<Resolved> {
  const answered = message.inReplyTo === undefined ? null : await findAnswered(ctx, partnerId, message.inReplyTo);
  const named = message.conversation === undefined ? null : await findByWireId(ctx, partnerId, message.conversation);
  if (message.conversation !== undefined && named === null && OURS.test(message.conversation)) return refused('message.conversation_unknown', '/conversation');
  // Whoever has only the packet answers the packet, or the request itself.
  const replied = message.inReplyTo === undefined || answered !== null ? null : await knownReferral(ctx, partnerId, message.inReplyTo);
  const referral = message.referralId === undefined ? replied : await knownReferral(ctx, partnerId, message.referralId);
  // A referral of theirs has a number of theirs until it is one of ours.
  if (message.referralId !== undefined && referral === null && /^ref_/.test(message.referralId) && kindOf(message) !== 'referral') return refused('message.referral_unknown', '/referralId');
  if (named !== null && referral !== null && named.referralId !== null && named.referralId !== referral.referralId) return refused('message.referral_differs', '/referralId');
  const conversation = named ?? await conversationOf(ctx, partnerId, message, answered, referral ?? await byFileNumber(ctx, partnerId, message));
  if (answered !== null && answered.conversationId !== null && answered.conversationId !== conversation.conversationId) return refused('message.reply_elsewhere', '/inReplyTo');
  return { finding: null, conversation, answered, isAnswerAwaited: message.inReplyTo !== undefined && answered === null && replied === null };
}

/** A receipt belongs where the message of ours is that it is for; where it names none, and where that message has no conversation, it stands alone. */
export async function conversationOfReceipt(ctx: TxCtx, partnerId: string, { messageId, contentSha256 }: Pick<ReceiptStatement, 'messageId' | 'contentSha256'>): Promise<Resolved | null> {
  const found = await messageOfReceipt(ctx, { partnerId, messageId, contentSha256 });
  const answered = found && await findMessage(ctx, found.messageId);
  if (!answered) return { finding: { code: 'receipt.message_unknown', severity: 'warn', path: '/messageId' } };
  const conversation = answered.conversationId === null ? null : await findConversation(ctx, answered.conversationId);
  return conversation && { finding: null, conversation, answered, isAnswerAwaited: false };
}

const refused = (code: string, path: string): Resolved => ({ finding: { code, severity: 'block', path } });

/** Ours by our id, or by the packet with which it travelled; theirs by theirs. A draft of ours is not there for them. */
async function findAnswered(ctx: TxCtx, partnerId: string, name: string): Promise<MessageRow | null> {
  const ours = await findMessage(ctx, name) ?? await findByCause(ctx, `packet:${name}`);
  if (ours !== null && ours.direction === 'out' && ours.partnerId === partnerId && ours.state !== 'draft' && ours.state !== 'cancelled') return ours;
  return findBySenderId(ctx, partnerId, name);
}

async function knownReferral(ctx: TxCtx, partnerId: string, name: string): Promise<ExchangedReferral | null> {
  const referral = await referralForExchange(ctx, partnerId, name);
  return referral !== null && referral.sharedStatus !== null ? referral : null;
}

/** Our case number alone names a request where there is one request of the case with this partner. */
async function byFileNumber(ctx: TxCtx, partnerId: string, message: Message): Promise<ExchangedReferral | null> {
  if (message.to.fileNumber === undefined || kindRule(kindOf(message)).subject !== 'referral' || kindOf(message) === 'referral') return null;
  const referrals = await referralsOfCaseWith(ctx, partnerId, message.to.fileNumber);
  return referrals.length === 1 ? referrals[0] ?? null : null;
}

async function conversationOf(ctx: TxCtx, partnerId: string, message: Message, answered: MessageRow | null, referral: ExchangedReferral | null): Promise<ConversationRow> {
  const there = referral !== null ? await findByReferral(ctx, referral.referralId) : answered?.conversationId ? await findConversation(ctx, answered.conversationId) : null;
  if (there !== null) {
    if (message.conversation !== undefined) await insertWireId(ctx, there, message.conversation);
    return there;
  }
  const wireId = message.conversation ?? await freeWireId(ctx, partnerId, message);
  return openConversation(ctx, { partnerId, wireId, openedByUs: false, subject: kindRule(kindOf(message)).subject, referral, theirs: message.from.fileNumber ?? null });
}

async function freeWireId(ctx: TxCtx, partnerId: string, message: Message): Promise<string> {
  const own = message.messageId ?? message.packetId ?? newId('cnv', ctx.clock.now().getTime());
  return await findByWireId(ctx, partnerId, own) === null ? own : newId('cnv', ctx.clock.now().getTime());
}

export interface Opening {
  readonly partnerId: string;
  readonly wireId: string | null;
  readonly openedByUs: boolean;
  readonly subject: Subject;
  readonly referral: ExchangedReferral | null;
  readonly theirs?: string | null;
}

/** A new conversation; `wireId` null where we open it. The caller holds the partner's lock. */
export async function openConversation(ctx: TxCtx, { partnerId, wireId, openedByUs, subject, referral, theirs }: Opening): Promise<ConversationRow> {
  const conversationId = newId('cnv', ctx.clock.now().getTime());
  await insertConversation(ctx, {
    conversationId, partnerId, county: referral?.county ?? null, wireId: wireId ?? conversationId, openedByUs, subject: referral ? 'referral' : subject,
    referralId: referral?.referralId ?? null, ourFileNumber: referral?.caseId ?? null, partnerFileNumber: theirs ?? (referral ? await theirNumberFor(ctx, referral) : null),
  });
  const row = await findConversation(ctx, conversationId);
  if (!row) throw new Error('fault: a conversation was opened and is not there');
  return row;
}
