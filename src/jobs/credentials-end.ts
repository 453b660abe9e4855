import { warnOfEnds } from '../modules/identity/index.ts';
import type { Job } from './job.ts';

/** Warns of clients and keys of partners that are about to end, so that nobody stands before a shut door. */
export const credentialsEndJob: Job = {
  name: 'credentials-end',
  wakesOn: ['housekeeping.due'],
  async run(ctx) {
    await warnOfEnds(ctx);
  },
};
