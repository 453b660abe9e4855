import { listRefusedPostings } from '../../../modules/payments/index.ts';
import { pagingNumbered } from '../../paging.ts';
import { queryPage, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';

/** Collections that the State refused, until somebody has seen to them. */
export const refusedPostingsPage: Page = {
  path: '/postings/refused',
  access: 'payments.view',
  get: async (visit) => {
    const { rows, total, page, pageSize } = await listRefusedPostings(visit.ctx, queryPage(visit));
    return view('reconciler/refused', { rows, total, paging: pagingNumbered(visit, page, page * pageSize < total) });
  },
};
