import { callList, listConfirmations } from '../../../modules/payments/index.ts';
import { listPartners, partnerName } from '../../../modules/partners/index.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { pagingNumbered } from '../../paging.ts';
import { queryPage, queryText, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';

/** Whom to call about delivered money, and what payees have said. */
export const confirmationsPage: Page = {
  path: '/confirmations',
  access: 'confirmations.view',
  get: async (visit) => {
    const partnerId = queryText(visit, 'partner', 64) || undefined;
    const isHeard = queryText(visit, 'show') === 'heard';
    const shared = { isHeard, partnerId: partnerId ?? '', partners: listPartners().map((one) => ({ partnerId: one.partnerId, name: partnerName(one, visit.language) })) };
    if (isHeard) {
      const heard = await listConfirmations(visit.ctx, { partnerId, page: queryPage(visit) });
      return view('reconciler/confirmations', {
        ...shared, heard: heard.rows.map((row) => ({ ...row, partner: partnerNameOf(row.partnerId, visit, 'short') })), calls: [], total: heard.total, protectedCount: 0,
        paging: pagingNumbered(visit, heard.page, heard.page * heard.pageSize < heard.total),
      });
    }
    const calls = await callList(visit.ctx, { partnerId, page: queryPage(visit) });
    return view('reconciler/confirmations', {
      ...shared, heard: [], calls: calls.rows.map((row) => ({ ...row, partner: partnerNameOf(row.partnerId, visit, 'short') })), total: calls.total, protectedCount: calls.protectedCount,
      paging: pagingNumbered(visit, calls.page, calls.page * calls.pageSize < calls.total),
    });
  },
};
