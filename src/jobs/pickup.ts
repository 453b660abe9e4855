import { checkExpected, expirePickedUp, pickUpFiles } from '../modules/payments/index.ts';
import { officeDays } from '../modules/referrals/index.ts';
import type { Job } from './job.ts';

/** Takes in what lies complete in the pick-up folders. */
export const pickup: Job = {
  name: 'pickup',
  wakesOn: ['pickup.due'],
  async run(ctx) {
    await pickUpFiles(ctx);
  },
};

/** Raises alarms for files that were expected and did not come. */
export const pickupExpected: Job = {
  name: 'pickup-expected',
  wakesOn: ['pickup.check_due', 'pickup.file_imported'],
  async run(ctx) {
    await checkExpected(ctx, officeDays);
  },
};

/** Takes away what has lain long enough in the folders of what is done. */
export const pickupExpiry: Job = {
  name: 'pickup-expiry',
  wakesOn: ['housekeeping.due'],
  async run(ctx) {
    await expirePickedUp(ctx);
  },
};
