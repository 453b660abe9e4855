import { recordAudit } from '../../audit/index.ts';
import { findPartner, getPartner } from '../../partners/index.ts';
import { getReferral, HOPS, incomingOfReferral, moveReferral, officeDay, owedFigures, referralForExchange, SHARED_STATES } from '../../referrals/index.ts';
import type { ReferralView } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { translator } from '../../../platform/i18n.ts';
import { newId } from '../../../platform/ids.ts';
import { markRetrieved } from '../outbox/outbox.ts';
import { recordReceipt } from '../evidence/record-receipt.ts';
import { canonicalJson, contentDigest } from '../messages/message.ts';
import type { Message } from '../messages/message.ts';
import { announcementOf, messageOfOfficersMove } from './announcement.rules.ts';
import type { AboutReferral, MadeMove } from './announcement.rules.ts';
import { putDraftItem, sendMessage } from './compose-message.ts';
import type { SentMessage } from './compose-message.ts';
import { findByReferral, findConversation, lockPartner, touchConversation } from './conversation.store.ts';
import type { ConversationRow } from './conversation.store.ts';
import { findByCause, findMessage, insertMessage, lastUnanswered, messagesOf, nextSerial } from './message.store.ts';
import { recordHops } from './record-hops.ts';
import { openConversation } from './resolve-conversation.ts';
import { insertWork, updateWork } from './work.store.ts';
import { ourselves, thePartner } from './write-message.ts';

/** As the event `referral.moved` has it. */
export interface MoveToAnnounce extends MadeMove {
  readonly eventId: string;
  readonly referralId: string;
  /** The message that said it, in either direction. */
  readonly saidBy: string | null;
  /** A partner's officer made it on our page. */
  readonly isPartners: boolean;
}

/**
 * Tells the partner of a move that the agency made, by the message that fits; or keeps what the partner's officer did on our page as the message that it is, with its
 * receipt, so that the conversation is whole whatever the channel. One event says one thing once.
 */
export async function announceMove(ctx: Ctx, made: MoveToAnnounce): Promise<SentMessage | null> {
  authorise(ctx, 'messages.send');
  if (made.saidBy !== null) return null;
  const referral = await getReferral(ctx, made.referralId);
  const about = await inTransaction(ctx, (tx) => aboutReferral(tx, referral, made));
  if (made.isPartners) {
    if (made.move === 'deliver') await confirmFetched(ctx, made.referralId);
    await inTransaction(ctx, (tx) => keepOfficersMove(tx, referral, made, about));
    return null;
  }
  const announcement = announcementOf(made, about);
  if (announcement === null) return null;
  return inTransaction(ctx, async (tx) => {
    const sent = await sendMessage(tx, {
      referralId: made.referralId, kind: announcement.kind, body: announcement.body, asDraft: announcement.asDraft, cause: `event:${made.eventId}`,
      ...(about.answers !== null ? { replyTo: about.answers } : {}),
    });
    const conversation = await findByReferral(tx, made.referralId);
    if (sent.state === 'draft' && !sent.alreadySent && conversation) await putDraftItem(tx, { referral, conversation }, sent.messageId, 'exchange.draft_to_complete');
    return sent;
  });
}

async function aboutReferral(tx: TxCtx, referral: ReferralView, made: MadeMove): Promise<AboutReferral> {
  const conversation = await findByReferral(tx, referral.referralId);
  const begun = referral.moves.find(({ move }) => move === (referral.direction === 'incoming' ? 'receive' : 'send'));
  const since = referral.moves.findLastIndex(({ move }) => move === 'receive' || move === 'report_incomplete' || move === 'supply');
  return {
    direction: referral.direction, receivedOn: begun?.happenedOn ?? made.on, answers: await answeredBy(tx, conversation, referral, made),
    milestones: referral.moves.filter(({ move, toStatus }) => move !== null && SHARED_STATES.includes(toStatus) && MILESTONES.includes(move)).map(({ move, happenedOn, movedAt }) => ({ kind: move ?? '', on: happenedOn ?? officeDay(tx, movedAt) })),
    balances: made.move === 'tell_interest' ? await owedFigures(tx, referral.referralId) : [], hopNames: hopNames(made.hop),
    isAcknowledged: referral.moves.slice(since + 1).some(({ move }) => move === 'acknowledge'),
  };
}

const MILESTONES: readonly string[] = ['send', 'receive', 'deliver', 'forward', 'accept', 'report_incomplete', 'supply', 'begin', 'answer', 'refuse', 'close', 'withdraw'];
const ANSWERS_QUESTION: readonly string[] = ['tell', 'promise', 'answer'];

/** What the message of a move answers: the question that is open, or the request itself, by the name that its sender gave it. */
async function answeredBy(tx: TxCtx, conversation: ConversationRow | null, referral: ReferralView, made: MadeMove): Promise<string | null> {
  if (conversation !== null && ANSWERS_QUESTION.includes(made.move)) {
    const open = await lastUnanswered(tx, conversation.conversationId, ['statusRequest', 'documentRequest', 'inquiry', 'reminder']);
    if (open !== null) return open;
  }
  if (referral.direction === 'outgoing') {
    const sent = conversation === null ? [] : await messagesOf(tx, conversation.conversationId, 500);
    return sent.find(({ direction, kind }) => direction === 'out' && kind === 'referral')?.messageId ?? null;
  }
  const request = await incomingOfReferral(tx, referral.referralId);
  return request?.senderPacketId ?? referral.referralId;
}

