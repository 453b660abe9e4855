import type { TxCtx } from '../../../platform/context.ts';
import type { NoticeKind } from '../delivery/delivery.rules.ts';

export interface NoticeRow {
  readonly noticeId: string;
  readonly partnerId: string;
  readonly county: string | null;
  readonly kind: NoticeKind;
  readonly event: string;
  readonly messageId: string | null;
  readonly webhookId: string | null;
  readonly state: 'waiting' | 'sent' | 'failed' | 'dropped';
  readonly attempts: number;
  readonly code: string | null;
  readonly notBefore: Date;
  readonly createdAt: Date;
  readonly changedAt: Date;
}

const COLUMNS = `notice_id as "noticeId", partner_id as "partnerId", county, kind, event, message_id as "messageId", webhook_id as "webhookId", state, attempts, code,
  not_before as "notBefore", created_at as "createdAt", changed_at as "changedAt"`;

export type NewNotice = Pick<NoticeRow, 'noticeId' | 'partnerId' | 'county' | 'kind' | 'event' | 'messageId' | 'webhookId' | 'notBefore'>;

/** Returns false where a mail to the partner waits already: it will tell of this, too. */
export async function insertNotice(ctx: TxCtx, row: NewNotice): Promise<boolean> {
  const rows = await ctx.tx.query<unknown[]>(
    `insert into exchange_notices (agency_id, notice_id, partner_id, county, kind, event, message_id, webhook_id, state, not_before, created_at, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9, $10, $10) on conflict do nothing returning notice_id`,
    [ctx.actor.agency, row.noticeId, row.partnerId, row.county, row.kind, row.event, row.messageId, row.webhookId, row.notBefore, ctx.clock.now()]);
  return rows.length > 0;
}

export async function findNotice(ctx: TxCtx, noticeId: string, lock: 'lock' | 'read' = 'read'): Promise<NoticeRow | null> {
  const rows = await ctx.tx.query<NoticeRow[]>(
    `select ${COLUMNS} from exchange_notices where agency_id = $1 and notice_id = $2 ${lock === 'lock' ? 'for update' : ''}`, [ctx.actor.agency, noticeId]);
  return rows[0] ?? null;
}

export async function setNotice(ctx: TxCtx, noticeId: string, change: Pick<NoticeRow, 'state' | 'attempts' | 'code' | 'notBefore'>): Promise<void> {
  await ctx.tx.query(
    `update exchange_notices set state = $3, attempts = $4, code = $5, not_before = $6, changed_at = $7 where agency_id = $1 and notice_id = $2`,
    [ctx.actor.agency, noticeId, change.state, change.attempts, change.code, change.notBefore, ctx.clock.now()]);
}

/** When a mail to the partner went last. */
export async function lastMailAt(ctx: TxCtx, partnerId: string): Promise<Date | null> {
  const rows = await ctx.tx.query<{ at: Date | null }[]>(
    `select max(changed_at) as at from exchange_notices where agency_id = $1 and partner_id = $2 and kind = 'email' and state = 'sent'`, [ctx.actor.agency, partnerId]);
  return rows[0]?.at ?? null;
}

/** Notices whose time has come; each is told once for all processes, and again only after a while. */
export async function dueNotices(ctx: TxCtx, again: Date, limit: number): Promise<string[]> {
  const [rows] = await ctx.tx.query<[{ noticeId: string }[], number]>(
    `update exchange_notices set not_before = $3
      where (agency_id, notice_id) in (select agency_id, notice_id from exchange_notices
              where agency_id = $1 and state = 'waiting' and not_before <= $2 order by not_before limit $4 for update skip locked)
      returning notice_id as "noticeId"`, [ctx.actor.agency, ctx.clock.now(), again, limit]);
  return rows.map(({ noticeId }) => noticeId);
}

/** How much of ours lies there for the partner, and since when nobody has fetched it. */
export async function waitingFor(ctx: TxCtx, partnerId: string): Promise<number> {
  const rows = await ctx.tx.query<{ n: string }[]>(
    `select count(*) as n from exchange_messages where agency_id = $1 and partner_id = $2 and direction = 'out' and state = 'delivered'`, [ctx.actor.agency, partnerId]);
  return Number(rows[0]?.n ?? 0);
}
