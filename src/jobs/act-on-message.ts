import { actOnMessage } from '../modules/exchange/index.ts';
import type { Job } from './job.ts';

/** Does what a message that came in asks for, once it is kept and its sender has the receipt. */
export const actOnMessageJob: Job = {
  name: 'act-on-message',
  batch: 20,
  wakesOn: ['message.stored'],
  async run(ctx, { body }) {
    await actOnMessage(ctx, String(body['messageId']));
  },
};
