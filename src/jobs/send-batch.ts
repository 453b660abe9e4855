import { actorOf } from '../modules/identity/index.ts';
import { abandonBatch, batchOwner, runBatch } from '../modules/referrals/index.ts';
import { withActor } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import type { Job } from './job.ts';

/** Sends the referrals that a person chose, in that person's name and with the rights that the person has at that moment. */
export const sendBatchJob: Job = {
  name: 'send-batch',
  wakesOn: ['referral.batch_begun'],
  async run(ctx, { body }) {
    const batchId = String(body['batchId']);
    const owner = await batchOwner(ctx, batchId);
    if (owner === null) return;
    try {
      await runBatch(withActor(ctx, await actorOf(ctx, owner)), batchId);
    } catch (error) {
      if (!(error instanceof AppError) || !['unauthenticated', 'forbidden'].includes(error.kind)) throw error;
      await abandonBatch(ctx, batchId, error);
    }
  },
};
