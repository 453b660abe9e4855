import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordAudit } from '../../audit/index.ts';
import { getPartner } from '../../partners/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction, writingFor } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { findPartnerReceipt, insertPartnerReceipt, messageOfReceipt } from './partner-receipt.store.ts';
import type { PartnerReceiptRow } from './partner-receipt.store.ts';
import { derOf, RECEIPT_BYTES_MAX, verifyReceipt } from './verify-receipt.ts';
import type { ReceiptReport } from './verify-receipt.ts';


export type KeptPartnerReceipt = PartnerReceiptRow & { readonly alreadyKept: boolean };

/**
 * Keeps what a partner signed for us, whatever it is worth, and says what that is: `trusted` where its certificate is among those that we have of
 * the partner (`partner-certificates/<partner>.pem`), `intact` where nobody vouches for the signer, `unverified` for everything else.
 *
 * @throws AppError `receipt.not_your_partner`, `receipt.too_large`, `receipt.empty`, `partner.unknown`, `access.forbidden`.
 */
export async function keepPartnerReceipt(ctx: Ctx, given: { readonly partnerId: string; readonly bytes: Uint8Array }): Promise<KeptPartnerReceipt> {
  authorise(ctx, 'incoming.send');
  const { actor } = ctx;
  if (actor.partner !== null && actor.partner !== given.partnerId) throw new AppError('forbidden', 'receipt.not_your_partner');
  const { partnerId } = getPartner(given.partnerId);
  if (given.bytes.length === 0) throw new AppError('invalid', 'receipt.empty');
  if (given.bytes.length > RECEIPT_BYTES_MAX) throw new AppError('invalid', 'receipt.too_large', { params: { bytesMax: RECEIPT_BYTES_MAX } });
  const gateway: Ctx = { ...ctx, actor: writingFor(actor) };
  const sha256 = createHash('sha256').update(given.bytes).digest('hex');
  const { report, standing } = judge(ctx, partnerId, given.bytes);
  return inTransaction(gateway, async (tx) => {
    const before = await findPartnerReceipt(tx, partnerId, sha256);
    if (before) return { ...before, alreadyKept: true };
    const { statement } = report;
    const message = statement === null ? null : await messageOfReceipt(tx, { partnerId, messageId: statement.messageId, contentSha256: statement.contentSha256 });
    const findings: Finding[] = [...report.findings, ...(statement !== null && message === null ? [{ code: 'receipt.message_unknown', severity: 'warn' as const, path: '/messageId' }] : [])];
    const row: PartnerReceiptRow = { partnerId, sha256, messageId: message?.messageId ?? null, stage: statement?.stage ?? null, standing, findings, receivedAt: ctx.clock.now() };
    const isNew = await insertPartnerReceipt(tx, { ...row, county: message?.county ?? null, signed: Buffer.from(given.bytes) });
    if (isNew) await recordAudit(tx, { action: 'receipt.kept', subject: { type: 'message', id: message?.messageId ?? sha256 }, partner: partnerId, county: message?.county ?? null, details: { standing, sha256 } });
    return { ...row, alreadyKept: !isNew };
  }, { retries: 2 });
}

function judge(ctx: Ctx, partnerId: string, bytes: Uint8Array): { readonly report: ReceiptReport; readonly standing: PartnerReceiptRow['standing'] } {
  const path = join(ctx.config.dataDir, 'partner-certificates', `${partnerId}.pem`);
  const trust = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  const report = verifyReceipt(derOf(bytes), { trust, now: ctx.clock.now() });
  return { report, standing: !report.isIntact ? 'unverified' : report.signer?.trust === 'trusted' ? 'trusted' : 'intact' };
}
