import type { TxCtx } from '../../../platform/context.ts';
import type { ListOrder } from '../../../platform/list-order.ts';
import { selectPage } from '../../../platform/list-page.ts';
import type { Place } from '../../../platform/list-page.ts';

export type WorkState = 'waiting' | 'acted' | 'parked' | 'settled';

/** What the agency does about a message that came in. */
export interface WorkRow {
  readonly messageId: string;
  readonly county: string | null;
  readonly state: WorkState;
  /** Codes: why it waits for a person, or what was done. */
  readonly reasons: readonly string[];
  /** The message (by its sender's name for it) without which nothing can be done. */
  readonly awaits: string | null;
  readonly incomingId: string | null;
  readonly changedAt: Date;
  readonly changedBy: string;
}

const COLUMNS = `message_id as "messageId", county, state, reasons, awaits, incoming_id as "incomingId", changed_at as "changedAt", changed_by as "changedBy"`;

export async function insertWork(ctx: TxCtx, row: Pick<WorkRow, 'messageId' | 'county' | 'state' | 'reasons' | 'awaits'>): Promise<void> {
  await ctx.tx.query(
    'insert into exchange_work (agency_id, message_id, county, state, reasons, awaits, changed_at, changed_by) values ($1, $2, $3, $4, $5, $6, $7, $8)',
    [ctx.actor.agency, row.messageId, row.county, row.state, JSON.stringify(row.reasons), row.awaits, ctx.clock.now(), ctx.actor.id],
  );
}

export async function findWork(ctx: TxCtx, messageId: string, lock: 'lock' | 'read' = 'read'): Promise<WorkRow | null> {
  const rows = await ctx.tx.query<WorkRow[]>(
    `select ${COLUMNS} from exchange_work where agency_id = $1 and message_id = $2 ${lock === 'lock' ? 'for update' : ''}`, [ctx.actor.agency, messageId]);
  return rows[0] ?? null;
}

export async function workOfConversation(ctx: TxCtx, conversationId: string): Promise<WorkRow[]> {
  return ctx.tx.query<WorkRow[]>(
    `select ${COLUMNS} from exchange_work where agency_id = $1 and message_id in (select m.message_id from exchange_messages m where m.agency_id = $1 and m.conversation_id = $2)`,
    [ctx.actor.agency, conversationId],
  );
}

export async function updateWork(ctx: TxCtx, messageId: string, change: { readonly state: WorkState; readonly reasons: readonly string[]; readonly awaits?: string | null; readonly incomingId?: string | null }): Promise<void> {
  await ctx.tx.query(
    `update exchange_work set state = $3, reasons = $4, awaits = $5, incoming_id = coalesce($6, incoming_id), changed_at = $7, changed_by = $8 where agency_id = $1 and message_id = $2`,
    [ctx.actor.agency, messageId, change.state, JSON.stringify(change.reasons), change.awaits ?? null, change.incomingId ?? null, ctx.clock.now(), ctx.actor.id],
  );
}

/** Those of a partner that wait for the message of this name. */
export async function awaiting(ctx: TxCtx, partnerId: string, senderMessageId: string): Promise<string[]> {
  const rows = await ctx.tx.query<{ messageId: string }[]>(
    `select w.message_id as "messageId" from exchange_work w join exchange_messages m on m.agency_id = w.agency_id and m.message_id = w.message_id
      where w.agency_id = $1 and w.awaits = $3 and w.state = 'parked' and m.partner_id = $2 order by w.message_id`,
    [ctx.actor.agency, partnerId, senderMessageId],
  );
  return rows.map((row) => row.messageId);
}

/** What was said earlier in the same conversation and has not been acted on yet, in its order. */
export async function waitingBefore(ctx: TxCtx, conversationId: string, messageId: string): Promise<string[]> {
  const rows = await ctx.tx.query<{ messageId: string }[]>(
    `select m.message_id as "messageId" from exchange_messages m join exchange_work w on w.agency_id = m.agency_id and w.message_id = m.message_id
      where m.agency_id = $1 and m.conversation_id = $2 and w.state = 'waiting'
        and (m.stored_at, m.message_id) < (select x.stored_at, x.message_id from exchange_messages x where x.agency_id = $1 and x.message_id = $3)
      order by m.stored_at, m.message_id`,
    [ctx.actor.agency, conversationId, messageId],
  );
  return rows.map((row) => row.messageId);
}

/** Parked in this conversation for one of these reasons: something has happened since, so that they may be looked at again. */
export async function parkedFor(ctx: TxCtx, conversationId: string, reasons: readonly string[]): Promise<string[]> {
  const rows = await ctx.tx.query<{ messageId: string }[]>(
    `select m.message_id as "messageId" from exchange_messages m join exchange_work w on w.agency_id = m.agency_id and w.message_id = m.message_id
      where m.agency_id = $1 and m.conversation_id = $2 and w.state = 'parked' and w.reasons ?| $3::text[] order by m.stored_at, m.message_id`,
    [ctx.actor.agency, conversationId, reasons],
  );
  return rows.map((row) => row.messageId);
}

export async function findByIncoming(ctx: TxCtx, incomingId: string): Promise<string[]> {
  const rows = await ctx.tx.query<{ messageId: string }[]>(
    'select message_id as "messageId" from exchange_work where agency_id = $1 and incoming_id = $2 order by message_id', [ctx.actor.agency, incomingId]);
  return rows.map((row) => row.messageId);
}

export const PARKED_SORTS = ['since', 'kind', 'partner'] as const;
export type ParkedSort = (typeof PARKED_SORTS)[number];
const PARKED_ORDER: Readonly<Record<ParkedSort, string>> = { since: 'w.changed_at', kind: 'm.kind', partner: 'm.partner_id' };

export interface ParkedFilter {
  readonly partnerId: string | null;
  readonly kind: string | null;
  readonly order: ListOrder<ParkedSort>;
}

/** What waits for a person; and how much there is. */
export async function selectParked(ctx: TxCtx, { partnerId, kind, order }: ParkedFilter, place: Place): Promise<{ rows: WorkRow[]; total: number }> {
  return selectPage(ctx, {
    columns: 'w.message_id as "messageId", w.county, w.state, w.reasons, w.awaits, w.incoming_id as "incomingId", w.changed_at as "changedAt", w.changed_by as "changedBy"',
    from: 'exchange_work w join exchange_messages m on m.agency_id = w.agency_id and m.message_id = w.message_id',
    where: `w.state = 'parked' and ($2::text is null or m.partner_id = $2) and ($3::text is null or m.kind = $3)`, values: [ctx.actor.agency, partnerId, kind],
    agency: 'w.agency_id', order: PARKED_ORDER, id: 'w.message_id',
  }, order, place);
}
