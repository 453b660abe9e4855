import { sweepApplicationDrafts } from '../modules/exchange/index.ts';
import { sweepAnswered } from '../modules/identity/index.ts';
import { sweepUnsentLists } from '../modules/payments/index.ts';
import { sweepFigures } from '../modules/reconciliation/index.ts';
import { inTransaction } from '../platform/context.ts';
import { sweepHalfFiles } from '../platform/files.ts';
import { sweepEvents, sweepTicks } from '../platform/outbox.ts';
import { sweepWork } from '../platform/work.ts';
import type { Job } from './job.ts';

/** Removes what has served its time: relayed events, moments long past, what clients were answered days ago, long work that ended a month ago, lists that were shown and not sent, drafts of applications whose days are over, and half-written files of commands that were killed. */
export const housekeeping: Job = {
  name: 'housekeeping',
  wakesOn: ['housekeeping.due'],
  async run(ctx) {
    await inTransaction(ctx, sweepEvents);
    await inTransaction(ctx, sweepTicks);
    await inTransaction(ctx, sweepAnswered);
    await inTransaction(ctx, sweepWork);
    await inTransaction(ctx, sweepUnsentLists);
    await inTransaction(ctx, sweepApplicationDrafts);
    await sweepFigures(ctx);
    await sweepHalfFiles(ctx);
  },
};
