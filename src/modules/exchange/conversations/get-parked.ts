import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { findConversation } from './conversation.store.ts';
import { findMessage } from './message.store.ts';
import type { ParkedMessage } from './settle-parked.ts';
import { findWork } from './work.store.ts';

/** One message that came in, with what was done about it or why it waits. @throws AppError `message.not_found`, `access.forbidden`. */
export async function getParked(ctx: Ctx, messageId: string): Promise<ParkedMessage> {
  authorise(ctx, 'messages.settle');
  return inTransaction(ctx, async (tx) => {
    const message = await findMessage(tx, messageId);
    const work = message?.direction === 'in' ? await findWork(tx, messageId) : null;
    if (!message || !work) throw new AppError('not_found', 'message.not_found');
    return { ...work, message, conversation: message.conversationId === null ? null : await findConversation(tx, message.conversationId) };
  });
}
