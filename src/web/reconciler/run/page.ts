import { isAllowed } from '../../../platform/authorise.ts';
import { getRun, listRunLines, OUTCOMES, runStory } from '../../../modules/reconciliation/index.ts';
import { addressWith, pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { pathText, queryPage, queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';

const nameOf = (visit: Visit, partnerId: string | null): string => (partnerId === null ? '' : partnerNameOf(partnerId, visit, 'short'));

/** One run: its story, and every line of its files, what became of it and why. */
export const runPage: Page = {
  path: '/runs/:runId',
  access: 'reconciliation.view',
  get: async (visit) => {
    const runId = pathText(visit, 'runId');
    const run = await getRun(visit.ctx, runId);
    const wanted = OUTCOMES.find((outcome) => outcome === queryText(visit, 'outcome', 20)) ?? null;
    const { lines, total, page, pageSize } = await listRunLines(visit.ctx, runId, { page: queryPage(visit), ...(wanted ? { outcome: wanted } : {}) });
    const story = await runStory(visit.ctx, runId, 'kept');
    return view('reconciler/run', {
      story: { ...story, files: story.files.map((file) => ({ ...file, partner: nameOf(visit, file.partnerId) })), movements: story.movements.map((one) => ({ ...one, partner: nameOf(visit, one.partnerId) })),
        waits: story.waits.map((one) => ({ ...one, partner: nameOf(visit, one.partnerId) })) },
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
