import type { TxCtx } from '../../../platform/context.ts';
import type { Stage } from './receipt.rules.ts';

/** What a receipt tells of a message, and how far the message's own chain of receipts has come. */
export interface MessageToProve {
  readonly messageId: string;
  readonly partnerId: string;
  readonly county: string | null;
  readonly direction: 'in' | 'out';
  readonly senderMessageId: string;
  readonly serial: string | null;
  readonly kind: string;
  readonly channel: string;
  readonly contentSha256: string;
  readonly byteCount: number;
  readonly bytesSha256: string | null;
  readonly wireId: string | null;
  readonly ourFileNumber: string | null;
  readonly partnerFileNumber: string | null;
}

export interface ReceiptRow {
  readonly receiptId: string;
  readonly messageId: string;
  readonly partnerId: string;
  readonly position: number;
  readonly stage: Stage;
  readonly hop: string;
  readonly happenedAt: Date;
  readonly sha256: string;
}

const COLUMNS = 'receipt_id as "receiptId", message_id as "messageId", partner_id as "partnerId", position, stage, hop, happened_at as "happenedAt", sha256';

/** The message, which nobody else writes a receipt of until the transaction ends. */
export async function lockMessage(ctx: TxCtx, messageId: string): Promise<MessageToProve | null> {
  const rows = await ctx.tx.query<(Omit<MessageToProve, 'byteCount'> & { byteCount: string })[]>(
    `select m.message_id as "messageId", m.partner_id as "partnerId", m.county, m.direction, m.sender_message_id as "senderMessageId", m.serial, m.kind, m.channel,
            m.content_sha256 as "contentSha256", m.byte_count as "byteCount", f.sha256 as "bytesSha256",
            c.wire_id as "wireId", c.our_file_number as "ourFileNumber", c.partner_file_number as "partnerFileNumber"
       from exchange_messages m
       left join exchange_conversations c on c.agency_id = m.agency_id and c.conversation_id = m.conversation_id
       left join kept_files f on f.agency_id = m.agency_id and f.file_id = m.file_id
      where m.agency_id = $1 and m.message_id = $2 for update of m`, [ctx.actor.agency, messageId]);
  return rows[0] ? { ...rows[0], byteCount: Number(rows[0].byteCount) } : null;
}

/** The receipts of a message in their order, without their bytes. */
export async function receiptsOfMessage(ctx: TxCtx, messageId: string): Promise<ReceiptRow[]> {
  return ctx.tx.query<ReceiptRow[]>(`select ${COLUMNS} from exchange_receipts where agency_id = $1 and message_id = $2 order by position`, [ctx.actor.agency, messageId]);
}

export async function findReceipt(ctx: TxCtx, receiptId: string): Promise<(ReceiptRow & { readonly signed: Buffer }) | null> {
  const rows = await ctx.tx.query<(ReceiptRow & { signed: Buffer })[]>(
    `select ${COLUMNS}, signed from exchange_receipts where agency_id = $1 and receipt_id = $2`, [ctx.actor.agency, receiptId]);
  return rows[0] ?? null;
}

/** The newest receipts first; `before` is the id of the last one of the page before. */
export async function listReceiptRows(ctx: TxCtx, query: { readonly partnerId: string | null; readonly before: string | null; readonly limit: number }): Promise<ReceiptRow[]> {
  return ctx.tx.query<ReceiptRow[]>(
    `select ${COLUMNS} from exchange_receipts
      where agency_id = $1 and ($2::text is null or partner_id = $2) and ($3::text is null or receipt_id < $3) order by receipt_id desc limit $4`,
    [ctx.actor.agency, query.partnerId, query.before, query.limit]);
}

export interface NewReceipt extends ReceiptRow {
  readonly county: string | null;
  readonly signed: Buffer;
}

export async function insertReceipt(ctx: TxCtx, row: NewReceipt): Promise<void> {
  await ctx.tx.query(
    `insert into exchange_receipts (agency_id, receipt_id, message_id, partner_id, county, position, stage, hop, happened_at, signed, sha256)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [ctx.actor.agency, row.receiptId, row.messageId, row.partnerId, row.county, row.position, row.stage, row.hop, row.happenedAt, row.signed, row.sha256]);
}
