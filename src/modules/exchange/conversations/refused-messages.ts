import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { selectRefused } from './message.store.ts';
import type { MessageRow } from './message.store.ts';

const PAGE_SIZE_MAX = 200;

/** What came in and was refused, the newest first: mostly it belongs to no conversation. Its findings say why. @throws AppError `access.forbidden`. */
export async function listRefused(ctx: Ctx, query: { readonly partnerId?: string | undefined; readonly page?: number | undefined; readonly pageSize?: number | undefined } = {}): Promise<{ readonly rows: readonly MessageRow[]; readonly total: number }> {
  authorise(ctx, 'messages.settle');
  const pageSize = Math.min(Math.max(Math.trunc(query.pageSize ?? 50), 1), PAGE_SIZE_MAX);
  const page = Math.max(Math.trunc(query.page ?? 1), 1);
  return inTransaction(ctx, (tx) => selectRefused(tx, query.partnerId ?? null, (page - 1) * pageSize, pageSize));
}
