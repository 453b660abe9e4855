import { isAllowed } from '../../../platform/authorise.ts';
import { getRun, listRunLines, OUTCOMES } from '../../../modules/reconciliation/index.ts';
import { addressWith, pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { pathText, queryPage, queryText, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';

/** One run: every line of its files, what became of it and why. */
export const runPage: Page = {
  path: '/runs/:runId',
  access: 'reconciliation.view',
  get: async (visit) => {
    const runId = pathText(visit, 'runId');
    const run = await getRun(visit.ctx, runId);
    const wanted = OUTCOMES.find((outcome) => outcome === queryText(visit, 'outcome', 20)) ?? null;
    const { lines, total, page, pageSize } = await listRunLines(visit.ctx, runId, { page: queryPage(visit), ...(wanted ? { outcome: wanted } : {}) });
    return view('reconciler/run', {
      run, total, wanted,
      lines: lines.map((line) => ({ ...line, partnerName: partnerNameOf(line.partnerId, visit, 'short') })),
      filters: [null, ...OUTCOMES].map((outcome) => ({
        outcome,
        count: outcome === null ? null : (run.summary.outcomes?.[outcome] ?? 0),
        href: addressWith(visit, { outcome: outcome ?? '', page: '' }),
      })),
      canDecide: isAllowed(visit.ctx, 'suspense.view') && visit.ctx.actor.counties === 'all',
      canSeeCase: isAllowed(visit.ctx, 'cases.view'),
      paging: pagingNumbered(visit, page, page * pageSize < total),
    });
  },
};
