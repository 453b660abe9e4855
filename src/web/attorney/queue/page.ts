import { listReferrals } from '../../../modules/referrals/index.ts';
import { pagingNumbered } from '../../paging.ts';
import { referralLine } from '../../referral-line.ts';
import { queryPage, queryText, redirect, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';

const PAGE_SIZE = 25;

/** The day's work: referrals whose clock runs, the earliest compliance date first. */
export const queuePage: Page = {
  path: '/queue',
  access: 'referrals.view',
  get: async (visit) => {
    if (visit.ctx.actor.partner !== null) return redirect('/inbox');
    const isAll = queryText(visit, 'show') === 'all';
    const page = queryPage(visit);
    const { rows, total } = await listReferrals(visit.ctx, { page, pageSize: PAGE_SIZE, ...(isAll ? {} : { isDue: true }) });
    return view('attorney/queue', {
      isAll, total,
      referrals: rows.map((row) => referralLine(row, visit)),
      paging: pagingNumbered(visit, page, page * PAGE_SIZE < total),
    });
  },
};
