import { recordAudit } from '../../audit/index.ts';
import { signAttached } from '../../../platform/asic/cms.ts';
import { signerOf } from '../../../platform/asic/signer.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { archiveText } from './archive.rules.ts';
import { findReceipt, listReceiptRows, receiptsOfMessage } from './receipt.store.ts';
import type { ReceiptRow } from './receipt.store.ts';

const PAGE_MAX = 200;
const ARCHIVE_PAGE = 5_000;
const ARCHIVED_MAX = 1_000_000;

/** Receipts, the newest first; `before` is the last of the page before. Officers see those of their partner. */
export async function listSignedReceipts(ctx: Ctx, query: { readonly partnerId?: string; readonly messageId?: string; readonly before?: string; readonly limit?: number } = {}): Promise<ReceiptRow[]> {
  authorise(ctx, 'receipts.read');
  const { messageId } = query;
  if (messageId !== undefined) return inTransaction(ctx, (tx) => receiptsOfMessage(tx, messageId));
  const limit = Math.min(Math.max(query.limit ?? PAGE_MAX, 1), PAGE_MAX);
  return inTransaction(ctx, (tx) => listReceiptRows(tx, { partnerId: query.partnerId ?? null, before: query.before ?? null, limit }));
}

/** One receipt with its bytes, the very same each time. @throws AppError `receipt.not_found`, `access.forbidden`. */
export async function getSignedReceipt(ctx: Ctx, receiptId: string): Promise<ReceiptRow & { readonly signed: Buffer }> {
  authorise(ctx, 'receipts.read');
  const row = await inTransaction(ctx, (tx) => findReceipt(tx, receiptId));
  if (!row) throw new AppError('not_found', 'receipt.not_found');
  return row;
}

/** A signed list of all receipts, to be kept elsewhere: it vouches for them when the certificate that signed them has run out. */
export async function archiveReceipts(ctx: Ctx): Promise<{ readonly signed: Buffer; readonly count: number }> {
  authorise(ctx, 'exchange.manage');
  const now = ctx.clock.now();
  const signer = signerOf(ctx.keys, now);
  return inTransaction(ctx, async (tx) => {
    const receipts: ReceiptRow[] = [];
    for (let before: string | null = null; receipts.length < ARCHIVED_MAX;) {
      const page: ReceiptRow[] = await listReceiptRows(tx, { partnerId: null, before, limit: ARCHIVE_PAGE });
      receipts.push(...page);
      if (page.length < ARCHIVE_PAGE) break;
      before = page.at(-1)?.receiptId ?? null;
    }
    const signed = signAttached(Buffer.from(archiveText(ctx.actor.agency, receipts), 'utf8'), signer, now);
    await recordAudit(tx, { action: 'receipts.archived', subject: { type: 'receipts', id: ctx.actor.agency }, details: { count: receipts.length } });
    return { signed, count: receipts.length };
  });
}
