import { Readable } from 'node:stream';
import { recordAudit } from '../../audit/index.ts';
import { getCase } from '../../cases/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { keepFile, openKeptFile } from '../../../platform/files.ts';
import type { KeptFile } from '../../../platform/files.ts';
import { newId } from '../../../platform/ids.ts';
import { emit } from '../../../platform/outbox.ts';
import { getReferralRow } from '../lifecycle/get-referral-row.ts';
import type { ReferralRow } from '../lifecycle/referral.store.ts';
import { refreshFindings } from '../packets/refresh-referral.ts';
import { FILE_BYTES_MAX, languageOf, officialFormOf, REFERRAL_BYTES_MAX, REFERRAL_COUNT_MAX, titleOf } from './attachment.rules.ts';
import type { AttachmentKind } from './attachment.rules.ts';
import { insertAttachment, insertTranslation, listAttachmentRows, updateState } from './attachment.store.ts';
import type { AttachmentRow, NewAttachment } from './attachment.store.ts';
import { setTranslation } from './decide-attachment.ts';
import { findCurrent } from './find-current.ts';
import { inspectFile } from './inspect-file.ts';
import type { Inspected } from './inspect-file.ts';
import { defaultNotNeeded, kindOf } from './kinds.ts';

export interface AttachmentRequest {
  readonly kind: string;
  /** Whom it is about: a participant of the case. */
  readonly participantId?: string | null;
  readonly title?: string | null;
  readonly language?: string | null;
  /** The official form that it fills, where the county filled it by hand. */
  readonly officialForm?: string | null;
  /** Why it needs no translation, said with it: refused, nothing is attached. */
  readonly notNeeded?: string | null;
  readonly fileName: string;
  readonly source: Readable | Uint8Array;
}

export interface AddedAttachment {
  readonly attachmentId: string;
  readonly mediaType: string;
  readonly pages: number;
  readonly byteCount: number;
  readonly sha256: string;
  readonly findings: readonly Finding[];
  /** The very same file of the same kind about the same person is there already: this is it. */
  readonly alreadyAttached: boolean;
}

type Described = Pick<NewAttachment, 'kind' | 'participantId' | 'title' | 'language' | 'officialForm'>;

/**
 * Takes a paper that is to travel with a referral. The bytes are kept as they arrived before anybody looks at them; what cannot be
 * taken stays on record with the reasons, and is refused.
 *
 * @throws AppError `attachment.refused` with a finding for each reason; `file.too_large`, `attachment.too_many`, `attachment.kind_unknown`,
 *   `attachment.participant_unknown`, `attachment.reason_unknown`, `attachment.not_without_words`, `referral.not_found`, `access.forbidden`.
 */
export async function addAttachment(ctx: Ctx, referralId: string, request: AttachmentRequest): Promise<AddedAttachment> {
  authorise(ctx, 'attachments.manage');
  const described = await inTransaction(ctx, async (tx) => checked(tx, await getReferralRow(tx, referralId), request));
  return take(ctx, referralId, described, request, null);
}

/** Puts another file in the place of one that is attached; the one before is kept. Decisions about it are not carried over. */
export async function replaceAttachment(ctx: Ctx, attachmentId: string, request: Pick<AttachmentRequest, 'fileName' | 'source'>): Promise<AddedAttachment> {
  authorise(ctx, 'attachments.manage');
  const before = await inTransaction(ctx, (tx) => findCurrent(tx, attachmentId));
  return take(ctx, before.referralId, before, request, before.attachmentId);
}

async function checked(ctx: TxCtx, referral: ReferralRow, request: AttachmentRequest): Promise<Described> {
  const { code, about } = kindOf(request.kind);
  const participantId = (request.participantId ?? '').trim() || null;
  if (participantId !== null) {
    if (!about) throw new AppError('invalid', 'attachment.about_nobody', { params: { kind: code } });
    const { participants } = await getCase(ctx, referral.caseId);
    if (!participants.some((person) => person.participantId === participantId)) throw new AppError('invalid', 'attachment.participant_unknown');
  }
  const officialForm = officialFormOf(request.officialForm);
  if (code === 'official_form' && officialForm === null) throw new AppError('invalid', 'attachment.form_invalid');
  return { kind: code, participantId, title: titleOf(request.title), language: languageOf(request.language), officialForm };
}

async function take(ctx: Ctx, referralId: string, described: Described, request: Pick<AttachmentRequest, 'fileName' | 'source' | 'notNeeded'>, replaces: string | null): Promise<AddedAttachment> {
  const kept = await keepFile(ctx, { fileName: 'attachment', source: Readable.from(notEmpty(request.source), { objectMode: false }), bytesMax: FILE_BYTES_MAX });
  const chunks: Buffer[] = [];
  for await (const chunk of openKeptFile(ctx, kept.fileId)) chunks.push(chunk as Buffer);
  const inspected = fitting(kindOf(described.kind), await inspectFile(Buffer.concat(chunks), request.fileName));
  const outcome = await inTransaction(ctx, async (tx) => {
    const attached = await attach(tx, await getReferralRow(tx, referralId, 'lock'), described, request.fileName, kept, inspected, replaces);
    if (!('refused' in attached) && request.notNeeded) await setTranslation(tx, attached.attachmentId, { notNeeded: request.notNeeded });
    return attached;
  });
  // Thrown outside, so that what was refused stays on record.
  if ('refused' in outcome) throw new AppError('invalid', 'attachment.refused', { findings: outcome.refused });
  return outcome;
}

