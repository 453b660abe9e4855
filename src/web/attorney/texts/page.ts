import { AppError } from '../../../platform/errors.ts';
import { confirmInterviewReviewed, confirmTextReviewed, confirmTextsReviewed, interviewDefinition, markOf, textsToReview } from '../../../modules/referrals/index.ts';
import type { LeavingText, ReviewState } from '../../../modules/referrals/index.ts';
import { languageName, sourceName } from '../../translator/text-words.ts';
import { field, fields, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';

const FAULTS = ['translation.nothing_to_review', 'translation.review_changed'];
const MARK = /^[0-9a-f]{32}$/;
const addressOf = (referralId: string): string => `/referrals/${encodeURIComponent(referralId)}`;

async function show(visit: Visit, fault: string | null = null, status = 200): Promise<Reply> {
  const { ctx, t, format } = visit;
  const referralId = pathText(visit, 'referralId');
  const { isAnyoneProtected, texts, answers } = await textsToReview(ctx, referralId);
  const standing = (state: ReviewState, reviewedAt: Date | null) => ({
    state, words: state === 'done' && reviewedAt ? t('translation:review.confirmed_at', { at: format.moment(reviewedAt) }) : t(`translation:review.state.${state}`),
  });
  const marks = [...texts, ...(answers.answers.length > 0 ? [answers] : [])].map(({ digest }) => markOf(digest));
  return view('attorney/texts', {
    referral: addressOf(referralId), isAnyoneProtected, fault, marks, isDone: queryText(visit, 'done', 20) === 'reviewed',
    texts: texts.map((text) => ({ ...lineOf(visit, text, referralId), ...standing(text.state, text.reviewedAt) })),
    answers: answers.answers.length === 0 ? null : {
      mark: markOf(answers.digest), rows: answers.answers.map(({ path, text }) => ({ question: questionAt(visit, path), text })), ...standing(answers.state, answers.reviewedAt),
    },
  }, status);
}

function lineOf({ t, language }: Visit, { textId, narrative, digest }: LeavingText, referralId: string) {
  const { id, sourceLanguage, targetLanguage, segments, translator } = narrative;
  return {
    textId, mark: markOf(digest), segments, translator, name: sourceName(t, id), sourceLanguage, targetLanguage,
    from: languageName(t, sourceLanguage, language), to: languageName(t, targetLanguage, language), href: `/translations/${encodeURIComponent(referralId)}/${encodeURIComponent(textId)}`,
  };
}

/** The section and the field of a place in the interview, in words; the number of the row where it is in a list. */
function questionAt({ t }: Visit, path: string): string {
  const parts = path.split('/').slice(2);
  const [section = '', id = '', row, column] = parts[0] === 'children' ? parts.slice(2) : parts.slice(1);
  const list = interviewDefinition().sections.find((one) => one.id === section)?.fields.find((one) => one.id === id);
  const names = [t(`interview:section.${section}`), t(`interview:field.${section}.${id}`)];
  if (list?.kind === 'list' && row !== undefined && column !== undefined) names.push(t('interview:row', { number: Number(row) + 1 }), t(`interview:column.${section}.${id}.${column}`));
  return names.join(' · ');
}

/** The page sends the marks of what it showed: what was changed meanwhile is refused and shown anew. */
const confirm: Handler = async (visit) => {
  const referralId = pathText(visit, 'referralId');
  const what = field(visit, 'what', 40);
  const seen = fields(visit, 'seen').filter((mark) => MARK.test(mark));
  try {
    if (what === 'all') await confirmTextsReviewed(visit.ctx, referralId, { seen });
    else if (what === 'answers') await confirmInterviewReviewed(visit.ctx, referralId, { seen });
    else await confirmTextReviewed(visit.ctx, referralId, what, { seen });
    return redirect(`${addressOf(referralId)}/texts?done=reviewed`);
  } catch (error) {
    if (!(error instanceof AppError) || !FAULTS.includes(error.code)) throw error;
    return show(visit, error.code, 409);
  }
};

export const textsThatLeavePage: Page = { path: '/referrals/:referralId/texts', access: 'translations.review', get: (visit) => show(visit), post: confirm };
