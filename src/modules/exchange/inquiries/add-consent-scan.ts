import type { Readable } from 'node:stream';
import { recordAudit } from '../../audit/index.ts';
import { ATTACHMENT_BYTES_MAX, inspectFile } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { getKeptFile, keepFile } from '../../../platform/files.ts';
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

/** The signed consent as a picture or PDF, looked at; nothing is kept yet. @throws AppError `inquiry.scan_needed`, `inquiry.scan_refused` (with findings), `file.too_large`. */
async function lookedAt({ fileName, source }: ConsentScan): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let byteCount = 0;
  for await (const chunk of source instanceof Uint8Array ? [source] : source) {
    const bytes = Buffer.from(chunk as Uint8Array);
    byteCount += bytes.length;
    if (byteCount > ATTACHMENT_BYTES_MAX) throw new AppError('invalid', 'file.too_large', { params: { bytesMax: ATTACHMENT_BYTES_MAX } });
    chunks.push(bytes);
  }
  if (byteCount === 0) throw new AppError('invalid', 'inquiry.scan_needed');
  const inspected = await inspectFile(Buffer.concat(chunks), fileName);
  if (!inspected.isTaken) throw new AppError('invalid', 'inquiry.scan_refused', { findings: inspected.findings.map((finding) => ({ ...finding, path: '/scan' })) });
  return Buffer.concat(chunks);
}

const keepScan = (writer: Ctx, partnerId: string, scan: Uint8Array): Promise<KeptFile> => keepFile(writer, { fileName: 'consent', source: scan, bytesMax: ATTACHMENT_BYTES_MAX, partner: partnerId });

/**
 * Asks with the signed consent beside it: nothing is asked where the scan cannot be taken, and no scan is kept where nothing is asked.
 *
 * @throws those of `askAboutCase`, and `inquiry.scan_needed`, `inquiry.scan_refused` (with findings), `file.too_large`.
 */
export async function askWithScan(ctx: Ctx, request: InquiryRequest, scan: ConsentScan): Promise<AskedInquiry> {
  authorise(ctx, 'inquiries.ask');
  if (!request.consent) return askAboutCase(ctx, request);
  const bytes = await lookedAt(scan);
  const asked = await askAboutCase(ctx, request);
  const { fileId } = await keepScan(asWriter(ctx), partnerOf(ctx, request.partnerId), bytes);
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
  return writeScan(ctx, inquiryId, (await keepScan(asWriter(ctx), inquiry.partnerId, await lookedAt(scan))).fileId);
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
