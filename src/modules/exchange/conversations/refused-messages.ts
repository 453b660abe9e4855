import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { pageOf } from '../../../platform/list-page.ts';
import type { ListPage, PageAsked } from '../../../platform/list-page.ts';
import { selectRefused } from './message.store.ts';
import type { MessageRow } from './message.store.ts';

const SIZES = { usual: 50, most: 200 };

/** What came in and was refused, the newest first: mostly it belongs to no conversation. Its findings say why. @throws AppError `access.forbidden`. */
export async function listRefused(ctx: Ctx, query: PageAsked & { readonly partnerId?: string | undefined } = {}): Promise<ListPage<MessageRow>> {
  authorise(ctx, 'messages.settle');
  return inTransaction(ctx, (tx) => pageOf(query, SIZES, (place) => selectRefused(tx, query.partnerId ?? null, place), ({ messageId }) => messageId));
}
