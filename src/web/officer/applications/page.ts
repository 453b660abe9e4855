import { listApplications, printedApplied } from '../../../modules/exchange/index.ts';
import { pagingNumbered } from '../../paging.ts';
import { queryPage, redirect, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';

const PAGE_SIZE = 25;

/** The applications that the office has taken, the newest first. */
export const appliedPage: Page = {
  path: '/apply',
  access: 'applications.read',
  get: async (visit) => {
    if (visit.ctx.actor.partner === null) return redirect('/applications');
    const page = queryPage(visit);
    const { rows, total } = await listApplications(visit.ctx, { page, pageSize: PAGE_SIZE });
    return view('officer/applications', { rows: rows.map((row) => ({ ...row, applicant: printedApplied(row.details.applicant) })), paging: pagingNumbered(visit, page, page * PAGE_SIZE < total) });
  },
};
