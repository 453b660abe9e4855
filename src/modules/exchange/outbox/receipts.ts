import { recordAudit } from '../../audit/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import { findMessage } from '../conversations/message.store.ts';
import { findReceipt } from '../evidence/receipt.store.ts';
import type { ReceiptRow } from '../evidence/receipt.store.ts';
import { selectReceiptsAfter } from './outbox.store.ts';

const LIMIT_MAX = 200;

export interface ReceiptsPage {
  readonly items: readonly ReceiptRow[];
  /** To be given as `after` for what follows; null where there is no more now. */
  readonly next: string | null;
}

/** The receipts of a partner's messages and of ours to it, in the order in which they were made. @throws AppError `exchange.not_your_partner`, `access.forbidden`. */
export async function listReceipts(ctx: Ctx, query: { readonly partnerId: string; readonly after?: string | null | undefined; readonly limit?: number | undefined }): Promise<ReceiptsPage> {
  authorise(ctx, 'receipts.read');
  if (ctx.actor.partner !== null && ctx.actor.partner !== query.partnerId) throw new AppError('forbidden', 'exchange.not_your_partner');
  const limit = Math.min(Math.max(Math.trunc(query.limit ?? 50), 1), LIMIT_MAX);
  const rows = await inTransaction(ctx, (tx) => selectReceiptsAfter(tx, query.partnerId, query.after ?? null, limit + 1));
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? items.at(-1)?.receiptId ?? null : null };
}

/** A receipt as it was signed; it is written down who took it. @throws AppError `receipt.not_found`, `access.forbidden`. */
export async function readReceipt(ctx: Ctx, receiptId: string): Promise<ReceiptRow & { readonly signed: Uint8Array; readonly fileName: string; readonly mediaType: string }> {
  authorise(ctx, 'receipts.read');
  const receipt = isId('rct', receiptId) ? await inTransaction(ctx, async (tx) => {
    const found = await findReceipt(tx, receiptId);
    const message = found && await findMessage(tx, found.messageId);
    if (message) await recordAudit(tx, { action: 'message.read', subject: { type: 'message', id: message.messageId }, partner: message.partnerId, county: message.county, details: { kind: message.kind, form: 'receipt' } }, { isOncePerHour: true });
    return found;
  }) : null;
  if (!receipt) throw new AppError('not_found', 'receipt.not_found');
  return { ...receipt, fileName: `${receiptId}.p7s`, mediaType: 'application/pkcs7-mime' };
}
