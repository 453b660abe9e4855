import { listRuns, OUTCOMES } from '../../../modules/reconciliation/index.ts';
import { pagingNumbered } from '../../paging.ts';
import { queryPage, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';

/** Every reconciliation run, the newest first, with how its lines ended. */
export const runsPage: Page = {
  path: '/runs',
  access: 'reconciliation.view',
  get: async (visit) => {
    const { runs, total, page, pageSize } = await listRuns(visit.ctx, { page: queryPage(visit) });
    return view('reconciler/runs', { runs, total, outcomes: OUTCOMES, paging: pagingNumbered(visit, page, page * pageSize < total) });
  },
};
