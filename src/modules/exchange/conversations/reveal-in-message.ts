import { recordAudit } from '../../audit/index.ts';
import { findCase, noteMessageReveal, officeDay, protectedParticipants, raiseTooManyReveals, REVEAL_REASONS, REVEALS_PER_HOUR } from '../../cases/index.ts';
import { referralForExchange } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { actingFor, asGateway } from './actors.ts';
import { findConversation } from './conversation.store.ts';
import { numberBehind, numbersIn } from './message-numbers.rules.ts';
import type { MessageNumber } from './message-numbers.rules.ts';
import { findMessage } from './message.store.ts';
import type { MessageRow } from './message.store.ts';
import { readMessageContent } from './settle-parked.ts';

/** Why a partner's officer needs to read a number in full; the agency's people say why as they do of a case. */
const OFFICER_REASONS = ['confirm_identity', 'prepare_papers', 'answer_county', 'trace_payment'] as const;

export const messageRevealReasons = ({ actor }: Ctx): readonly string[] => (actor.partner === null ? REVEAL_REASONS : OFFICER_REASONS);

type Read = Pick<Awaited<ReturnType<typeof readMessageContent>>, 'message' | 'content'>;

/** What of a message stands masked on a page. */
export async function messageNumbers(ctx: Ctx, { message, content }: Read): Promise<MessageNumber[]> {
  const body = content?.[message.kind] ?? null;
  // Of most messages nobody need look into the case.
  return numbersIn(body, false).length === 0 ? [] : numbersIn(body, await isAnyoneSealed(ctx, message));
}

/** Whether anybody is protected in the case that the message is about, whoever reads it: the gateway looks. */
async function isAnyoneSealed(ctx: Ctx, { conversationId, partnerId }: MessageRow): Promise<boolean> {
  if (conversationId === null) return false;
  return inTransaction(actingFor(ctx, ctx.actor.id), async (tx) => {
    const caseId = await caseOf(tx, conversationId, partnerId);
    const supportCase = caseId === null ? null : await findCase(tx, caseId);
    return supportCase !== null && protectedParticipants(supportCase, officeDay(tx.clock)).size > 0;
  });
}

async function caseOf(tx: TxCtx, conversationId: string, partnerId: string): Promise<string | null> {
  const conversation = await findConversation(tx, conversationId);
  const referral = conversation === null || conversation.referralId === null ? null : await referralForExchange(tx, partnerId, conversation.referralId);
  return referral?.caseId ?? conversation?.ourFileNumber ?? null;
}

export interface ShownInMessage extends MessageNumber {
  /** For this answer alone. */
  readonly value: string;
  readonly reason: string;
}

/**
 * One number of a message in full, to somebody who says why. It is written down who saw which kind of number of which message and why, never the number; within an hour
 * nobody is shown more of messages and cases together than of cases alone.
 *
 * @throws AppError those of `readMessageContent`; `reveal.reason_needed`, `reveal.not_shown`, `reveal.too_many`.
 */
export async function revealInMessage(ctx: Ctx, request: { readonly messageId: string; readonly place: string; readonly reason: string }): Promise<ShownInMessage> {
  authorise(ctx, 'messages.reveal');
  const reason = messageRevealReasons(ctx).find((one) => one === request.reason);
  if (reason === undefined) throw new AppError('invalid', 'reveal.reason_needed');
  const read = await readMessageContent(ctx, request.messageId);
  const number = (await messageNumbers(ctx, read)).find(({ place, isShowable }) => isShowable && place === request.place);
  const value = number === undefined ? null : numberBehind(read.content?.[read.message.kind], number);
  if (number === undefined || value === null) throw new AppError('not_found', 'reveal.not_shown');
  // What is refused for its number is written down all the same: the refusal is thrown when that stands.
  const isShown = await inTransaction(asGateway(ctx), (tx) => note(tx, request.messageId, number, reason));
  if (isShown) return { ...number, value, reason };
  await raiseTooManyReveals(ctx);
  throw new AppError('conflict', ctx.actor.partner === null ? 'reveal.too_many' : 'reveal.too_many_office', { params: { limit: REVEALS_PER_HOUR } });
}

async function note(tx: TxCtx, messageId: string, { place, kind, type }: MessageNumber, reason: string): Promise<boolean> {
  const { partnerId: partner, county } = await findMessage(tx, messageId) ?? { partnerId: null, county: null };
  const about = { subject: { type: 'message', id: messageId }, partner, county } as const;
  const count = await noteMessageReveal(tx, { messageId, type: kind, reason });
  await (count === null
    ? recordAudit(tx, { action: 'message.number_shown', ...about, details: { kind, type: codeOf(type), place: codeOf(place.slice(1).replaceAll('/', '.')), reason } })
    : recordAudit(tx, { action: 'message.number_refused', ...about, details: { count, limit: REVEALS_PER_HOUR } }));
  return count === null;
}

/** What the sender calls something is a code of a few letters, or not written down: long figures could be the number itself. */
const codeOf = (text: string): string => (text.length <= 60 && text.split('.').every((one) => /^([A-Za-z_-]+|\d{1,3})$/.test(one)) ? text : 'other');
