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
