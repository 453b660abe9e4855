import { remindOfClose } from '../modules/reconciliation/index.ts';
import { officeDays } from '../modules/referrals/index.ts';
import type { Job } from './job.ts';

/** Raises an alarm for a day of money that nobody has closed and signed in time. */
export const dayCloseReminder: Job = {
  name: 'day-close-reminder',
  wakesOn: ['days.reminder_due'],
  async run(ctx) {
    await remindOfClose(ctx, officeDays);
  },
};
