import { renewMoneyFigures } from '../modules/reconciliation/index.ts';
import { renewWorkFigures } from '../modules/referrals/index.ts';
import type { Job } from './job.ts';

/** Counts anew how it stands with the work and the money, so that a supervisor's first page only has to read it. */
export const overviewJob: Job = {
  name: 'overview',
  wakesOn: ['overview.due'],
  async run(ctx) {
    await renewWorkFigures(ctx);
    await renewMoneyFigures(ctx);
  },
};
