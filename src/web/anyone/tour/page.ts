import { answerTour, tourAnswers } from '../../../modules/identity/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { OPTIONS, STEPS } from '../help/topics.ts';
import type { TourStep } from '../help/topics.ts';
import { field, pathText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';

/** The last answer to each step, by its key. */
async function answersOf(visit: Visit): Promise<ReadonlyMap<string, number>> {
  return new Map((await tourAnswers(visit.ctx)).map(({ step, answer }) => [step, answer]));
}

const standing = (step: TourStep, answers: ReadonlyMap<string, number>): 'open' | 'right' | 'wrong' => {
  const answer = answers.get(step.key);
  return answer === undefined ? 'open' : answer === step.right ? 'right' : 'wrong';
};

/** The whole tour with how far this person has come. */
const startPage: Page = {
  path: '/tour',
  access: 'tour.take',
  get: async (visit) => {
    const answers = await answersOf(visit);
    const steps = STEPS.map((step) => ({ ...step, standing: standing(step, answers) }));
    const next = steps.find((step) => step.standing === 'open') ?? steps.find((step) => step.standing === 'wrong') ?? null;
    return view('anyone/tour', { mode: 'start', steps, next, isBegun: answers.size > 0, right: steps.filter((step) => step.standing === 'right').length });
  },
};

function stepAt(visit: Visit): { readonly step: TourStep; readonly index: number } {
  const index = STEPS.findIndex(({ key }) => key === pathText(visit, 'step'));
  const step = STEPS[index];
  if (!step) throw new AppError('not_found', 'web.no_such_page');
  return { step, index };
}

async function show(visit: Visit, isMissing = false): Promise<Reply> {
  const { step, index } = stepAt(visit);
  const answers = await answersOf(visit);
  return view('anyone/tour', {
    mode: 'step', step, number: index + 1, total: STEPS.length, answer: answers.get(step.key) ?? null, standing: standing(step, answers), options: OPTIONS,
    previous: STEPS[index - 1]?.key ?? null, next: STEPS[index + 1]?.key ?? null, faults: isMissing ? [{ field: 'option-1', text: visit.t('help:tour.choose') }] : [],
    steps: STEPS.map((one) => ({ ...one, standing: standing(one, answers) })),
  }, isMissing ? 422 : 200);
}

async function answer(visit: Visit): Promise<Reply> {
  const { step } = stepAt(visit);
  const chosen = OPTIONS.find((option) => String(option) === field(visit, 'answer', 2));
  if (chosen === undefined) return show(visit, true);
  await answerTour(visit.ctx, step.key, chosen);
  return redirect(`/tour/${step.key}#answer`);
}

export const tourPages: readonly Page[] = [
  startPage,
  { path: '/tour/print', access: 'tour.take', get: async () => view('anyone/tour', { mode: 'print', steps: STEPS, options: OPTIONS }) },
  { path: '/tour/:step', access: 'tour.take', get: (visit) => show(visit), post: answer },
];
