import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { ListOrder } from '../../../platform/list-order.ts';
import { selectPage } from '../../../platform/list-page.ts';
import type { Place } from '../../../platform/list-page.ts';

/** A message of ours, as far as carrying it goes. */
export interface OutgoingRow {
  readonly messageId: string;
  readonly partnerId: string;
  readonly county: string | null;
  readonly kind: string;
  readonly state: string;
  readonly fileId: string | null;
}

export interface DeliveryRow {
  readonly step: number;
  readonly channel: string;
  readonly waitUntil: CalendarDate | null;
  readonly failures: number;
  readonly encryptedFileId: string | null;
}

/** The message, locked until the transaction ends; null where there is none of ours with this id. */
export async function lockOutgoing(ctx: TxCtx, messageId: string): Promise<OutgoingRow | null> {
  const rows = await ctx.tx.query<OutgoingRow[]>(
    `select message_id as "messageId", partner_id as "partnerId", county, kind, state, file_id as "fileId" from exchange_messages
      where agency_id = $1 and message_id = $2 and direction = 'out' for update`, [ctx.actor.agency, messageId]);
  return rows[0] ?? null;
}

export async function findOutgoing(ctx: TxCtx, messageId: string): Promise<OutgoingRow | null> {
  const rows = await ctx.tx.query<OutgoingRow[]>(
    `select message_id as "messageId", partner_id as "partnerId", county, kind, state, file_id as "fileId" from exchange_messages
      where agency_id = $1 and message_id = $2 and direction = 'out'`, [ctx.actor.agency, messageId]);
  return rows[0] ?? null;
}

export async function findDelivery(ctx: TxCtx, messageId: string): Promise<DeliveryRow | null> {
  const rows = await ctx.tx.query<DeliveryRow[]>(
    `select step, channel, wait_until::text as "waitUntil", failures, encrypted_file_id as "encryptedFileId" from exchange_deliveries
      where agency_id = $1 and message_id = $2`, [ctx.actor.agency, messageId]);
  return rows[0] ?? null;
}

export async function putDelivery(ctx: TxCtx, message: OutgoingRow, row: DeliveryRow): Promise<void> {
  const now = ctx.clock.now();
  await ctx.tx.query(
    `insert into exchange_deliveries (agency_id, message_id, partner_id, county, step, channel, offered_at, wait_until, failures, encrypted_file_id, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $7)
     on conflict (agency_id, message_id) do update set county = excluded.county, step = excluded.step, channel = excluded.channel, offered_at = excluded.offered_at,
       wait_until = excluded.wait_until, failures = excluded.failures, encrypted_file_id = excluded.encrypted_file_id,
       changed_at = excluded.changed_at`,
    [ctx.actor.agency, message.messageId, message.partnerId, message.county, row.step, row.channel, now, row.waitUntil, row.failures, row.encryptedFileId]);
}

/** Nothing is waited for any more: the message was fetched, failed or expired. */
export async function stopWaiting(ctx: TxCtx, messageId: string): Promise<void> {
  await ctx.tx.query('update exchange_deliveries set wait_until = null, changed_at = $3 where agency_id = $1 and message_id = $2', [ctx.actor.agency, messageId, ctx.clock.now()]);
}

export async function setMessage(ctx: TxCtx, messageId: string, change: { readonly state: string; readonly channel?: string; readonly expiresOn?: CalendarDate | null }): Promise<void> {
  await ctx.tx.query(
    `update exchange_messages set state = $3, channel = coalesce($4, channel), expires_on = case when $5 then $6::date else expires_on end
      where agency_id = $1 and message_id = $2`,
    [ctx.actor.agency, messageId, change.state, change.channel ?? null, change.expiresOn !== undefined, change.expiresOn ?? null]);
}

export interface AttemptRow {
  readonly messageId: string;
  readonly position: number;
  readonly channel: string;
  readonly code: string;
  readonly happenedAt: Date;
  readonly attemptedBy: string;
}

