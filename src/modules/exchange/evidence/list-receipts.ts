import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { selectReceiptList } from './receipt-list.store.ts';
import type { ListedReceipt, ReceiptSort } from './receipt-list.store.ts';

const PAGE_SIZE_MAX = 200;

export interface ReceiptListQuery {
  readonly direction?: 'in' | 'out' | null;
  readonly sort?: { readonly by: ReceiptSort; readonly isDescending: boolean };
  readonly page?: number;
  readonly pageSize?: number;
}

/** Receipts of both directions with what they are for; an officer's are those of the own partner. @throws AppError `access.forbidden`. */
export async function listOwnReceipts(ctx: Ctx, query: ReceiptListQuery = {}): Promise<{ readonly rows: readonly ListedReceipt[]; readonly hasNext: boolean }> {
  authorise(ctx, 'receipts.read');
  const size = Math.min(Math.max(Math.trunc(query.pageSize ?? 25), 1), PAGE_SIZE_MAX);
  const page = Math.max(Math.trunc(query.page ?? 1), 1);
  const rows = await inTransaction(ctx, (tx) =>
    selectReceiptList(tx, { partnerId: ctx.actor.partner, direction: query.direction ?? null }, query.sort ?? { by: 'when', isDescending: true }, (page - 1) * size, size + 1));
  return { rows: rows.slice(0, size), hasNext: rows.length > size };
}
