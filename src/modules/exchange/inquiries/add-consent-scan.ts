import { Readable } from 'node:stream';
import { recordAudit } from '../../audit/index.ts';
import { ATTACHMENT_BYTES_MAX, inspectFile } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { keepFile, readKeptFile } from '../../../platform/files.ts';
import { getInquiryRow } from './answer-inquiry.ts';
import { addConsentFile, findConsent } from './inquiry.store.ts';
import { asWriter } from './scope-of-partner.ts';

/**
 * The signed consent as a picture or PDF, added by the office that took it. One for each consent: the same again changes nothing, another one is refused.
 *
 * @throws AppError `inquiry.not_found`, `inquiry.scan_needed`, `inquiry.scan_refused` (with findings), `inquiry.scan_there`, `file.too_large`, `access.forbidden`.
 */
export async function addConsentScan(ctx: Ctx, inquiryId: string, { fileName, source }: { readonly fileName: string; readonly source: Readable | Uint8Array }): Promise<{ readonly added: boolean }> {
  authorise(ctx, 'inquiries.ask');
  // Read as whoever asks, whose row scope says whether it is the own office's.
  const inquiry = await inTransaction(ctx, (tx) => getInquiryRow(tx, inquiryId));
  const writer = asWriter(ctx);
  const kept = await keepFile(writer, { fileName: 'consent', source: Readable.from(source instanceof Uint8Array ? [source] : source, { objectMode: false }), bytesMax: ATTACHMENT_BYTES_MAX, partner: inquiry.partnerId });
  if (kept.byteCount === 0) throw new AppError('invalid', 'inquiry.scan_needed');
  const inspected = await inspectFile(await inTransaction(writer, (tx) => readKeptFile(tx, kept.fileId)), fileName);
  if (!inspected.isTaken) throw new AppError('invalid', 'inquiry.scan_refused', { findings: inspected.findings.map((finding) => ({ ...finding, path: '/scan' })) });
  return inTransaction(writer, async (tx) => {
    const added = await addConsentFile(tx, inquiry.consentId, kept.fileId);
    if (!added && (await findConsent(tx, inquiry.consentId))?.fileId !== kept.fileId) throw new AppError('conflict', 'inquiry.scan_there');
    if (added) await recordAudit(tx, { action: 'inquiry.consent_scanned', subject: { type: 'inquiry', id: inquiryId }, partner: inquiry.partnerId, county: inquiry.county, details: { consentId: inquiry.consentId, sha256: kept.sha256 } });
    return { added };
  });
}
