import { getCase, protectedParticipants } from '../../cases/index.ts';
import type { ZipEntry } from '../../../platform/asic/zip.ts';
import type { TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { readKeptFile } from '../../../platform/files.ts';
import { officeDay } from '../clocks/office-day.ts';
import { attachmentFindings, packetFileName, packetOrder } from './attachment.rules.ts';
import { listAttachmentRows } from './attachment.store.ts';
import type { AttachmentRow } from './attachment.store.ts';
import { kindOf } from './kinds.ts';
import { judged } from './read-attachments.ts';

/** What papers may weigh that leave in one message: they are sealed, and opened again, in one piece. */
export const SENT_BYTES_MAX = 50 * 1024 * 1024;
export const SENT_COUNT_MAX = 50;

/** Of which referral, and of which case. */
interface Of {
  readonly referralId: string;
  readonly caseId: string;
}

/** An attachment that could be sent by itself, and what stops it; `path` is `/attachments/<id>`. */
export interface PaperToSend extends Pick<AttachmentRow, 'attachmentId' | 'position' | 'kind' | 'title' | 'language'> {
  readonly mediaType: string;
  readonly pages: number;
  readonly byteCount: number;
  /** Its translation, which goes wherever it goes. */
  readonly translatedBy: string | null;
  readonly findings: readonly Finding[];
}

/** For a use case that has authorised: the attachments of a referral as they could be sent today. */
export async function papersToSend(ctx: TxCtx, of: Of): Promise<PaperToSend[]> {
  const { rows, findings } = await looked(ctx, of);
  return packetOrder(rows).map(({ attachmentId, position, kind, title, language, mediaType, pages, copyByteCount, translation }) => ({
    attachmentId, position, kind, title, language, mediaType: mediaType ?? '', pages: pages ?? 0, byteCount: copyByteCount ?? 0, translatedBy: translation && 'by' in translation ? translation.by : null,
    findings: findings.filter(({ path, severity }) => severity === 'block' && path === `/attachments/${attachmentId}`),
  }));
}

async function looked(ctx: TxCtx, { referralId, caseId }: Of): Promise<{ readonly rows: readonly AttachmentRow[]; readonly findings: readonly Finding[] }> {
  const all = await listAttachmentRows(ctx, referralId);
  return { rows: all.filter(({ state }) => state === 'current'), findings: attachmentFindings(judged(all), kindOf, protectedParticipants(await getCase(ctx, caseId), officeDay(ctx))) };
}

/** A paper as a message names it (`enclosure` of the schema). */
export interface EnclosedPaper {
  readonly attachmentId: string;
  readonly kind: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly byteCount: number;
  readonly sha256: string;
  readonly pages?: number;
  readonly language?: string;
}

/**
 * The papers that were chosen, each with its translation, as they leave: the copies, under names that tell of nobody.
 *
 * @throws AppError `attachment.not_chosen`, `attachment.cannot_leave` (with what stops each), `attachment.too_much_at_once`.
 */
export async function enclosePapers(ctx: TxCtx, of: Of, chosen: readonly string[]): Promise<{ readonly papers: readonly EnclosedPaper[]; readonly entries: readonly ZipEntry[] }> {
  const { rows, findings } = await looked(ctx, of);
  const byId = new Map(rows.map((row) => [row.attachmentId, row]));
  if (chosen.length === 0 || chosen.some((id) => !byId.has(id))) throw new AppError('invalid', 'attachment.not_chosen');
  const going = new Set(chosen);
  for (const id of going) {
    const translation = byId.get(id)?.translation;
    if (translation && 'by' in translation) going.add(translation.by);
  }
  const leaving = packetOrder(rows).filter(({ attachmentId }) => going.has(attachmentId));
  const stopped = findings.filter(({ path, severity }) => severity === 'block' && going.has(path?.replace('/attachments/', '') ?? ''));
  if (stopped.length > 0) throw new AppError('conflict', 'attachment.cannot_leave', { findings: stopped });
  const bytesMax = SENT_BYTES_MAX;
  if (leaving.length > SENT_COUNT_MAX || leaving.reduce((sum, { copyByteCount }) => sum + (copyByteCount ?? 0), 0) > bytesMax) throw new AppError('conflict', 'attachment.too_much_at_once', { params: { bytesMax, most: SENT_COUNT_MAX } });
  const entries: ZipEntry[] = [];
  const papers = leaving.map((row, index) => enclosed(row, index + 1));
  for (const [index, { copyFileId }] of leaving.entries()) entries.push({ name: papers[index]?.fileName ?? '', bytes: await readKeptFile(ctx, copyFileId ?? '') });
  return { papers, entries };
}

function enclosed({ kind, mediaType, pages, copyByteCount, copySha256, language }: AttachmentRow, number: number): EnclosedPaper {
  return {
    attachmentId: `D${number}`, kind, fileName: packetFileName(number, kind, mediaType ?? '').replace('attachments/', ''), mediaType: mediaType ?? '', byteCount: copyByteCount ?? 0, sha256: copySha256 ?? '',
    ...(pages === null || pages < 1 ? {} : { pages }), ...(language === null ? {} : { language }),
  };
}

/**
 * What keeps papers that were enclosed once from leaving today, by their digests. `at_all`: they must still be attached and fit, as when they are sent; `protected`: only
 * what would tell of somebody protected counts, as when they are handed out.
 */
export async function findingsOfEnclosed(ctx: TxCtx, { referralId, caseId }: Of, digests: readonly string[], which: 'at_all' | 'protected'): Promise<Finding[]> {
  const all = await listAttachmentRows(ctx, referralId);
  const isProtected = protectedParticipants(await getCase(ctx, caseId), officeDay(ctx));
  const rows = all.filter(({ copySha256, state }) => copySha256 !== null && digests.includes(copySha256) && (which === 'protected' || state === 'current'));
  const missing = which === 'at_all' ? digests.filter((digest) => !rows.some(({ copySha256 }) => copySha256 === digest)) : [];
  // Each is looked at among all that are attached: a translation stands for what it translates.
  const beside = new Map([...all.filter(({ state }) => state === 'current'), ...rows].map((row) => [row.attachmentId, { ...row, state: 'current' as const }]));
  const found = attachmentFindings(judged([...beside.values()]), kindOf, isProtected).filter(({ path, severity }) => severity === 'block' && rows.some(({ attachmentId }) => path === `/attachments/${attachmentId}`));
  const counting = which === 'at_all' ? found : found.filter(({ code }) => /^attachment\.review_/.test(code));
  return [...missing.map((): Finding => ({ code: 'attachment.not_attached_now', severity: 'block' })), ...counting];
}
