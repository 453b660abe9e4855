import { askByMessage, fileByMessage, replyToInquiry, tellApplication } from '../modules/exchange/index.ts';
import type { Job } from './job.ts';

/** A question that came as a message becomes one here. */
export const takeInquiryJob: Job = {
  name: 'take-inquiry',
  wakesOn: ['inquiry.arrived'],
  async run(ctx, { body }) {
    await askByMessage(ctx, String(body['messageId'] ?? ''));
  },
};

/** What became of it goes back as a message. */
export const replyInquiryJob: Job = {
  name: 'reply-inquiry',
  wakesOn: ['inquiry.answered', 'inquiry.declined', 'inquiry.waits'],
  async run(ctx, { body }) {
    await replyToInquiry(ctx, String(body['inquiryId'] ?? ''));
  },
};

/** An application that came as a message becomes one here. */
export const takeApplicationJob: Job = {
  name: 'take-application',
  wakesOn: ['application.arrived'],
  async run(ctx, { body }) {
    await fileByMessage(ctx, String(body['messageId'] ?? ''));
  },
};

/** What was decided about it goes back as a message. */
export const tellApplicationJob: Job = {
  name: 'tell-application',
  wakesOn: ['application.accepted', 'application.more_asked', 'application.refused', 'application.opened'],
  async run(ctx, { body }) {
    await tellApplication(ctx, String(body['applicationId'] ?? ''));
  },
};
