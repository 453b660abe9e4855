import type { TxCtx } from '../../../platform/context.ts';

/** What leads to a partner's system, or lets somebody speak in our name: kept encrypted. */
export interface WebhookDetails {
  readonly url: string;
  readonly secret: string;
  /** The secret of before, which signs besides until then. */
  readonly former: { readonly secret: string; readonly until: string } | null;
}

export interface WebhookRow extends WebhookDetails {
  readonly webhookId: string;
  readonly partnerId: string;
  readonly host: string;
  readonly state: 'active' | 'disabled';
  readonly reason: string | null;
  readonly createdAt: Date;
  readonly changedAt: Date;
}

type Queried = Omit<WebhookRow, keyof WebhookDetails> & { readonly details: Buffer };
const COLUMNS = `webhook_id as "webhookId", partner_id as "partnerId", host, state, reason, created_at as "createdAt", changed_at as "changedAt", details_encrypted as details`;
const aadOf = (ctx: TxCtx, webhookId: string): string => `exchange_webhooks:${ctx.actor.agency}:${webhookId}`;

function opened(ctx: TxCtx, { details, ...row }: Queried): WebhookRow {
  return { ...row, ...(JSON.parse(ctx.keys.decrypt(details, aadOf(ctx, row.webhookId)).toString('utf8')) as WebhookDetails) };
}

const sealed = (ctx: TxCtx, webhookId: string, { url, secret, former }: WebhookDetails): Buffer => ctx.keys.encrypt(JSON.stringify({ url, secret, former }), aadOf(ctx, webhookId));

export async function insertWebhook(ctx: TxCtx, row: WebhookDetails & Pick<WebhookRow, 'webhookId' | 'partnerId' | 'host'>): Promise<void> {
  await ctx.tx.query(
    `insert into exchange_webhooks (agency_id, webhook_id, partner_id, details_encrypted, host, state, created_at, created_by, changed_at, changed_by)
     values ($1, $2, $3, $4, $5, 'active', $6, $7, $6, $7)`,
    [ctx.actor.agency, row.webhookId, row.partnerId, sealed(ctx, row.webhookId, row), row.host, ctx.clock.now(), ctx.actor.id]);
}

export async function findWebhook(ctx: TxCtx, webhookId: string, lock: 'lock' | 'read' = 'read'): Promise<WebhookRow | null> {
  const rows = await ctx.tx.query<Queried[]>(
    `select ${COLUMNS} from exchange_webhooks where agency_id = $1 and webhook_id = $2 ${lock === 'lock' ? 'for update' : ''}`, [ctx.actor.agency, webhookId]);
  return rows[0] ? opened(ctx, rows[0]) : null;
}

export async function selectWebhooks(ctx: TxCtx): Promise<WebhookRow[]> {
  const rows = await ctx.tx.query<Queried[]>(`select ${COLUMNS} from exchange_webhooks where agency_id = $1 order by state, partner_id, webhook_id`, [ctx.actor.agency]);
  return rows.map((row) => opened(ctx, row));
}

/** Ids alone: whoever makes a notice needs no secret. */
export async function activeWebhooks(ctx: TxCtx, partnerId: string): Promise<string[]> {
  const rows = await ctx.tx.query<{ webhookId: string }[]>(
    `select webhook_id as "webhookId" from exchange_webhooks where agency_id = $1 and partner_id = $2 and state = 'active' order by webhook_id`, [ctx.actor.agency, partnerId]);
  return rows.map(({ webhookId }) => webhookId);
}

export async function updateWebhook(ctx: TxCtx, webhookId: string, change: WebhookDetails & Pick<WebhookRow, 'state' | 'reason'>): Promise<void> {
  await ctx.tx.query(
    `update exchange_webhooks set details_encrypted = $3, state = $4, reason = $5, changed_at = $6, changed_by = $7 where agency_id = $1 and webhook_id = $2`,
    [ctx.actor.agency, webhookId, sealed(ctx, webhookId, change), change.state, change.reason, ctx.clock.now(), ctx.actor.id]);
}
