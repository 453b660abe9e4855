import { actorOf } from '../modules/identity/index.ts';
import { runBatchCheck } from '../modules/referrals/index.ts';
import { withActor } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { endWork } from '../platform/work.ts';
import type { Job } from './job.ts';

/** Looks at the sealed referrals that a person is about to send together, in that person's name and with the rights that the person has at that moment. */
export const checkBatchJob: Job = {
  name: 'check-batch',
  wakesOn: ['referral.batch_check_begun'],
  async run(ctx, { body }) {
    const [workId, referralIds] = [String(body['workId']), (body['referralIds'] ?? []) as readonly string[]];
    try {
      await runBatchCheck(withActor(ctx, await actorOf(ctx, String(body['userId']))), workId, referralIds);
    } catch (error) {
      if (!(error instanceof AppError) || !['unauthenticated', 'forbidden'].includes(error.kind)) throw error;
      await endWork(ctx, workId, { state: 'failed' });
    }
  },
};
