import { remind } from '../modules/exchange/index.ts';
import type { Job } from './job.ts';

/** Drafts what is overdue or has to be told, and tells the supervisor. */
export const remindJob: Job = {
  name: 'remind',
  wakesOn: ['reminders.due'],
  async run(ctx) {
    await remind(ctx);
  },
};
