/** What leaves in free words while somebody is protected: read by an attorney before it is sealed. */
export { confirmInterviewReviewed, confirmTextReviewed, confirmTextsReviewed, textsToReview } from './review-texts.ts';
export type { Reading, RecordedReading } from './review-texts.ts';
export { markOf } from './text-review.rules.ts';
export type { LeavingAnswer, LeavingAnswers, LeavingText, LeavingTexts, ReviewState } from './text-review.rules.ts';
