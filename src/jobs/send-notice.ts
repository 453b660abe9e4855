import { sendNotice, wakeNotices } from '../modules/exchange/index.ts';
import type { Job } from './job.ts';

/** Tells a partner that something is there. */
export const sendNoticeJob: Job = {
  name: 'send-notice',
  wakesOn: ['notice.put'],
  async run(ctx, { body }) {
    await sendNotice(ctx, String(body['noticeId']));
  },
};

/** Looks after notices whose time has come. */
export const wakeNoticesJob: Job = {
  name: 'wake-notices',
  wakesOn: ['notices.due'],
  async run(ctx) {
    await wakeNotices(ctx);
  },
};
