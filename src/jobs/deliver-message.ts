import { deliverMessage } from '../modules/exchange/index.ts';
import type { Job } from './job.ts';

/** Offers a message of ours to its partner, by the first way that can carry it. */
export const deliverMessageJob: Job = {
  name: 'deliver-message',
  batch: 20,
  wakesOn: ['message.queued'],
  async run(ctx, { body }) {
    await deliverMessage(ctx, String(body['messageId']));
  },
};
