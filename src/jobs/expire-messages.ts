import { expireMessages } from '../modules/exchange/index.ts';
import type { Job } from './job.ts';

/** Looks after messages that nobody fetched in time: the next way, and after the last one they expire. */
export const expireMessagesJob: Job = {
  name: 'expire-messages',
  wakesOn: ['exchange.expiry_due'],
  async run(ctx) {
    await expireMessages(ctx);
  },
};
