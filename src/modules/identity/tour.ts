import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import { selectTourAnswers, upsertTourAnswer } from './tour.store.ts';
import type { TourAnswer } from './tour.store.ts';

const STEP = /^[a-z_]{1,40}$/;
const ANSWER_MAX = 9;

/** What this person has answered on the tour, so that they go on where they were. @throws AppError `access.forbidden`. */
export async function tourAnswers(ctx: Ctx): Promise<readonly TourAnswer[]> {
  authorise(ctx, 'tour.take');
  return inTransaction(ctx, selectTourAnswers);
}

/** The last answer holds. It is nobody else's concern, and no record is kept of those before. @throws AppError `identity.tour_answer_form`, `access.forbidden`. */
export async function answerTour(ctx: Ctx, step: string, answer: number): Promise<void> {
  authorise(ctx, 'tour.take');
  if (!STEP.test(step) || !Number.isInteger(answer) || answer < 1 || answer > ANSWER_MAX) throw new AppError('invalid', 'identity.tour_answer_form');
  await inTransaction(ctx, (tx) => upsertTourAnswer(tx, step, answer));
}