/** Whoever writes an attempt holds the row of the message, so that positions do not meet. */
export async function insertAttempt(ctx: TxCtx, message: Pick<OutgoingRow, 'messageId' | 'partnerId' | 'county'>, attempt: { readonly channel: string; readonly code: string }): Promise<void> {
  await ctx.tx.query(
    `insert into exchange_attempts (agency_id, message_id, position, partner_id, county, channel, code, happened_at, attempted_by)
     select $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5, $6, $7, $8 from exchange_attempts where agency_id = $1 and message_id = $2`,
    [ctx.actor.agency, message.messageId, message.partnerId, message.county, attempt.channel, attempt.code, ctx.clock.now(), ctx.actor.id]);
}

export async function hasAttempt(ctx: TxCtx, messageId: string, code: string): Promise<boolean> {
  const rows = await ctx.tx.query<unknown[]>('select from exchange_attempts where agency_id = $1 and message_id = $2 and code = $3 limit 1', [ctx.actor.agency, messageId, code]);
  return rows.length > 0;
}

const ATTEMPTS_SHOWN = 200;

export async function attemptsOfMessage(ctx: TxCtx, messageId: string): Promise<AttemptRow[]> {
  return ctx.tx.query<AttemptRow[]>(
    `select message_id as "messageId", position, channel, code, happened_at as "happenedAt", attempted_by as "attemptedBy" from exchange_attempts
      where agency_id = $1 and message_id = $2 order by position desc limit $3`, [ctx.actor.agency, messageId, ATTEMPTS_SHOWN]);
}

/** Messages that nobody fetched in time, a page at a time. */
export async function overdueMessages(ctx: TxCtx, today: CalendarDate, after: string, limit: number): Promise<string[]> {
  const rows = await ctx.tx.query<{ messageId: string }[]>(
    `select d.message_id as "messageId" from exchange_deliveries d join exchange_messages m on m.agency_id = d.agency_id and m.message_id = d.message_id
      where d.agency_id = $1 and d.wait_until < $2 and d.message_id > $3 and m.state in ('queued', 'delivered') order by d.message_id limit $4`,
    [ctx.actor.agency, today, after, limit]);
  return rows.map(({ messageId }) => messageId);
}

export interface UndeliveredRow {
  readonly messageId: string;
  readonly partnerId: string;
  readonly county: string | null;
  readonly kind: string;
  readonly state: string;
  readonly channel: string;
  readonly lastCode: string | null;
  readonly lastAt: Date | null;
  readonly attempts: number;
}

export const UNDELIVERED_SORTS = ['stored', 'last', 'kind', 'partner', 'state', 'attempts'] as const;
export type UndeliveredSort = (typeof UNDELIVERED_SORTS)[number];
const UNDELIVERED_ORDER: Readonly<Record<UndeliveredSort, string>> = { stored: 'm.stored_at', last: 'a.happened_at', kind: 'm.kind', partner: 'm.partner_id', state: 'm.state', attempts: 'coalesce(a.position, 0)' };

/** What reached nobody: failed and expired messages, and how many there are. */
export async function undeliveredMessages(ctx: TxCtx, partnerId: string | null, order: ListOrder<UndeliveredSort>, place: Place): Promise<{ rows: UndeliveredRow[]; total: number }> {
  return selectPage(ctx, {
    columns: 'm.message_id as "messageId", m.partner_id as "partnerId", m.county, m.kind, m.state, m.channel, a.code as "lastCode", a.happened_at as "lastAt", coalesce(a.position, 0) as attempts',
    from: `exchange_messages m
      left join lateral (select code, happened_at, position from exchange_attempts t where t.agency_id = m.agency_id and t.message_id = m.message_id order by position desc limit 1) a on true`,
    where: `m.direction = 'out' and m.state in ('failed', 'expired') and ($2::text is null or m.partner_id = $2)`, values: [ctx.actor.agency, partnerId],
    agency: 'm.agency_id', order: UNDELIVERED_ORDER, id: 'm.message_id',
  }, order, place);
}
