import type { TxCtx } from '../../../platform/context.ts';
import type { TextReview } from './text-review.rules.ts';

/** A text of a referral with the newest review of it. */
export interface ReviewedTextRow {
  readonly textId: string;
  readonly sourceId: string;
  readonly participantId: string | null;
  readonly targetLanguage: string;
  readonly review: TextReview | null;
}

interface QueriedReview {
  readonly contentDigest: Buffer | null;
  readonly reviewedFor: readonly string[] | null;
  readonly reviewedAt: Date | null;
}

const REVIEW = `r.content_digest as "contentDigest", r.protected as "reviewedFor", r.reviewed_at as "reviewedAt"`;

const reviewIn = ({ contentDigest, reviewedFor, reviewedAt }: QueriedReview): TextReview | null => (contentDigest && reviewedFor && reviewedAt ? { contentDigest, reviewedFor, reviewedAt } : null);

export async function selectReviewedTexts(ctx: TxCtx, referralId: string): Promise<ReviewedTextRow[]> {
  const rows = await ctx.tx.query<(Omit<ReviewedTextRow, 'review'> & QueriedReview)[]>(
    `select t.text_id as "textId", t.source_id as "sourceId", t.participant_id as "participantId", t.target_language as "targetLanguage", ${REVIEW}
       from referral_texts t
       left join lateral (select * from translation_reviews v where v.agency_id = t.agency_id and v.text_id = t.text_id order by v.position desc limit 1) r on true
      where t.agency_id = $1 and t.referral_id = $2`, [ctx.actor.agency, referralId]);
  return rows.map(({ textId, sourceId, participantId, targetLanguage, ...review }) => ({ textId, sourceId, participantId, targetLanguage, review: reviewIn(review) }));
}

export async function findInterviewReview(ctx: TxCtx, referralId: string): Promise<TextReview | null> {
  const rows = await ctx.tx.query<QueriedReview[]>(
    `select ${REVIEW} from referral_interview_reviews r where r.agency_id = $1 and r.referral_id = $2 order by r.position desc limit 1`, [ctx.actor.agency, referralId]);
  return rows[0] ? reviewIn(rows[0]) : null;
}

export interface NewReview {
  readonly county: string;
  readonly digest: Buffer;
  readonly reviewedFor: readonly string[];
}

/** The referral's row is locked by whoever calls, so that positions do not meet. */
export async function insertTextReview(ctx: TxCtx, textId: string, review: NewReview): Promise<void> {
  await ctx.tx.query(
    `insert into translation_reviews (agency_id, text_id, position, county, content_digest, protected, reviewed_at, reviewed_by)
     select $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5, $6, $7 from translation_reviews where agency_id = $1 and text_id = $2`,
    [ctx.actor.agency, textId, review.county, review.digest, review.reviewedFor, ctx.clock.now(), ctx.actor.id]);
}

export async function insertInterviewReview(ctx: TxCtx, referralId: string, version: number, review: NewReview): Promise<void> {
  await ctx.tx.query(
    `insert into referral_interview_reviews (agency_id, referral_id, position, county, version, content_digest, protected, reviewed_at, reviewed_by)
     select $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5, $6, $7, $8 from referral_interview_reviews where agency_id = $1 and referral_id = $2`,
    [ctx.actor.agency, referralId, review.county, version, review.digest, review.reviewedFor, ctx.clock.now(), ctx.actor.id]);
}
