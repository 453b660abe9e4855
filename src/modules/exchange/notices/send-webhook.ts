import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import type { NoticeRow } from './notice.store.ts';
import { postSafely } from './post-safely.ts';
import type { Posted } from './post-safely.ts';
import type { Told } from './told.types.ts';
import { signatureHeader } from './sign-webhook.ts';
import { findWebhook } from './webhook.store.ts';

/** Posts a notice as Standard Webhooks has it: what happened, when, and ids. Whoever wants more asks for it with its own credentials. */
export async function sendWebhook(ctx: Ctx, notice: NoticeRow): Promise<Told> {
  const webhook = await inTransaction(ctx, (tx) => (notice.webhookId === null ? Promise.resolve(null) : findWebhook(tx, notice.webhookId)));
  if (webhook?.state !== 'active') return { outcome: 'never', code: 'webhook.disabled', isAnswering: true };
  const now = ctx.clock.now();
  const timestamp = Math.floor(now.getTime() / 1000);
  const body = JSON.stringify({ type: notice.event, timestamp: notice.createdAt.toISOString(), data: { messageId: notice.messageId } });
  const secrets = [webhook.secret, ...(webhook.former && Date.parse(webhook.former.until) > now.getTime() ? [webhook.former.secret] : [])];
  const headers = { 'webhook-id': notice.noticeId, 'webhook-timestamp': String(timestamp), 'webhook-signature': signatureHeader(notice.noticeId, timestamp, body, secrets) };
  return toldBy(await postSafely({ url: webhook.url, headers, body, allowed: ctx.config.webhookAllow, now }));
}

function toldBy({ status, retryAfterS, code }: Posted): Told {
  if (status === null) return { outcome: 'again', code, isAnswering: false };
  if (status >= 200 && status < 300) return { outcome: 'sent', code: 'notice.sent', isAnswering: true };
  if (status === 410) return { outcome: 'gone', code: 'webhook.gone', isAnswering: true };
  if (status === 429) return { outcome: 'again', code: 'webhook.too_many_requests', isAnswering: true, retryAfterS };
  if (status >= 300 && status < 400) return { outcome: 'again', code: 'webhook.redirected', isAnswering: true };
  return { outcome: 'again', code: status < 500 ? 'webhook.refused' : 'webhook.out_of_order', isAnswering: status < 500, retryAfterS };
}
