import type { TxCtx } from '../../../platform/context.ts';
import type { ListOrder } from '../../../platform/list-order.ts';
import { selectPage } from '../../../platform/list-page.ts';
import type { Place } from '../../../platform/list-page.ts';
import type { ReceiptRow } from './receipt.store.ts';

/** A receipt as a list shows it, with the message that it is for. */
export interface ListedReceipt extends ReceiptRow {
  /** As the agency sees it: `in` came from the partner. */
  readonly direction: 'in' | 'out';
  readonly kind: string;
  readonly ourFileNumber: string | null;
  readonly partnerFileNumber: string | null;
}

export type ReceiptSort = 'when' | 'stage' | 'kind';

export interface ReceiptFilter {
  readonly partnerId: string | null;
  readonly direction: 'in' | 'out' | null;
}

const SORTS: Readonly<Record<ReceiptSort, string>> = { when: 'r.receipt_id', stage: 'r.stage', kind: 'm.kind' };

export async function selectReceiptList(ctx: TxCtx, { partnerId, direction }: ReceiptFilter, order: ListOrder<ReceiptSort>, place: Place): Promise<{ rows: ListedReceipt[]; total: number }> {
  return selectPage(ctx, {
    columns: `r.receipt_id as "receiptId", r.message_id as "messageId", r.partner_id as "partnerId", r.position, r.stage, r.hop, r.happened_at as "happenedAt", r.sha256,
      m.direction, m.kind, c.our_file_number as "ourFileNumber", c.partner_file_number as "partnerFileNumber"`,
    from: `exchange_receipts r join exchange_messages m on m.agency_id = r.agency_id and m.message_id = r.message_id
      left join exchange_conversations c on c.agency_id = m.agency_id and c.conversation_id = m.conversation_id`,
    where: '($2::text is null or r.partner_id = $2) and ($3::text is null or m.direction = $3)', values: [ctx.actor.agency, partnerId, direction], agency: 'r.agency_id', order: SORTS, id: 'r.receipt_id',
  }, order, place);
}
