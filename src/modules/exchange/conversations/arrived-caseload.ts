import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { bodyOf } from '../messages/message.ts';
import type { Message } from '../messages/message.ts';
import { tableOfCaseload } from './list-of-message.ts';
import { findMessage, readContent } from './message.store.ts';

export interface ArrivedCaseload {
  readonly partnerId: string;
  readonly conversationId: string | null;
  readonly fileName: string;
  readonly bytes: Buffer;
  /** It answers a list of ours: nobody answers it once more. */
  readonly isAnswer: boolean;
  /** One of several parts: none of them is the whole list. */
  readonly isPart: boolean;
}

/** A list of cases that came as a message, as the table that its partner would have sent. @throws AppError `message.not_found`, `access.forbidden`. */
export async function openArrivedCaseload(ctx: Ctx, messageId: string): Promise<ArrivedCaseload> {
  authorise(ctx, 'messages.settle');
  const { row, content } = await inTransaction(ctx, async (tx) => ({ row: await findMessage(tx, messageId), content: await readContent(tx, messageId) }));
  const message = content === null ? null : JSON.parse(content) as Message;
  const list = message === null ? undefined : bodyOf(message, 'caseloadReconciliation');
  if (!row || row.direction !== 'in' || !list) throw new AppError('not_found', 'message.not_found');
  return {
    partnerId: row.partnerId, conversationId: row.conversationId, fileName: `${messageId}.csv`, bytes: Buffer.from(tableOfCaseload(list), 'utf8'),
    isAnswer: row.inReplyTo !== null || row.replyTo !== null, isPart: (list.parts ?? 1) > 1,
  };
}
