import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { LANGUAGES } from '../../../platform/i18n.ts';
import { readInterview, saveInterviewPart } from '../../../modules/referrals/index.ts';
import type { InterviewView } from '../../../modules/referrals/index.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { answersAt, languagesFor, questionsOf, sectionWords, stepsOf } from './questions.ts';
import type { Step, Typed } from './questions.ts';
import { answersIn, closedUp, faultsByField, typedFrom, typedIn } from './typed.ts';

interface Entered {
  readonly typed: Typed;
  readonly faults: ReadonlyMap<string, string>;
  readonly language: string;
  readonly basedOn: number;
  /** A refusal that is of no single field. */
  readonly problem: string | null;
}

const DONE = ['saved', 'same'];
const addressOf = (referralId: string, step = ''): string => `/referrals/${encodeURIComponent(referralId)}/interview${step && `/${step}`}`;

function doneIn(visit: Visit): string | null {
  const done = queryText(visit, 'done', 20);
  return DONE.includes(done) ? done : null;
}

/** All sections with how far each is. */
const overview: Handler = async (visit) => {
  const interview = await readInterview(visit.ctx, pathText(visit, 'referralId'));
  const pair = languagesFor(visit.language, interview.partnerLanguage);
  const steps = stepsOf(interview).map((step) => ({
    href: addressOf(interview.referralId, step.id), title: sectionWords(step.section, pair), child: step.child, state: stateOf(step, interview),
  }));
  return view('attorney/interview', { interview, steps, pair, done: doneIn(visit), canReview: isAllowed(visit.ctx, 'translations.review') });
};

function stateOf(step: Step, interview: InterviewView): 'empty' | 'partly' | 'done' {
  if (Object.keys(answersAt(interview, step)).length === 0) return 'empty';
  const path = step.child === null ? `/interview/sections/${step.section.id}/` : `/interview/children/${step.child.participantId}/${step.section.id}/`;
  return interview.findings.some((finding) => finding.path?.startsWith(path)) ? 'partly' : 'done';
}

/** The section that the address names. @throws AppError `interview.section_unknown`. */
function stepIn(visit: Visit, interview: InterviewView): { step: Step; next: Step | null } {
  const steps = stepsOf(interview);
  const at = steps.findIndex((step) => step.id === pathText(visit, 'step'));
  const step = steps[at];
  if (!step) throw new AppError('not_found', 'interview.section_unknown');
  return { step, next: steps[at + 1] ?? null };
}

const showStep: Handler = async (visit) => {
  const interview = await readInterview(visit.ctx, pathText(visit, 'referralId'));
  const { step } = stepIn(visit, interview);
  // Until the first answer is recorded, whoever writes writes in the language of the page.
  const language = interview.language ?? visit.language;
  return form(visit, interview, step, { typed: typedFrom(answersAt(interview, step)), faults: new Map(), language, basedOn: interview.version, problem: null });
};

function form(visit: Visit, interview: InterviewView, step: Step, entered: Entered, status = 200): Reply {
  const pair = languagesFor(visit.language, interview.partnerLanguage);
  const questions = questionsOf(step, entered.typed, entered.faults, pair);
  return view('attorney/interview/step', {
    referralId: interview.referralId, here: addressOf(interview.referralId, step.id), overview: addressOf(interview.referralId), title: sectionWords(step.section, pair), child: step.child,
    pair, questions, faults: [...entered.faults].map(([at, text]) => ({ field: at, text })), problem: entered.problem, basedOn: entered.basedOn, done: doneIn(visit),
    languages: [...new Set<string>([...LANGUAGES, interview.partnerLanguage])], spoken: entered.language, isRecordedIn: interview.language, canRecord: isAllowed(visit.ctx, 'interviews.record'),
  }, status);
}

/** Sending the same answers again records nothing, so this needs no guard of its own. */
const saveStep: Handler = async (visit) => {
  const interview = await readInterview(visit.ctx, pathText(visit, 'referralId'));
  const { step, next } = stepIn(visit, interview);
  const typed = closedUp(step.section, typedIn(step.section, (name, max) => field(visit, name, max)));
  const basedOn = Number(/^\d{1,6}$/.exec(field(visit, 'based_on', 10))?.[0] ?? 0);
  const language = field(visit, 'language', 20);
  try {
    const { alreadyRecorded } = await saveInterviewPart(visit.ctx, interview.referralId, {
      language, basedOn, section: step.section.id, child: step.child?.participantId ?? null, answers: answersIn(step.section, typed),
    });
    return redirect(`${addressOf(interview.referralId, next?.id)}?done=${alreadyRecorded ? 'same' : 'saved'}`);
  } catch (error) {
    if (!(error instanceof AppError) || !error.code.startsWith('interview.')) throw error;
    const words = wordsFor(visit.language);
    const faults = faultsByField(error.findings, (finding) => words.finding(finding));
    const problem = faults.size === 0 ? words.error(error.code) : null;
    return form(visit, interview, step, { typed, faults, language, basedOn, problem }, error.kind === 'conflict' ? 409 : 422);
  }
};

export const interviewPage: Page = { path: '/referrals/:referralId/interview', access: 'interviews.read', get: overview };
export const interviewStepPage: Page = { path: '/referrals/:referralId/interview/:step', access: 'interviews.read', get: showStep, post: saveStep };
