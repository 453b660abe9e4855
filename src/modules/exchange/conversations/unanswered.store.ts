import type { TxCtx } from '../../../platform/context.ts';

/** A message of ours that the partner has not answered. */
export interface UnansweredRow {
  readonly messageId: string;
  readonly conversationId: string | null;
  readonly referralId: string | null;
  readonly kind: string;
  readonly storedAt: Date;
  readonly isNew: boolean;
  readonly ourFileNumber: string | null;
  readonly partnerFileNumber: string | null;
}

/** The oldest first: whoever has waited longest. */
export async function selectUnanswered(ctx: TxCtx, partnerId: string, kinds: readonly string[], limit: number): Promise<UnansweredRow[]> {
  return ctx.tx.query<UnansweredRow[]>(
    `select m.message_id as "messageId", m.conversation_id as "conversationId", c.referral_id as "referralId", m.kind, m.stored_at as "storedAt", m.state = 'delivered' as "isNew",
            c.our_file_number as "ourFileNumber", c.partner_file_number as "partnerFileNumber"
       from exchange_messages m left join exchange_conversations c on c.agency_id = m.agency_id and c.conversation_id = m.conversation_id
      where m.agency_id = $1 and m.partner_id = $2 and m.direction = 'out' and m.offered_as is not null and m.state in ('delivered', 'retrieved') and m.kind = any($3::text[])
        and not exists (select from exchange_messages a where a.agency_id = m.agency_id and a.in_reply_to = m.message_id and a.direction = 'in' and a.state = 'stored')
      order by m.stored_at, m.message_id limit $4`, [ctx.actor.agency, partnerId, kinds, limit]);
}
