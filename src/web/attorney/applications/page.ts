import { listApplications, printedApplied } from '../../../modules/exchange/index.ts';
import { pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryPage, queryText, redirect, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';

const PAGE_SIZE = 25;

/** Applications taken at partners' counters, the earliest day first. */
export const applicationsPage: Page = {
  path: '/applications',
  access: 'applications.read',
  get: async (visit) => {
    if (visit.ctx.actor.partner !== null) return redirect('/apply');
    const isOver = queryText(visit, 'show', 10) === 'over';
    const page = queryPage(visit);
    const { rows, total } = await listApplications(visit.ctx, { show: isOver ? 'over' : 'open', page, pageSize: PAGE_SIZE });
    return view('attorney/applications', {
      isOver, rows: rows.map((row) => ({ ...row, applicant: printedApplied(row.details.applicant), partner: partnerNameOf(row.partnerId, visit, 'short') })), paging: pagingNumbered(visit, page, page * PAGE_SIZE < total),
    });
  },
};
