import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';

/** What a sheet needs to know of a message. */
export interface PaperOfMessage {
  readonly messageId: string;
  readonly partnerId: string;
  readonly county: string | null;
  readonly contentSha256: string;
  readonly wireId: string | null;
  readonly referralId: string | null;
  readonly ourFileNumber: string | null;
  readonly partnerFileNumber: string | null;
}

export async function findPaperOf(ctx: TxCtx, messageId: string): Promise<PaperOfMessage | null> {
  const rows = await ctx.tx.query<PaperOfMessage[]>(
    `select m.message_id as "messageId", m.partner_id as "partnerId", m.county, m.content_sha256 as "contentSha256", c.wire_id as "wireId", c.referral_id as "referralId",
            c.our_file_number as "ourFileNumber", c.partner_file_number as "partnerFileNumber"
       from exchange_messages m left join exchange_conversations c on c.agency_id = m.agency_id and c.conversation_id = m.conversation_id
      where m.agency_id = $1 and m.message_id = $2 and m.direction = 'out'`, [ctx.actor.agency, messageId]);
  return rows[0] ?? null;
}

export interface DispatchRow {
  readonly messageId: string;
  readonly position: number;
  readonly courier: string;
  readonly trackingNumber: string;
  readonly dispatchedOn: CalendarDate;
  readonly dispatchedBy: string;
  readonly returnedOn: CalendarDate | null;
  readonly returnFileId: string | null;
}

const COLUMNS = `message_id as "messageId", position, courier, tracking_number as "trackingNumber", dispatched_on::text as "dispatchedOn", dispatched_by as "dispatchedBy",
  returned_on::text as "returnedOn", return_file_id as "returnFileId"`;

export async function dispatchesOf(ctx: TxCtx, messageId: string): Promise<DispatchRow[]> {
  return ctx.tx.query<DispatchRow[]>(`select ${COLUMNS} from exchange_dispatches where agency_id = $1 and message_id = $2 order by position`, [ctx.actor.agency, messageId]);
}

/** Whoever writes it holds the row of the message. */
export async function insertDispatch(ctx: TxCtx, message: { readonly partnerId: string; readonly county: string | null }, row: DispatchRow): Promise<void> {
  await ctx.tx.query(
    `insert into exchange_dispatches (agency_id, message_id, position, partner_id, county, courier, tracking_number, dispatched_on, dispatched_by, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [ctx.actor.agency, row.messageId, row.position, message.partnerId, message.county, row.courier, row.trackingNumber, row.dispatchedOn, row.dispatchedBy, ctx.clock.now()]);
}

export async function setReturned(ctx: TxCtx, row: Pick<DispatchRow, 'messageId' | 'position' | 'returnedOn' | 'returnFileId'>): Promise<void> {
  await ctx.tx.query(
    'update exchange_dispatches set returned_on = $4, return_file_id = $5, returned_by = $6 where agency_id = $1 and message_id = $2 and position = $3',
    [ctx.actor.agency, row.messageId, row.position, row.returnedOn, row.returnFileId, ctx.actor.id]);
}
