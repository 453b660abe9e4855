import type { TxCtx } from '../../../platform/context.ts';

/** A message of a partner about one of our referrals that asks for something. */
export interface AskRow {
  readonly referralId: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly kind: string;
}

const ASKS_MAX = 500;

/** What nobody has answered, the oldest first. Whether a request for documents is answered, what was supplied tells. */
export async function selectAsks(ctx: TxCtx, referralIds: readonly string[], kinds: readonly string[]): Promise<AskRow[]> {
  return ctx.tx.query<AskRow[]>(
    `select c.referral_id as "referralId", c.conversation_id as "conversationId", m.message_id as "messageId", m.kind
       from exchange_conversations c join exchange_messages m on m.agency_id = c.agency_id and m.conversation_id = c.conversation_id
      where c.agency_id = $1 and c.referral_id = any($2::text[]) and m.direction = 'in' and m.state = 'stored' and m.kind = any($3::text[])
        and (m.kind = 'documentRequest' or not exists (select from exchange_messages a
              where a.agency_id = m.agency_id and a.in_reply_to = m.message_id and a.direction = 'out' and a.state not in ('draft', 'cancelled', 'refused')))
      order by m.stored_at, m.message_id limit $4`, [ctx.actor.agency, referralIds, kinds, ASKS_MAX]);
}
