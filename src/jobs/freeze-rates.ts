import { freezeRates } from '../modules/payments/index.ts';
import type { Job } from './job.ts';

/** Once lines are posted, the rates they were made at are kept beside the published ones of that moment: what is published later changes nothing. */
export const freezeRatesJob: Job = {
  name: 'freeze-rates',
  wakesOn: ['reconciliation.finished'],
  async run(ctx) {
    await freezeRates(ctx);
  },
};
