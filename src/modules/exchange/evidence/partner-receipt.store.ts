import type { TxCtx } from '../../../platform/context.ts';
import type { Finding } from '../../../platform/errors.ts';

/** A receipt that a partner signed for us, as it came. */
export interface PartnerReceiptRow {
  readonly partnerId: string;
  readonly sha256: string;
  readonly messageId: string | null;
  readonly stage: string | null;
  readonly standing: 'trusted' | 'intact' | 'unverified';
  readonly findings: readonly Finding[];
  readonly receivedAt: Date;
}

const COLUMNS = 'partner_id as "partnerId", sha256, message_id as "messageId", stage, standing, findings, received_at as "receivedAt"';

export async function findPartnerReceipt(ctx: TxCtx, partnerId: string, sha256: string): Promise<PartnerReceiptRow | null> {
  const rows = await ctx.tx.query<PartnerReceiptRow[]>(`select ${COLUMNS} from partner_receipts where agency_id = $1 and partner_id = $2 and sha256 = $3`, [ctx.actor.agency, partnerId, sha256]);
  return rows[0] ?? null;
}

/** The message of ours that a partner's receipt names, by id and content. */
export async function messageOfReceipt(ctx: TxCtx, named: { readonly partnerId: string; readonly messageId: string; readonly contentSha256: string }): Promise<{ readonly messageId: string; readonly county: string | null } | null> {
  const rows = await ctx.tx.query<{ messageId: string; county: string | null }[]>(
    `select message_id as "messageId", county from exchange_messages where agency_id = $1 and partner_id = $2 and direction = 'out' and sender_message_id = $3 and content_sha256 = $4`,
    [ctx.actor.agency, named.partnerId, named.messageId, named.contentSha256]);
  return rows[0] ?? null;
}

export async function insertPartnerReceipt(ctx: TxCtx, row: PartnerReceiptRow & { readonly county: string | null; readonly signed: Buffer }): Promise<boolean> {
  const rows = await ctx.tx.query<unknown[]>(
    `insert into partner_receipts (agency_id, partner_id, sha256, county, message_id, stage, standing, findings, signed, received_at, received_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing returning sha256`,
    [ctx.actor.agency, row.partnerId, row.sha256, row.county, row.messageId, row.stage, row.standing, JSON.stringify(row.findings), row.signed, row.receivedAt, ctx.actor.id]);
  return rows.length > 0;
}
