import { randomBytes } from 'node:crypto';
import { recordAudit } from '../../audit/index.ts';
import { getPartner } from '../../partners/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { webhookAddress } from './address.rules.ts';
import { SECRET_PREFIX } from './sign-webhook.ts';
import { activeWebhooks, findWebhook, insertWebhook, selectWebhooks, updateWebhook } from './webhook.store.ts';
import type { WebhookDetails, WebhookRow } from './webhook.store.ts';

const SECRET_BYTES = 32;
const WEBHOOKS_MAX = 5;
const FORMER_HOURS = 24;

/** What is shown of a webhook: never its whole address, which may hold a word of the partner's own, nor its secret. */
export type ShownWebhook = Omit<WebhookRow, keyof WebhookDetails> & { readonly formerUntil: string | null };

const newSecret = (): string => SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64');

/**
 * Registers where a partner wants to be told that something is there. The secret is shown this once.
 *
 * @throws AppError `webhook.url_*`, `webhook.too_many`, `partner.unknown`, `access.forbidden`.
 */
export async function addWebhook(ctx: Ctx, given: { readonly partnerId: string; readonly url: string }): Promise<{ readonly webhookId: string; readonly secret: string }> {
  authorise(ctx, 'webhooks.manage');
  const { partnerId } = getPartner(given.partnerId);
  const address = webhookAddress(given.url, ctx.config.webhookAllow);
  if (address.fault !== null) throw new AppError('invalid', address.fault);
  const webhookId = newId('whk', ctx.clock.now().getTime());
  const secret = newSecret();
  await inTransaction(ctx, async (tx) => {
    if ((await activeWebhooks(tx, partnerId)).length >= WEBHOOKS_MAX) throw new AppError('conflict', 'webhook.too_many', { params: { count: WEBHOOKS_MAX } });
    await insertWebhook(tx, { webhookId, partnerId, host: address.url.host, url: address.url.href, secret, former: null });
    await recordAudit(tx, { action: 'webhook.added', subject: { type: 'webhook', id: webhookId }, partner: partnerId, details: { host: address.url.host.replace(/[[\]]/g, '') } });
  });
  return { webhookId, secret };
}

/** Gives a webhook another secret, shown this once; for a day both sign, so that the partner can change over. */
export async function rotateWebhook(ctx: Ctx, webhookId: string): Promise<{ readonly secret: string; readonly formerUntil: string }> {
  authorise(ctx, 'webhooks.manage');
  const secret = newSecret();
  const until = new Date(ctx.clock.now().getTime() + FORMER_HOURS * 3_600_000).toISOString();
  await inTransaction(ctx, async (tx) => {
    const row = await lockActive(tx, webhookId);
    await updateWebhook(tx, webhookId, { ...row, secret, former: { secret: row.secret, until } });
    await recordAudit(tx, { action: 'webhook.rotated', subject: { type: 'webhook', id: webhookId }, partner: row.partnerId });
  });
  return { secret, formerUntil: until };
}

/** Ends a webhook for good. */
export async function removeWebhook(ctx: Ctx, webhookId: string): Promise<void> {
  authorise(ctx, 'webhooks.manage');
  await inTransaction(ctx, (tx) => disableWebhook(tx, webhookId, 'webhook.removed'));
}

/** In a transaction of somebody else's: the receiver said that it is gone. */
export async function disableWebhook(tx: TxCtx, webhookId: string, reason: string): Promise<void> {
  const row = await lockActive(tx, webhookId);
  await updateWebhook(tx, webhookId, { ...row, former: null, state: 'disabled', reason });
  await recordAudit(tx, { action: 'webhook.disabled', subject: { type: 'webhook', id: webhookId }, partner: row.partnerId, details: { reason } });
}

async function lockActive(tx: TxCtx, webhookId: string): Promise<WebhookRow> {
  const row = await findWebhook(tx, webhookId, 'lock');
  if (!row) throw new AppError('not_found', 'webhook.not_found');
  if (row.state !== 'active') throw new AppError('conflict', 'webhook.disabled');
  return row;
}

export async function listWebhooks(ctx: Ctx): Promise<ShownWebhook[]> {
  authorise(ctx, 'webhooks.manage');
  const rows = await inTransaction(ctx, selectWebhooks);
  return rows.map(({ url: _url, secret: _secret, former, ...row }) => ({ ...row, formerUntil: former?.until ?? null }));
}
