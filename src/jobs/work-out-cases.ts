import { workOutFigures, workOutSearchTerms } from '../modules/cases/index.ts';
import { inTransaction } from '../platform/context.ts';
import { emit } from '../platform/outbox.ts';
import type { Job } from './job.ts';

/** So many cases at a time: a process that is told to stop does not wait long. */
const PORTION = 2_000;

/** Makes what searches and figures need of cases that came in before there were any, so that nobody has to think of it after an update. */
export const workOutCasesJob: Job = {
  name: 'work-out-cases',
  wakesOn: ['cases.work_out_due'],
  async run(ctx) {
    const terms = await workOutSearchTerms(ctx, undefined, PORTION);
    const figures = await workOutFigures(ctx, undefined, PORTION);
    if (terms === PORTION || figures === PORTION) await inTransaction(ctx, (tx) => emit(tx, 'cases.work_out_due', {}));
  },
};
