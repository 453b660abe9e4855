import { FIGURES, checkAgreement, keptSuspenseTotals, listRunLines, outgoingFigures, runStory } from '../modules/reconciliation/index.ts';
import type { Figure } from '../modules/reconciliation/index.ts';
import { officeDays } from '../modules/referrals/index.ts';
import type { Ctx } from '../platform/context.ts';
import type { Job } from './job.ts';

const RENEW: Readonly<Record<Figure, (ctx: Ctx, scope: string) => Promise<unknown>>> = {
  agreement: (ctx, scope) => {
    const [on = '', partnerId = ''] = scope.split(' ');
    return checkAgreement(ctx, { freshness: 'renewed', ...(on === '' ? {} : { on }), ...(partnerId === '' ? {} : { partnerId }) });
  },
  outgoing: (ctx, scope) => {
    const [, partnerId = ''] = scope.split(' ');
    return outgoingFigures(ctx, officeDays, partnerId === '' ? {} : { partnerId }, 'renewed');
  },
  run_counts: (ctx, scope) => listRunLines(ctx, scope, { freshness: 'renewed' }),
  run_story: (ctx, scope) => runStory(ctx, scope, 'renewed'),
  suspense_totals: (ctx) => keptSuspenseTotals(ctx, 'renewed'),
};

/** Somebody looked at figures that take long, and money has moved since they were computed. */
export const renewFiguresJob: Job = {
  name: 'renew-figures',
  wakesOn: ['figures.outdated'],
  async run(ctx, data) {
    const figure = FIGURES.find((one) => one === data.body['figure']);
    if (figure !== undefined) await RENEW[figure](ctx, String(data.body['scope'] ?? ''));
  },
};
