import { listInquiries } from '../../../modules/exchange/index.ts';
import { personOf } from '../../inquiry-line.ts';
import { pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryPage, queryText, redirect, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';

const PAGE_SIZE = 25;

/** What partners have asked and a person is to answer, the earliest day first. */
export const inquiriesPage: Page = {
  path: '/inquiries',
  access: 'inquiries.read',
  get: async (visit) => {
    if (visit.ctx.actor.partner !== null) return redirect('/asked');
    const isOver = queryText(visit, 'show', 10) === 'over';
    const page = queryPage(visit);
    const { rows, total } = await listInquiries(visit.ctx, { show: isOver ? 'over' : 'open', page, pageSize: PAGE_SIZE });
    return view('attorney/inquiries', {
      isOver, rows: rows.map((row) => ({ ...row, person: personOf(row), partner: partnerNameOf(row.partnerId, visit, 'short') })), paging: pagingNumbered(visit, page, page * PAGE_SIZE < total),
    });
  },
};
