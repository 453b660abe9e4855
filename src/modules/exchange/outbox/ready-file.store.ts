import type { TxCtx } from '../../../platform/context.ts';
import type { ReadyRow } from './ready-file.rules.ts';

export interface ReadyMessage extends ReadyRow {
  readonly partnerId: string;
  readonly county: string | null;
  readonly state: 'delivered' | 'retrieved';
  readonly readyAt: Date;
  readonly isPickedUp: boolean;
}

const SELECT = `
select m.message_id as "messageId", m.partner_id as "partnerId", m.county, m.serial, m.kind, m.cause, m.state, m.file_id as "fileId", m.stored_at as "readyAt",
       m.content_encrypted is not null as "hasContent", d.encrypted_file_id as "encryptedFileId", p.message_id is not null as "isPickedUp"
  from exchange_messages m
  left join exchange_deliveries d on d.agency_id = m.agency_id and d.message_id = m.message_id
  left join exchange_pickups p on p.agency_id = m.agency_id and p.message_id = m.message_id
 where m.agency_id = $1 and m.partner_id = $2 and m.direction = 'out' and m.state in ('delivered', 'retrieved')`;

/** In the order in which they were offered. */
export async function selectReady(ctx: TxCtx, query: { readonly partnerId: string; readonly isPickedUp: boolean; readonly after: string | null; readonly limit: number }): Promise<ReadyMessage[]> {
  return ctx.tx.query<ReadyMessage[]>(
    `${SELECT} and (p.message_id is not null) = $3
        and m.offered_as > coalesce((select a.offered_as from exchange_messages a where a.agency_id = $1 and a.partner_id = $2 and a.message_id = $4), 0)
      order by m.offered_as limit $5`, [ctx.actor.agency, query.partnerId, query.isPickedUp, query.after, query.limit]);
}

/** By its serial or its id. */
export async function findReady(ctx: TxCtx, partnerId: string, key: string): Promise<ReadyMessage | null> {
  const rows = await ctx.tx.query<ReadyMessage[]>(`${SELECT} and ${key.startsWith('msg_') ? 'm.message_id' : 'm.serial'} = $3 limit 1`, [ctx.actor.agency, partnerId, key]);
  return rows[0] ?? null;
}

/** False where it was picked up before. */
export async function insertPickup(ctx: TxCtx, message: Pick<ReadyMessage, 'messageId' | 'partnerId' | 'county'>): Promise<boolean> {
  const rows = await ctx.tx.query<unknown[]>(
    `insert into exchange_pickups (agency_id, message_id, partner_id, county, picked_up_at, picked_up_by) values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning message_id`,
    [ctx.actor.agency, message.messageId, message.partnerId, message.county, ctx.clock.now(), ctx.actor.id]);
  return rows.length > 0;
}

export interface ReceiptFileRow {
  readonly receiptId: string;
  readonly messageId: string;
  readonly position: number;
  readonly stage: string;
  readonly happenedAt: Date;
  readonly size: number;
}

const RECEIPT = `receipt_id as "receiptId", message_id as "messageId", position, stage, happened_at as "happenedAt", octet_length(signed) as size`;

/** The newest first. */
export async function selectReceiptFiles(ctx: TxCtx, query: { readonly partnerId: string; readonly before: string | null; readonly limit: number }): Promise<ReceiptFileRow[]> {
  return ctx.tx.query<ReceiptFileRow[]>(
    `select ${RECEIPT} from exchange_receipts where agency_id = $1 and partner_id = $2
        and ($3::text is null or offered_as < (select b.offered_as from exchange_receipts b where b.agency_id = $1 and b.partner_id = $2 and b.receipt_id = $3))
      order by exchange_receipts.offered_as desc limit $4`,
    [ctx.actor.agency, query.partnerId, query.before, query.limit]);
}

export async function findReceiptFile(ctx: TxCtx, partnerId: string, messageId: string, position: number): Promise<ReceiptFileRow | null> {
  const rows = await ctx.tx.query<ReceiptFileRow[]>(
    `select ${RECEIPT} from exchange_receipts where agency_id = $1 and partner_id = $2 and message_id = $3 and position = $4`, [ctx.actor.agency, partnerId, messageId, position]);
  return rows[0] ?? null;
}
