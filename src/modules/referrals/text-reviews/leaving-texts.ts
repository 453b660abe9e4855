import type { TxCtx } from '../../../platform/context.ts';
import type { PacketNarrative } from '../packets/packet-model.rules.ts';
import { sourceKey } from '../translation/text.rules.ts';
import { contentOfAnswers, contentOfText, reviewState } from './text-review.rules.ts';
import type { LeavingAnswer, LeavingTexts } from './text-review.rules.ts';
import { findInterviewReview, selectReviewedTexts } from './text-review.store.ts';

export interface TextsInput {
  readonly referralId: string;
  readonly isProtected: ReadonlySet<string>;
  /** Those that have passed the gate. */
  readonly narratives: readonly PacketNarrative[];
  readonly answers: readonly LeavingAnswer[];
  readonly version: number;
  readonly language: string;
}

/**
 * What of a packet is in free words, with whether an attorney has read it as it is today. No gate knows every place: a school or a
 * shop that the case record does not name is found by nobody but a reader.
 */
export async function leavingTexts(ctx: TxCtx, { referralId, isProtected, narratives, answers, version, language }: TextsInput): Promise<LeavingTexts> {
  const digestOf = (kind: 'translation_review' | 'interview_review', id: string, content: string): Buffer => ctx.keys.lookup(kind, JSON.stringify([ctx.actor.agency, id, content]));
  const answersDigest = digestOf('interview_review', referralId, contentOfAnswers(answers, language));
  if (isProtected.size === 0) {
    return { isAnyoneProtected: false, texts: [], answers: { version, answers: [], digest: answersDigest, state: 'done', reviewedAt: null } };
  }
  const rows = narratives.length > 0 ? await selectReviewedTexts(ctx, referralId) : [];
  const texts = narratives.flatMap((narrative) => {
    const row = rows.find((one) => one.targetLanguage === narrative.targetLanguage && sourceKey({ id: one.sourceId, participantId: one.participantId }) === sourceKey(narrative));
    if (!row) return [];
    const digest = digestOf('translation_review', row.textId, contentOfText(narrative));
    return [{ textId: row.textId, narrative, digest, state: reviewState(row.review, digest, isProtected), reviewedAt: row.review?.reviewedAt ?? null }];
  });
  const review = answers.length > 0 ? await findInterviewReview(ctx, referralId) : null;
  const state = answers.length > 0 ? reviewState(review, answersDigest, isProtected) : 'done';
  return { isAnyoneProtected: true, texts, answers: { version, answers, digest: answersDigest, state, reviewedAt: review?.reviewedAt ?? null } };
}
