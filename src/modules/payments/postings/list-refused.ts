import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { refusedPostings } from './posting.store.ts';
import type { RefusedOrder, RefusedPosting } from './posting.store.ts';

const SEARCH_CHARACTERS_MAX = 100;
const PAGE_SIZE = 100;

/** Collections that the State's case system refused and that nobody has un-matched or taken back since: each waits for a person. */
export async function listRefusedPostings(ctx: Ctx, page = 1, sort: RefusedOrder = { by: 'refused', isDescending: false }, search = ''): Promise<{ rows: RefusedPosting[]; total: number; page: number; pageSize: number }> {
  authorise(ctx, 'payments.view');
  return inTransaction(ctx, async (tx) => ({ ...(await refusedPostings(tx, { order: sort, search: search.trim().slice(0, SEARCH_CHARACTERS_MAX), limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE })), page, pageSize: PAGE_SIZE }));
}
