import type { TxCtx } from '../../../platform/context.ts';
import type { ReceiptRow } from '../evidence/receipt.store.ts';

/** Receipts in the order in which they were made, after the one named. */
export async function selectReceiptsAfter(ctx: TxCtx, partnerId: string, after: string | null, limit: number): Promise<ReceiptRow[]> {
  return ctx.tx.query<ReceiptRow[]>(
    `select receipt_id as "receiptId", message_id as "messageId", partner_id as "partnerId", position, stage, hop, happened_at as "happenedAt", sha256 from exchange_receipts
      where agency_id = $1 and partner_id = $2
        and offered_as > coalesce((select a.offered_as from exchange_receipts a where a.agency_id = $1 and a.partner_id = $2 and a.receipt_id = $3), 0)
      order by exchange_receipts.offered_as limit $4`,
    [ctx.actor.agency, partnerId, after, limit],
  );
}

/** What a list tells of a message besides its row. */
export interface OfferedWith {
  readonly messageId: string;
  readonly wireId: string | null;
  readonly ourFileNumber: string | null;
  readonly partnerFileNumber: string | null;
  readonly isEncrypted: boolean;
}

/** For the messages of a page, all at once. */
export async function selectOfferedWith(ctx: TxCtx, messageIds: readonly string[]): Promise<Map<string, OfferedWith>> {
  const rows = await ctx.tx.query<OfferedWith[]>(
    `select m.message_id as "messageId", c.wire_id as "wireId", c.our_file_number as "ourFileNumber", c.partner_file_number as "partnerFileNumber", d.encrypted_file_id is not null as "isEncrypted"
      from exchange_messages m
        left join exchange_conversations c on c.agency_id = m.agency_id and c.conversation_id = m.conversation_id
        left join exchange_deliveries d on d.agency_id = m.agency_id and d.message_id = m.message_id
      where m.agency_id = $1 and m.message_id = any($2)`,
    [ctx.actor.agency, messageIds],
  );
  return new Map(rows.map((row) => [row.messageId, row]));
}