/** A photograph is a picture: what is said of one, and asked of one, does not hold for pages. */
function fitting({ picture }: AttachmentKind, inspected: Inspected): Inspected {
  if (!picture || !inspected.isTaken || inspected.mediaType.startsWith('image/')) return inspected;
  return { isTaken: false, findings: [{ code: 'attachment.pages_for_picture', severity: 'block' }] };
}

/** Of nothing, nothing is kept. */
async function* notEmpty(source: Readable | Uint8Array): AsyncGenerator<Uint8Array> {
  let count = 0;
  for await (const chunk of source instanceof Uint8Array ? [source] : source) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : (chunk as Uint8Array);
    count += bytes.length;
    yield bytes;
  }
  if (count === 0) throw new AppError('invalid', 'attachment.refused', { findings: [{ code: 'attachment.empty', severity: 'block' }] });
}

async function attach(
  ctx: TxCtx, referral: ReferralRow, described: Described, fileName: string, kept: KeptFile, inspected: Inspected, replaces: string | null,
): Promise<AddedAttachment | { refused: readonly Finding[] }> {
  const { referralId, county } = referral;
  const rows = (await listAttachmentRows(ctx, referralId)).filter(({ state }) => state === 'current');
  const before = replaces === null ? null : rows.find((row) => row.attachmentId === replaces) ?? null;
  if (replaces !== null && !before) throw new AppError('conflict', 'attachment.ended');
  const same = rows.find((row) => row.sha256 === kept.sha256 && row.kind === described.kind && row.participantId === described.participantId);
  if (same && inspected.isTaken) return { ...summaryOf(same, same.position), alreadyAttached: true };
  const attachmentId = newId('att', ctx.clock.now().getTime());
  const { fileId, sha256, byteCount } = kept;
  const { kind, participantId, title, language, officialForm } = described;
  const common = { attachmentId, referralId, county, kind, participantId, title, language, officialForm, fileName: fileName.slice(0, 300), replaces, fileId, sha256, byteCount, findings: inspected.findings };
  const about = { subject: { type: 'attachment', id: attachmentId }, partner: referral.partnerId, county };
  if (!inspected.isTaken) {
    await insertAttachment(ctx, { ...common, state: 'refused', mediaType: null, pages: null, copyFileId: null, copySha256: null, copyByteCount: null });
    await recordAudit(ctx, { ...about, action: 'attachment.refused', details: { referralId, kind, sha256, reasons: inspected.findings.map(({ code }) => code).join(' ') } });
    return { refused: inspected.findings };
  }
  refuseTooMany(rows.filter((row) => row !== before), inspected.copy.length);
  const copy = await keepFile(ctx, { fileName: 'attachment-copy', source: inspected.copy, bytesMax: 2 * FILE_BYTES_MAX });
  const row: NewAttachment = {
    ...common, state: 'current', mediaType: inspected.mediaType, pages: inspected.pages, copyFileId: copy.fileId, copySha256: copy.sha256, copyByteCount: copy.byteCount,
  };
  if (before) await updateState(ctx, before.attachmentId, 'replaced');
  const position = await insertAttachment(ctx, row);
  const notNeeded = defaultNotNeeded(kindOf(kind));
  if (notNeeded !== null) await insertTranslation(ctx, row, { notNeeded });
  await recordAudit(ctx, { ...about, action: 'attachment.added', details: { referralId, kind, sha256, replaces: replaces ?? '', notNeededByDefault: notNeeded ?? '' } });
  await emit(ctx, 'attachment.added', { attachmentId, referralId });
  await refreshFindings(ctx, referral);
  return { ...summaryOf(row, position), alreadyAttached: false };
}

function refuseTooMany(rows: readonly AttachmentRow[], added: number): void {
  if (rows.length >= REFERRAL_COUNT_MAX) throw new AppError('conflict', 'attachment.too_many', { params: { most: REFERRAL_COUNT_MAX } });
  const bytes = rows.reduce((sum, row) => sum + (row.copyByteCount ?? 0), added);
  if (bytes > REFERRAL_BYTES_MAX) throw new AppError('conflict', 'attachment.too_much', { params: { megabytes: REFERRAL_BYTES_MAX / 1024 / 1024 } });
}

function summaryOf(row: NewAttachment, number: number): Omit<AddedAttachment, 'alreadyAttached'> {
  const { attachmentId, kind, mediaType, pages, byteCount, sha256 } = row;
  const findings = row.findings.map((finding) => ({ ...finding, params: { number, kind } }));
  return { attachmentId, mediaType: mediaType ?? '', pages: pages ?? 0, byteCount, sha256, findings };
}
