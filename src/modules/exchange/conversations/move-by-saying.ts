import { LIFECYCLE, moveReferral } from '../../referrals/index.ts';
import type { TxCtx } from '../../../platform/context.ts';
import { isMessageKind } from '../messages/message.ts';
import type { Message } from '../messages/message.ts';
import { proposedMove } from '../messages/referral-move.ts';
import type { Target } from './may-leave.ts';
import { findMessage } from './message.store.ts';

/**
 * Saying something to a partner is often a step in the life of a request: a status report answers the question, a notice of interest stops its clock. The move is
 * made with the message, in one transaction, where the referral may make it now; where not, the message says what it says.
 */
export async function moveBySaying(tx: TxCtx, { referral }: Target, said: { readonly messageId: string; readonly inReplyTo: string | null; readonly content: string | null }): Promise<void> {
  if (referral === null || said.content === null) return;
  const answered = said.inReplyTo === null ? null : await findMessage(tx, said.inReplyTo);
  const proposed = proposedMove(JSON.parse(said.content) as Message, {
    direction: referral.direction, by: 'agency', status: referral.status, answers: answered ? (isMessageKind(answered.kind) ? answered.kind : 'referral') : null,
  });
  if (proposed === null || 'task' in proposed) return;
  const row = LIFECYCLE.find((one) => one.direction === referral.direction && one.move === proposed.move && one.from.includes(referral.status) && !one.through);
  if (row) await moveReferral(tx, referral.referralId, proposed.move, { reason: proposed.reason, hop: proposed.hop, saidBy: said.messageId });
}
