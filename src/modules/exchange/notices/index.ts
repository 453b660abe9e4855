/** A word to a partner that something is there: by webhook, by mail. */
export { addWebhook, listWebhooks, removeWebhook, rotateWebhook } from './manage-webhooks.ts';
export type { ShownWebhook } from './manage-webhooks.ts';
export { sendNotice, wakeNotices } from './send-notice.ts';
export { isSignedBy } from './sign-webhook.ts';
