import type { TxCtx } from '../../../platform/context.ts';

const TALK_MAX = 200;

/** The requests for papers and the answers of a conversation, the oldest first. */
export async function selectTalk(ctx: TxCtx, conversationId: string): Promise<{ messageId: string; direction: 'in' | 'out' }[]> {
  return ctx.tx.query<{ messageId: string; direction: 'in' | 'out' }[]>(
    `select message_id as "messageId", direction from exchange_messages
      where agency_id = $1 and conversation_id = $2 and kind in ('documentRequest', 'documentResponse') and state not in ('refused', 'draft', 'cancelled')
      order by stored_at, message_id limit $3`,
    [ctx.actor.agency, conversationId, TALK_MAX],
  );
}

/** What a message answers, where it was not known. */
export async function answerRequest(ctx: TxCtx, messageId: string, requestMessageId: string): Promise<void> {
  await ctx.tx.query('update exchange_messages set in_reply_to = $3 where agency_id = $1 and message_id = $2 and in_reply_to is null', [ctx.actor.agency, messageId, requestMessageId]);
}
