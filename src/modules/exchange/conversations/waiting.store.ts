import type { TxCtx } from '../../../platform/context.ts';
import type { ListOrder } from '../../../platform/list-order.ts';
import { selectPage } from '../../../platform/list-page.ts';
import type { Place } from '../../../platform/list-page.ts';

/** A message of ours that is ready for its partner, or not sent yet, as lists show it. */
export interface OutgoingLine {
  readonly messageId: string;
  readonly conversationId: string | null;
  readonly partnerId: string;
  readonly county: string | null;
  readonly kind: string;
  readonly state: string;
  readonly channel: string;
  readonly cause: string | null;
  readonly storedAt: Date;
  readonly ourFileNumber: string | null;
  readonly partnerFileNumber: string | null;
}

export interface OutgoingFilter {
  readonly states: readonly string[];
  readonly partnerId: string | null;
  /** Those that a person sends by courier, or all but those. */
  readonly isPaper?: boolean | undefined;
}

export const OUTGOING_SORTS = ['since', 'kind', 'partner', 'ours', 'theirs'] as const;
export type OutgoingSort = (typeof OUTGOING_SORTS)[number];
const OUTGOING_ORDER: Readonly<Record<OutgoingSort, string>> = { since: 'm.stored_at', kind: 'm.kind', partner: 'm.partner_id', ours: 'c.our_file_number', theirs: 'c.partner_file_number' };

/** Messages of ours in these states, the newest first; and how many there are. */
export async function selectOutgoing(ctx: TxCtx, { states, partnerId, isPaper }: OutgoingFilter, place: Place, order: ListOrder<OutgoingSort> = { by: 'since', isDescending: true }): Promise<{ readonly rows: OutgoingLine[]; readonly total: number }> {
  return selectPage(ctx, {
    columns: `m.message_id as "messageId", m.conversation_id as "conversationId", m.partner_id as "partnerId", m.county, m.kind, m.state, m.channel, m.cause, m.stored_at as "storedAt",
      c.our_file_number as "ourFileNumber", c.partner_file_number as "partnerFileNumber"`,
    from: 'exchange_messages m left join exchange_conversations c on c.agency_id = m.agency_id and c.conversation_id = m.conversation_id',
    where: `m.direction = 'out' and m.state = any($2::text[]) and ($3::text is null or m.partner_id = $3) and ($4::boolean is null or (m.channel = 'courier') = $4)`,
    values: [ctx.actor.agency, states, partnerId, isPaper ?? null], agency: 'm.agency_id', order: OUTGOING_ORDER, id: 'm.message_id',
  }, order, place);
}
