import { hasOpenWork, reconcile } from '../modules/reconciliation/index.ts';
import type { Job } from './job.ts';

/** Explains what was picked up. Many files wake it many times: whoever finds nothing left to explain makes no run. */
export const reconcileJob: Job = {
  name: 'reconcile',
  wakesOn: ['pickup.file_imported', 'exchange.list_imported'],
  async run(ctx) {
    if (await hasOpenWork(ctx)) await reconcile(ctx);
  },
};
