import { listRefusedPostings, REFUSED_SORTS } from '../../../modules/payments/index.ts';
import { csvAddress, csvOf, headsOf, noteShown, sortOf, telling, wantsCsv } from '../../list.ts';
import { pagingNumbered } from '../../paging.ts';
import { queryPage, queryText, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';
import { amountCells, linesOf } from '../money-list.ts';

/** Collections that the State refused, until somebody has seen to them. */
export const refusedPostingsPage: Page = {
  path: '/postings/refused',
  access: 'payments.view',
  get: async (visit) => {
    const sort = sortOf(visit, REFUSED_SORTS, { by: 'refused', isDescending: false });
    const search = queryText(visit, 'q', 100);
    const labelOf = (column: string): string => visit.t(`postings:cli.column.${column}`);
    if (wantsCsv(visit)) {
      const heads = [labelOf('posting'), labelOf('case'), labelOf('amount'), visit.t('clerk:csv.currency'), labelOf('refused_on'), labelOf('reason')];
      return csvOf(visit, 'refused-postings', heads, linesOf((page) => listRefusedPostings(visit.ctx, page, sort, search), (row) => telling([row.postingId, row.caseId, ...amountCells(row.amountMinor, row.currency), row.processedOn, row.reason ?? ''], { case: row.caseId })));
    }
    const { rows, total, page, pageSize } = await listRefusedPostings(visit.ctx, queryPage(visit), sort, search);
    await noteShown(visit, 'refused-postings', rows, ({ caseId }) => ({ case: caseId }));
    return view('reconciler/refused', {
      rows, total, choices: [], kept: [['sort', queryText(visit, 'sort', 40)]], search: { name: 'q', label: `${labelOf('case')} · ${labelOf('reason')}`, value: search }, csv: csvAddress(visit), paging: pagingNumbered(visit, page, page * pageSize < total),
      heads: headsOf(visit, [{ label: labelOf('posting'), sort: 'posting' }, { label: labelOf('case'), sort: 'case' }, { label: labelOf('amount'), sort: 'amount', isNumber: true }, { label: labelOf('refused_on'), sort: 'refused' }, { label: labelOf('reason') }], sort),
    });
  },
};
