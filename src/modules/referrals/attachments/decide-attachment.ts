import { recordAudit } from '../../audit/index.ts';
import { getCase, protectedParticipants } from '../../cases/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { officeDay } from '../clocks/office-day.ts';
import { AppError } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import { getReferralRow } from '../lifecycle/get-referral-row.ts';
import type { ReferralRow } from '../lifecycle/referral.store.ts';
import { refreshFindings } from '../packets/refresh-referral.ts';
import { mayBeWithoutWords, translatorOf, WITHOUT_WORDS } from './attachment.rules.ts';
import type { TranslationDecision } from './attachment.rules.ts';
import { insertReview, insertTranslation, listAttachmentRows, updateState } from './attachment.store.ts';
import type { AttachmentRow } from './attachment.store.ts';
import { getAttachmentRow } from './find-current.ts';
import { kindOf, TRANSLATION_NOT_NEEDED } from './kinds.ts';


type ByTranslation = Extract<TranslationDecision, { readonly by: string }>;

interface Found {
  readonly attachment: AttachmentRow;
  readonly referral: ReferralRow;
}

async function locked(ctx: TxCtx, attachmentId: string): Promise<Found> {
  const { referralId } = await getAttachmentRow(ctx, attachmentId);
  const referral = await getReferralRow(ctx, referralId, 'lock');
  return { referral, attachment: await getAttachmentRow(ctx, attachmentId) };
}

const aboutOf = ({ attachment, referral }: Found) => ({ subject: { type: 'attachment', id: attachment.attachmentId }, partner: referral.partnerId, county: referral.county });

/** Takes an attachment off its referral. Its row and bytes stay, and `restoreAttachment` puts it back. @throws AppError `attachment.ended`. */
export async function removeAttachment(ctx: Ctx, attachmentId: string): Promise<void> {
  authorise(ctx, 'attachments.manage');
  await inTransaction(ctx, async (tx) => {
    const found = await locked(tx, attachmentId);
    if (found.attachment.state !== 'current') throw new AppError('conflict', 'attachment.ended');
    await updateState(tx, attachmentId, 'removed');
    await recordAudit(tx, { ...aboutOf(found), action: 'attachment.removed', details: { referralId: found.referral.referralId } });
    await emit(tx, 'attachment.removed', { attachmentId, referralId: found.referral.referralId });
    await refreshFindings(tx, found.referral);
  });
}

/** Puts back what was removed. @throws AppError `attachment.not_removed`. */
export async function restoreAttachment(ctx: Ctx, attachmentId: string): Promise<void> {
  authorise(ctx, 'attachments.manage');
  await inTransaction(ctx, async (tx) => {
    const found = await locked(tx, attachmentId);
    if (found.attachment.state !== 'removed') throw new AppError('conflict', 'attachment.not_removed');
    await updateState(tx, attachmentId, 'current');
    await recordAudit(tx, { ...aboutOf(found), action: 'attachment.restored', details: { referralId: found.referral.referralId } });
    await emit(tx, 'attachment.restored', { attachmentId, referralId: found.referral.referralId });
    await refreshFindings(tx, found.referral);
  });
}

/**
 * Says which attachment translates this one and who made that translation, or why none is needed. The last word holds.
 *
 * @throws AppError `attachment.translation_invalid` (not of this referral, itself, or translated itself), `attachment.translator_invalid`, `attachment.reason_unknown`,
 *   `attachment.not_without_words`.
 */
export async function setTranslation(ctx: Ctx, attachmentId: string, decision: TranslationDecision): Promise<void> {
  authorise(ctx, 'attachments.manage');
  await inTransaction(ctx, async (tx) => {
    const found = await locked(tx, attachmentId);
    if (found.attachment.state !== 'current') throw new AppError('conflict', 'attachment.ended');
    const checked = 'by' in decision ? await checkedTranslation(tx, found, decision) : { notNeeded: checkedReason(found.attachment, decision.notNeeded) };
    await insertTranslation(tx, found.attachment, checked);
    await recordAudit(tx, {
      ...aboutOf(found), action: 'attachment.translation_set',
      details: { referralId: found.referral.referralId, translatedBy: 'by' in checked ? checked.by : '', notNeeded: 'by' in checked ? '' : checked.notNeeded },
    });
    await emit(tx, 'attachment.translation_set', { attachmentId, referralId: found.referral.referralId });
    await refreshFindings(tx, found.referral);
  });
}

async function checkedTranslation(ctx: TxCtx, found: Found, decision: ByTranslation): Promise<ByTranslation> {
  const current = (await listAttachmentRows(ctx, found.referral.referralId)).filter(({ state }) => state === 'current');
  const other = current.find((row) => row.attachmentId === decision.by);
  const isSource = current.some(({ translation }) => translation !== null && 'by' in translation && translation.by === found.attachment.attachmentId);
  if (!other || other.attachmentId === found.attachment.attachmentId || isSource || (other.translation !== null && 'by' in other.translation)) {
    throw new AppError('invalid', 'attachment.translation_invalid');
  }
  return { by: decision.by, translator: translatorOf(decision.translator, officeDay(ctx)) };
}

function checkedReason({ kind, mediaType }: AttachmentRow, reason: string): string {
  if (!TRANSLATION_NOT_NEEDED.includes(reason)) throw new AppError('invalid', 'attachment.reason_unknown');
  if (reason === WITHOUT_WORDS && !mayBeWithoutWords({ mediaType: mediaType ?? '' }, kindOf(kind))) throw new AppError('invalid', 'attachment.not_without_words');
  return reason;
}

/**
 * The attorney's word that the copy that leaves was read whole and says nothing of a protected person. It holds for those who are
 * protected today; whoever is protected later asks for it again.
 */
export async function confirmReviewed(ctx: Ctx, attachmentId: string): Promise<void> {
  authorise(ctx, 'attachments.review');
  await inTransaction(ctx, async (tx) => {
    const { attachment, referral } = await locked(tx, attachmentId);
    if (attachment.state !== 'current') throw new AppError('conflict', 'attachment.ended');
    const supportCase = await getCase(tx, referral.caseId);
    const reviewedFor = [...protectedParticipants(supportCase, officeDay(tx))].sort();
    await insertReview(tx, attachment, reviewedFor);
    await recordAudit(tx, {
      ...aboutOf({ attachment, referral }), action: 'attachment.reviewed', details: { referralId: referral.referralId, sha256: attachment.copySha256 ?? '', protected: reviewedFor.length },
    });
    await emit(tx, 'attachment.reviewed', { attachmentId, referralId: referral.referralId });
    await refreshFindings(tx, referral);
  });
}
