import { listInquiries } from '../../../modules/exchange/index.ts';
import { personOf } from '../../inquiry-line.ts';
import { pagingNumbered } from '../../paging.ts';
import { queryPage, redirect, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';

const PAGE_SIZE = 25;

/** What the office has asked, the newest first. Row-level security shows no other office's. */
export const askedPage: Page = {
  path: '/asked',
  access: 'inquiries.read',
  get: async (visit) => {
    if (visit.ctx.actor.partner === null) return redirect('/inquiries');
    const page = queryPage(visit);
    const { rows, total } = await listInquiries(visit.ctx, { page, pageSize: PAGE_SIZE });
    return view('officer/inquiries', { rows: rows.map((row) => ({ ...row, person: personOf(row) })), paging: pagingNumbered(visit, page, page * PAGE_SIZE < total) });
  },
};
