import { getPartner } from '../../partners/index.ts';
import { referralForExchange } from '../../referrals/index.ts';
import type { TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { kindRule } from '../messages/message-kinds.ts';
import type { MessageKind } from '../messages/message.ts';
import { findByReferral, findConversation, lockPartner } from './conversation.store.ts';
import type { ConversationRow } from './conversation.store.ts';
import type { Target } from './may-leave.ts';
import { openConversation } from './resolve-conversation.ts';

export interface Addressed {
  readonly referralId?: string;
  readonly conversationId?: string;
  readonly partnerId?: string;
}

/** To whom, about what, in which conversation: opened where it is new. @throws AppError `conversation.not_found`, `referral.not_found`, `message.referral_not_sent`, `partner.unknown`. */
export async function targetOf(tx: TxCtx, given: Addressed, kind: MessageKind): Promise<Target> {
  if (given.conversationId !== undefined) return inConversation(tx, await findConversation(tx, given.conversationId));
  if (given.referralId !== undefined) return aboutReferral(tx, given.referralId);
  const partner = getPartner(given.partnerId ?? '');
  await lockPartner(tx, partner.partnerId);
  const { subject } = kindRule(kind);
  const conversation = await openConversation(tx, { partnerId: partner.partnerId, wireId: null, openedByUs: true, subject: subject === 'referral' ? 'general' : subject, referral: null });
  return { partner, referral: null, conversation };
}

/** @throws AppError `conversation.not_found`. */
export async function inConversation(tx: TxCtx, conversation: ConversationRow | null): Promise<Target> {
  if (!conversation) throw new AppError('not_found', 'conversation.not_found');
  const { partnerId, referralId } = conversation;
  return { partner: getPartner(partnerId), conversation, referral: referralId === null ? null : await referralForExchange(tx, partnerId, referralId) };
}

async function aboutReferral(tx: TxCtx, referralId: string): Promise<Target> {
  const referral = await referralForExchange(tx, null, referralId);
  if (!referral) throw new AppError('not_found', 'referral.not_found');
  // Of a request that has not been sent, its partner hears nothing.
  if (referral.sharedStatus === null) throw new AppError('conflict', 'message.referral_not_sent');
  await lockPartner(tx, referral.partnerId);
  const conversation = await findByReferral(tx, referralId) ?? await openConversation(tx, { partnerId: referral.partnerId, wireId: null, openedByUs: true, subject: 'referral', referral });
  return { partner: getPartner(referral.partnerId), conversation, referral };
}