function hopNames(hop: string | null): { lang: string; value: string }[] {
  if (hop === null) return [];
  const profile = findPartner(hop);
  if (profile) return Object.entries(profile.names.value).map(([lang, value]) => ({ lang, value }));
  return HOPS.some((one) => one === hop) ? (['en', 'es-MX', 'ko-KR'] as const).map((lang) => ({ lang, value: translator(lang)(`referrals:hop.${hop}`) })) : [{ lang: 'en', value: hop }];
}

async function keepOfficersMove(tx: TxCtx, referral: ReferralView, made: MoveToAnnounce, about: AboutReferral): Promise<void> {
  const said = messageOfOfficersMove(made, about);
  if (said === null || await findByCause(tx, `event:${made.eventId}`)) return;
  const { partnerId } = referral;
  await lockPartner(tx, partnerId);
  const exchanged = await referralForExchange(tx, partnerId, referral.referralId);
  const conversation = await findByReferral(tx, referral.referralId) ?? await openConversation(tx, { partnerId, wireId: null, openedByUs: true, subject: 'referral', referral: exchanged });
  const messageId = newId('msg', tx.clock.now().getTime());
  const message = officersMessage(tx, conversation, made, { messageId, serial: await nextSerial(tx), ...said, answers: about.answers });
  const content = canonicalJson(message);
  const answered = about.answers === null ? null : await findMessage(tx, about.answers);
  const inReplyTo = answered?.partnerId === partnerId ? answered.messageId : null;
  await insertMessage(tx, {
    messageId, conversationId: conversation.conversationId, partnerId, county: conversation.county, direction: 'in', senderMessageId: messageId, serial: null, kind: said.kind, code: null, inReplyTo,
    replyTo: about.answers, hop: null, cause: `event:${made.eventId}`, state: 'stored', channel: 'portal', contentSha256: contentDigest(message), content, fileId: null,
    byteCount: Buffer.byteLength(content), findings: [], statedAt: tx.clock.now(), expiresOn: null,
  });
  await insertWork(tx, { messageId, county: conversation.county, state: 'waiting', reasons: [], awaits: null });
  await updateWork(tx, messageId, { state: 'acted', reasons: [`exchange.moved_${made.move}`] });
  await touchConversation(tx, conversation.conversationId);
  await recordHops(tx, conversation, { messageId, inReplyTo, storedAt: tx.clock.now(), channel: 'portal' }, message);
  await recordReceipt(tx, { messageId, stage: 'submitted' });
  await recordAudit(tx, {
    action: 'message.received', subject: { type: 'message', id: messageId }, partner: partnerId, county: conversation.county,
    details: { kind: said.kind, state: 'stored', channel: 'portal', findings: '' },
  });
}

interface Said {
  readonly messageId: string;
  readonly serial: string;
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly answers: string | null;
}

function officersMessage(tx: TxCtx, conversation: ConversationRow, made: MoveToAnnounce, { messageId, serial, kind, body, answers }: Said): Message {
  const partner = getPartner(conversation.partnerId);
  return {
    version: '1.1', messageId, serial, conversation: conversation.wireId, ...(answers === null ? {} : { inReplyTo: answers }), sentAt: tx.clock.now().toISOString(), datedOn: made.on, referralId: made.referralId,
    from: thePartner(conversation, partner), to: ourselves(tx, conversation, partner), [kind]: body,
  } as unknown as Message;
}

/** An officer who says that our request has come has it from the page. */
async function confirmFetched(ctx: Ctx, referralId: string): Promise<void> {
  const waiting = await inTransaction(ctx, async (tx) => {
    const conversation = await findByReferral(tx, referralId);
    const sent = conversation === null ? [] : await messagesOf(tx, conversation.conversationId, 500);
    return sent.filter(({ direction, kind, state }) => direction === 'out' && kind === 'referral' && state === 'delivered');
  });
  for (const { messageId } of waiting) await markRetrieved(ctx, messageId, 'portal');
}

/** Our request itself, sealed: what was handed over by being on the page goes by the partner's channels, too. */
export async function announceSent(ctx: Ctx, { referralId, packetId }: { readonly referralId: string; readonly packetId: string }): Promise<SentMessage> {
  authorise(ctx, 'messages.send');
  const { packets } = await getReferral(ctx, referralId);
  const packet = packets.find((one) => one.packetId === packetId);
  if (!packet) throw new AppError('not_found', 'packet.not_found');
  return sendMessage(ctx, { referralId, kind: 'referral', body: null, packetId, cause: `packet:${packetId}` });
}

/** The partner has fetched our request: it has reached it. */
export async function deliverReferral(ctx: Ctx, messageId: string): Promise<void> {
  authorise(ctx, 'messages.send');
  await inTransaction(ctx, async (tx) => {
    const referralId = await referralOfPacketMessage(tx, messageId);
    const referral = referralId === null ? null : await referralForExchange(tx, null, referralId);
    if (referral?.direction !== 'outgoing' || referral.status !== 'sent') return;
    await moveReferral(tx, referral.referralId, 'deliver', { saidBy: messageId });
  });
}

async function referralOfPacketMessage(tx: TxCtx, messageId: string): Promise<string | null> {
  const row = await findMessage(tx, messageId);
  if (row?.kind !== 'referral' || row.direction !== 'out' || row.conversationId === null) return null;
  return (await findConversation(tx, row.conversationId))?.referralId ?? null;
}
