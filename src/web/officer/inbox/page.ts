import { listReferrals } from '../../../modules/referrals/index.ts';
import { pagingNumbered } from '../../paging.ts';
import { queryPage, redirect, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';

const PAGE_SIZE = 25;

/** What the county has sent to the officer's partner, the newest first. Row-level security shows no other partner's. */
export const inboxPage: Page = {
  path: '/inbox',
  access: 'referrals.view',
  get: async (visit) => {
    const { partner } = visit.ctx.actor;
    if (partner === null) return redirect('/queue');
    const page = queryPage(visit);
    const { rows, total } = await listReferrals(visit.ctx, { partnerId: partner, direction: 'outgoing', page, pageSize: PAGE_SIZE });
    return view('officer/inbox', { referrals: rows, total, paging: pagingNumbered(visit, page, page * PAGE_SIZE < total) });
  },
};
