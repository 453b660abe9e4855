import { Readable } from 'node:stream';
import { recordAudit } from '../../audit/index.ts';
import { ATTACHMENT_BYTES_MAX, inspectFile } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { getKeptFile, keepFile, readKeptFile } from '../../../platform/files.ts';
import type { KeptFile } from '../../../platform/files.ts';
import { getInquiryRow } from './answer-inquiry.ts';
import { askAboutCase } from './ask-about-case.ts';
import type { AskedInquiry } from './ask-about-case.ts';
import type { InquiryRequest } from './inquiry.rules.ts';
import { addConsentFile, findConsent } from './inquiry.store.ts';
import { asWriter, partnerOf } from './scope-of-partner.ts';

export interface ConsentScan {
  readonly fileName: string;
  readonly source: Readable | Uint8Array;
}

/** The signed consent as a picture or PDF, kept for the office and looked at. @throws AppError `inquiry.scan_needed`, `inquiry.scan_refused` (with findings), `file.too_large`. */
async function keepScan(writer: Ctx, partnerId: string, { fileName, source }: ConsentScan): Promise<KeptFile> {
  const kept = await keepFile(writer, { fileName: 'consent', source: Readable.from(source instanceof Uint8Array ? [source] : source, { objectMode: false }), bytesMax: ATTACHMENT_BYTES_MAX, partner: partnerId });
  if (kept.byteCount === 0) throw new AppError('invalid', 'inquiry.scan_needed');
  const inspected = await inspectFile(await inTransaction(writer, (tx) => readKeptFile(tx, kept.fileId)), fileName);
  if (!inspected.isTaken) throw new AppError('invalid', 'inquiry.scan_refused', { findings: inspected.findings.map((finding) => ({ ...finding, path: '/scan' })) });
  return kept;
}

/**
 * Asks with the signed consent beside it: nothing is asked where the scan cannot be taken.
 *
 * @throws those of `askAboutCase`, and `inquiry.scan_needed`, `inquiry.scan_refused` (with findings), `file.too_large`.
 */
export async function askWithScan(ctx: Ctx, request: InquiryRequest, scan: ConsentScan): Promise<AskedInquiry> {
  authorise(ctx, 'inquiries.ask');
  if (!request.consent) return askAboutCase(ctx, request);
  const { fileId } = await keepScan(asWriter(ctx), partnerOf(ctx, request.partnerId), scan);
  const asked = await askAboutCase(ctx, request);
  await writeScan(ctx, asked.inquiryId, fileId);
  return asked;
}

/**
 * The signed consent as a picture or PDF, added by the office that took it. One for each consent: the same again changes nothing, another one is refused.
 *
 * @throws AppError `inquiry.not_found`, `inquiry.scan_needed`, `inquiry.scan_refused` (with findings), `inquiry.scan_there`, `file.too_large`, `access.forbidden`.
 */
export async function addConsentScan(ctx: Ctx, inquiryId: string, scan: ConsentScan): Promise<{ readonly added: boolean }> {
  authorise(ctx, 'inquiries.ask');
  // Read as whoever asks, whose row scope says whether it is the own office's.
  const inquiry = await inTransaction(ctx, (tx) => getInquiryRow(tx, inquiryId));
  return writeScan(ctx, inquiryId, (await keepScan(asWriter(ctx), inquiry.partnerId, scan)).fileId);
}

/** With the question it came, or afterwards: either way it is written down once. */
async function writeScan(ctx: Ctx, inquiryId: string, fileId: string): Promise<{ readonly added: boolean }> {
  const inquiry = await inTransaction(ctx, (tx) => getInquiryRow(tx, inquiryId));
  return inTransaction(asWriter(ctx), async (tx) => {
    const added = await addConsentFile(tx, inquiry.consentId, fileId);
    if (!added && (await findConsent(tx, inquiry.consentId))?.fileId !== fileId) throw new AppError('conflict', 'inquiry.scan_there');
    const { sha256 } = await getKeptFile(tx, fileId);
    if (added) await recordAudit(tx, { action: 'inquiry.consent_scanned', subject: { type: 'inquiry', id: inquiryId }, partner: inquiry.partnerId, county: inquiry.county, details: { consentId: inquiry.consentId, sha256 } });
    return { added };
  });
}
