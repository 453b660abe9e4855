import { recordAudit } from '../../audit/index.ts';
import { getCase, protectedParticipants } from '../../cases/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import { getReferralRow } from '../lifecycle/get-referral-row.ts';
import type { ReferralRow } from '../lifecycle/referral.store.ts';
import { asGateway } from '../packets/as-gateway.ts';
import { preparePacket } from '../packets/prepare-packet.ts';
import { refreshFindings } from '../packets/refresh-referral.ts';
import { markOf } from './text-review.rules.ts';
import type { LeavingAnswers, LeavingText, LeavingTexts } from './text-review.rules.ts';
import { insertInterviewReview, insertTextReview } from './text-review.store.ts';

export interface Reading {
  /** The marks of what was read: what has other words by now is refused. Without them, what is there now. */
  readonly seen?: readonly string[];
}

export interface RecordedReading {
  readonly texts: number;
  readonly answers: number;
}

/**
 * Everything in free words that the packet of a referral would tell today, whole: what an attorney reads before it is sealed. That
 * it was shown is written down.
 *
 * @throws AppError `referral.not_found`, `referral.incoming_has_no_packet`, `access.forbidden`.
 */
export async function textsToReview(ctx: Ctx, referralId: string): Promise<LeavingTexts> {
  authorise(ctx, 'translations.review');
  return inTransaction(ctx, async (tx) => {
    const referral = await outgoing(tx, referralId, 'read');
    const { leaving } = await preparePacket(asGateway(tx), referral);
    if (ctx.actor.kind !== 'system' && leaving.answers.version > 0) {
      await recordAudit(tx, { action: 'interview.viewed', subject: { type: 'referral', id: referralId }, county: referral.county, details: { version: leaving.answers.version } });
    }
    return leaving;
  });
}

/**
 * An attorney's word that source and translation of a text were read whole and say nothing of a protected person. It holds for these
 * words and for those who are protected today.
 *
 * @throws AppError `translation.nothing_to_review`, `translation.review_changed`, `referral.not_found`, `access.forbidden`.
 */
export const confirmTextReviewed = (ctx: Ctx, referralId: string, textId: string, reading: Reading = {}): Promise<RecordedReading> =>
  confirm(ctx, referralId, reading, ({ texts }) => ({ texts: texts.filter((one) => one.textId === textId), answers: null }));

/** The same of the written answers that leave as they are. @throws AppError as `confirmTextReviewed`. */
export const confirmInterviewReviewed = (ctx: Ctx, referralId: string, reading: Reading = {}): Promise<RecordedReading> =>
  confirm(ctx, referralId, reading, ({ answers }) => ({ texts: [], answers }));

/** The same of every text of a referral that would leave, and of its written answers. @throws AppError as `confirmTextReviewed`. */
export const confirmTextsReviewed = (ctx: Ctx, referralId: string, reading: Reading = {}): Promise<RecordedReading> =>
  confirm(ctx, referralId, reading, ({ texts, answers }) => ({ texts, answers }));

interface Chosen {
  readonly texts: readonly LeavingText[];
  readonly answers: LeavingAnswers | null;
}

async function confirm(ctx: Ctx, referralId: string, reading: Reading, choose: (leaving: LeavingTexts) => Chosen): Promise<RecordedReading> {
  authorise(ctx, 'translations.review');
  return inTransaction(ctx, async (tx) => {
    const referral = await outgoing(tx, referralId, 'lock');
    const { leaving, on } = await preparePacket(asGateway(tx), referral);
    const chosen = choose(leaving);
    const answers = chosen.answers && chosen.answers.answers.length > 0 ? chosen.answers : null;
    const all = [...chosen.texts, ...(answers ? [answers] : [])];
    if (all.length === 0) throw new AppError('conflict', 'translation.nothing_to_review');
    if (reading.seen && all.some(({ digest }) => !reading.seen?.includes(markOf(digest)))) throw new AppError('conflict', 'translation.review_changed');
    const reviewedFor = [...protectedParticipants(await getCase(asGateway(tx), referral.caseId), on)].sort();
    for (const text of chosen.texts) await keepText(tx, referral, text, reviewedFor);
    if (answers) await keepAnswers(tx, referral, answers, reviewedFor);
    await refreshFindings(tx, referral);
    return { texts: chosen.texts.length, answers: answers?.answers.length ?? 0 };
  });
}

async function keepText(ctx: TxCtx, { referralId, county, partnerId }: ReferralRow, { textId, digest }: LeavingText, reviewedFor: readonly string[]): Promise<void> {
  await insertTextReview(ctx, textId, { county, digest, reviewedFor });
  await recordAudit(ctx, {
    action: 'translation.reviewed', subject: { type: 'translation', id: textId }, partner: partnerId, county, details: { referralId, protected: reviewedFor.length },
  });
  await emit(ctx, 'translation.reviewed', { referralId, textId });
}

async function keepAnswers(ctx: TxCtx, { referralId, county, partnerId }: ReferralRow, { version, answers, digest }: LeavingAnswers, reviewedFor: readonly string[]): Promise<void> {
  await insertInterviewReview(ctx, referralId, version, { county, digest, reviewedFor });
  await recordAudit(ctx, {
    action: 'interview.reviewed', subject: { type: 'referral', id: referralId }, partner: partnerId, county,
    details: { version, answers: answers.length, protected: reviewedFor.length },
  });
  await emit(ctx, 'interview.reviewed', { referralId, version });
}

async function outgoing(ctx: TxCtx, referralId: string, lock: 'lock' | 'read'): Promise<ReferralRow> {
  const referral = await getReferralRow(ctx, referralId, lock);
  if (referral.direction !== 'outgoing') throw new AppError('conflict', 'referral.incoming_has_no_packet');
  return referral;
}
