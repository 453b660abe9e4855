import type { Readable } from 'node:stream';
import { recordAudit } from '../../audit/index.ts';
import { getCase, protectedParticipants } from '../../cases/index.ts';
import type { TextGate } from '../../cases/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { officeDay } from '../clocks/office-day.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { openKeptFile, readKeptFile } from '../../../platform/files.ts';
import { titleFaults } from '../disclosures/written-texts.rules.ts';
import type { PacketAttachment } from '../packets/packet-model.rules.ts';
import { getReferralRow } from '../lifecycle/get-referral-row.ts';
import { attachmentFindings, packetFileName, packetOrder } from './attachment.rules.ts';
import type { JudgedAttachment } from './attachment.rules.ts';
import { listAttachmentRows } from './attachment.store.ts';
import type { AttachmentRow } from './attachment.store.ts';
import { getAttachmentRow } from './find-current.ts';
import { kindOf } from './kinds.ts';

const EXTENSIONS: Readonly<Record<string, string>> = { 'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png' };

export interface AttachmentList {
  readonly attachments: readonly AttachmentRow[];
  /** What stops sealing, or is worth a look; `path` is `/attachments/<id>`. */
  readonly findings: readonly Finding[];
}

/** The attachments of a referral with their history and what they lack. @throws AppError `referral.not_found`, `access.forbidden`. */
export async function listAttachments(ctx: Ctx, referralId: string): Promise<AttachmentList> {
  authorise(ctx, 'attachments.view');
  return inTransaction(ctx, async (tx) => {
    const referral = await getReferralRow(tx, referralId);
    const rows = await listAttachmentRows(tx, referralId);
    const supportCase = await getCase(tx, referral.caseId);
    const isProtected = protectedParticipants(supportCase, officeDay(tx));
    return { attachments: rows, findings: attachmentFindings(judged(rows), kindOf, isProtected) };
  });
}

export interface AttachmentView {
  readonly attachment: AttachmentRow;
  /** What it lacks. */
  readonly findings: readonly Finding[];
}

/** One attachment with what it lacks, without its bytes. @throws AppError `attachment.not_found`, `access.forbidden`. */
export async function getAttachment(ctx: Ctx, attachmentId: string): Promise<AttachmentView> {
  authorise(ctx, 'attachments.view');
  const { referralId } = await inTransaction(ctx, (tx) => getAttachmentRow(tx, attachmentId));
  const { attachments, findings } = await listAttachments(ctx, referralId);
  const attachment = attachments.find((row) => row.attachmentId === attachmentId);
  if (!attachment) throw new AppError('not_found', 'attachment.not_found');
  return { attachment, findings: findings.filter(({ path }) => path === `/attachments/${attachmentId}`) };
}

export interface AttachmentFile {
  readonly attachmentId: string;
  readonly referralId: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly byteCount: number;
  readonly bytes: Readable;
}

/**
 * The copy that leaves, or the file as it was uploaded; written down with who took it. What was refused is handed out as bytes
 * without a type. @throws AppError `attachment.not_found`, `attachment.no_copy`, `access.forbidden`.
 */
export async function readAttachment(ctx: Ctx, attachmentId: string, which: 'copy' | 'original' = 'copy'): Promise<AttachmentFile> {
  authorise(ctx, 'attachments.view');
  const row = await inTransaction(ctx, async (tx) => {
    const found = await getAttachmentRow(tx, attachmentId);
    if (which === 'copy' && found.copyFileId === null) throw new AppError('not_found', 'attachment.no_copy');
    const referral = await getReferralRow(tx, found.referralId);
    await recordAudit(tx, {
      action: 'attachment.read', subject: { type: 'attachment', id: attachmentId }, partner: referral.partnerId, county: found.county,
      details: { referralId: found.referralId, which },
    });
    return found;
  });
  const isCopy = which === 'copy' && row.copyFileId !== null;
  const extension = EXTENSIONS[row.mediaType ?? ''] ?? 'bin';
  return {
    attachmentId, referralId: row.referralId, fileName: `${row.kind.replaceAll('_', '-')}-${row.position}${isCopy ? '' : '-original'}.${extension}`,
    mediaType: row.mediaType ?? 'application/octet-stream', byteCount: isCopy ? row.copyByteCount ?? 0 : row.byteCount,
    bytes: openKeptFile(ctx, isCopy ? row.copyFileId as string : row.fileId),
  };
}

/** An attachment of a packet with what brings its bytes. The loader is no part of the content: `JSON.stringify` leaves it out. */
export interface LoadedAttachment extends PacketAttachment {
  readonly load: () => Promise<Buffer>;
}

/**
 * What travels with a packet, numbered `A1`, `A2` … in the order of the packet, and what keeps it from travelling. Bytes, digests and
 * names are those of the copies that leave. `numbers` has the packet's number (`P2`) for each participant of the case;
 * `leftOut` names attachments that are looked at as if they were not there.
 */
export async function attachmentsForPacket(
  ctx: TxCtx, referral: { readonly referralId: string; readonly leftOut?: ReadonlySet<string> }, about: { readonly isProtected: ReadonlySet<string>; readonly numbers: ReadonlyMap<string, string>; readonly gate: Pick<TextGate, 'tells'> },
): Promise<{ readonly attachments: readonly LoadedAttachment[]; readonly findings: readonly Finding[] }> {
  const rows = (await listAttachmentRows(ctx, referral.referralId)).filter(({ state, attachmentId }) => state === 'current' && !referral.leftOut?.has(attachmentId));
  const ordered = packetOrder(rows);
  const ids = new Map(ordered.map((row, index) => [row.attachmentId, `A${index + 1}`]));
  const sources = new Map(ordered.flatMap((row) => (row.translation && 'by' in row.translation ? [[row.translation.by, row] as const] : [])));
  return {
    attachments: ordered.map((row, index) => {
      const { kind, title, language, officialForm, translation } = row;
      return {
        attachmentId: `A${index + 1}`, kind, participantId: about.numbers.get(row.participantId ?? '') ?? null, title,
        fileName: packetFileName(index + 1, kind, row.mediaType ?? ''), mediaType: row.mediaType ?? '', pages: row.pages ?? 0, byteCount: row.copyByteCount ?? 0,
        sha256: row.copySha256 ?? '', language,
        translation: translation === null ? (sources.has(row.attachmentId) ? { notNeeded: 'is_translation' } : null)
          : 'by' in translation ? { by: ids.get(translation.by) ?? '' } : { notNeeded: translation.notNeeded },
        officialForm, load: () => readKeptFile(ctx, row.copyFileId ?? ''),
      };
    }),
    findings: [...attachmentFindings(judged(rows), kindOf, about.isProtected), ...ordered.flatMap((row) => titleFindings(row, about.gate))],
  };
}

/** A title is typed by hand and printed as it is: it passes the same gate as every other text. */
function titleFindings({ attachmentId, position, kind, title }: AttachmentRow, gate: Pick<TextGate, 'tells'>): Finding[] {
  return titleFaults(title, gate).map((fault) => ({ code: `attachment.${fault}`, severity: 'block', path: `/attachments/${attachmentId}`, params: { number: position, kind } }));
}

/** Those that are attached now, as the rules see them. */
export function judged(rows: readonly AttachmentRow[]): JudgedAttachment[] {
  return rows.filter(({ state }) => state === 'current').map(({ attachmentId, position, kind, participantId, title, officialForm, mediaType, findings, translation, review }) => ({
    attachmentId, position, kind, participantId, title, officialForm, mediaType: mediaType ?? '', findings, translation, reviewedFor: review?.reviewedFor ?? null,
  }));
}
