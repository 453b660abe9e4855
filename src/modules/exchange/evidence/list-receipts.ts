import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import type { ListOrder } from '../../../platform/list-order.ts';
import { pageOf } from '../../../platform/list-page.ts';
import type { ListPage, PageAsked } from '../../../platform/list-page.ts';
import { selectReceiptList } from './receipt-list.store.ts';
import type { ListedReceipt, ReceiptSort } from './receipt-list.store.ts';

const SIZES = { usual: 25, most: 200 };

export interface ReceiptListQuery extends PageAsked {
  readonly direction?: 'in' | 'out' | null;
  readonly sort?: ListOrder<ReceiptSort>;
}

/** Receipts of both directions with what they are for; an officer's are those of the own partner. @throws AppError `access.forbidden`. */
export async function listOwnReceipts(ctx: Ctx, query: ReceiptListQuery = {}): Promise<ListPage<ListedReceipt>> {
  authorise(ctx, 'receipts.read');
  const [filter, order] = [{ partnerId: ctx.actor.partner, direction: query.direction ?? null }, query.sort ?? { by: 'when', isDescending: true } as const];
  return inTransaction(ctx, (tx) => pageOf(query, SIZES, (place) => selectReceiptList(tx, filter, order, place), ({ receiptId }) => receiptId));
}
