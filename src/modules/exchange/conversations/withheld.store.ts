import type { TxCtx } from '../../../platform/context.ts';

/** What tells at a glance whether a message of ours must be looked at before it is handed out. */
export interface Glance {
  readonly messageId: string;
  readonly partnerId: string;
  readonly county: string | null;
  readonly referralId: string | null;
  readonly services: readonly string[] | null;
  /** Somebody in the case is protected, or the case is not there any more. */
  readonly isSensitive: boolean;
  /** It is part of a request, or was said before a request, that has been taken back. */
  readonly isTakenBack: boolean;
}

/** For all messages of a page at once. A request of ours that was taken back is told by nothing but the message that says so, and what came after it. */
export async function selectGlances(ctx: TxCtx, messageIds: readonly string[]): Promise<Glance[]> {
  return ctx.tx.query<Glance[]>(
    `select m.message_id as "messageId", m.partner_id as "partnerId", coalesce(r.county, c.county) as county, c.referral_id as "referralId", r.services,
            r.referral_id is not null and (
              not exists (select from support_cases s where s.agency_id = m.agency_id and s.case_id = r.case_id)
              or exists (select from case_participants p where p.agency_id = m.agency_id and p.case_id = r.case_id and p.is_protected)) as "isSensitive",
            coalesce((r.status in ('withdrawn', 'superseded') and m.kind = 'referral')
              or (r.status = 'withdrawn' and m.state <> 'retrieved' and exists (select from exchange_messages w where w.agency_id = m.agency_id and w.conversation_id = m.conversation_id
                   and w.direction = 'out' and w.kind = 'withdrawal' and w.state <> 'cancelled' and (w.stored_at, w.message_id) > (m.stored_at, m.message_id))), false) as "isTakenBack"
       from exchange_messages m
       left join exchange_conversations c on c.agency_id = m.agency_id and c.conversation_id = m.conversation_id
       left join referrals r on r.agency_id = m.agency_id and r.referral_id = c.referral_id and r.direction = 'outgoing'
      where m.agency_id = $1 and m.message_id = any($2)`,
    [ctx.actor.agency, messageIds]);
}
