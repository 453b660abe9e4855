import { isAllowed } from '../../../platform/authorise.ts';
import { translator } from '../../../platform/i18n.ts';
import { getCase } from '../../../modules/cases/index.ts';
import { confirmAnswer, declineInquiry, DECLINE_REASONS, draftAnswer, readInquiry } from '../../../modules/exchange/index.ts';
import { faultsOf, refusalOf } from '../../inquiry-form.ts';
import type { Refusal } from '../../inquiry-form.ts';
import { factLines, languageOf, personOf } from '../../inquiry-line.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

const DONE = ['drafted', 'answered', 'declined', 'withdrawn'];
const idOf = (visit: Visit): string => pathText(visit, 'inquiryId');
const addressOf = (visit: Visit): string => `/inquiries/${encodeURIComponent(idOf(visit))}`;

interface Entered {
  readonly caseId: string;
  readonly texts: Readonly<Record<string, string>>;
}

async function show(visit: Visit, entered: Entered | null = null, refusal: Refusal | null = null): Promise<Reply> {
  const { ctx, language, t } = visit;
  if (ctx.actor.partner !== null) return redirect(`/asked/${encodeURIComponent(idOf(visit))}`);
  const inquiry = await readInquiry(ctx, idOf(visit));
  const isOpen = inquiry.shown === 'received' || inquiry.shown === 'with_person';
  const done = queryText(visit, 'done', 12);
  const languages = [...new Set(['en', inquiry.consent.language])];
  return view('attorney/inquiry', {
    item: inquiry, askedAbout: personOf(inquiry), partner: partnerNameOf(inquiry.partnerId, visit), isOpen, languages, reasons: DECLINE_REASONS,
    numbers: [inquiry.details.caseNumber, inquiry.details.ourFileNumber, inquiry.details.partnerFileNumber].filter((one) => one !== null),
    entered: entered ?? { caseId: inquiry.work?.caseId ?? '', texts: inquiry.work?.draft ?? neutralTexts(languages) },
    isProtected: inquiry.work?.reasons.includes('somebody_protected') ?? false,
    answers: inquiry.answers.map(({ content, answeredAt, answeredBy }) => ({ answeredAt, answeredBy, facts: content.kind === 'facts' ? factLines(content.facts, language) : [], texts: content.kind === 'text' ? Object.entries(content.texts) : [] })),
    canAnswer: isOpen && isAllowed(ctx, 'inquiries.answer'), canReview: isOpen && isAllowed(ctx, 'inquiries.review'),
    faults: faultsOf(refusal, wordsFor(language), 'answer').map((fault) => ({ ...fault, text: fault.finding?.path?.startsWith('/texts/') ? `${wordsFor(language).label('language', fault.finding.path.slice('/texts/'.length))}: ${fault.text}` : fault.text })),
    done: DONE.includes(done) ? t(`inquiries:desk.done.${done}`) : null,
  }, refusal?.status ?? 200);
}

/** The same words for every question, to be changed or left: an answer of its own for one kind of case would tell of it. */
function neutralTexts(languages: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(languages.map((language) => [language, translator(languageOf(language) ?? 'en')('inquiries:desk.neutral')]));
}

/** What is refused is told on the page of the question, beside what was typed. */
async function orShow(visit: Visit, entered: Entered | null, work: () => Promise<string>): Promise<Reply> {
  try {
    return redirect(`${addressOf(visit)}?done=${await work()}`);
  } catch (error) {
    return show(visit, entered, refusalOf(error));
  }
}

const answer: Handler = async (visit) => {
  const { consent } = await readInquiry(visit.ctx, idOf(visit));
  const texts = Object.fromEntries([...new Set(['en', consent.language])].map((language) => [language, field(visit, `texts_${language}`, 4_000)]));
  const caseId = field(visit, 'case', 40).toUpperCase();
  return orShow(visit, { caseId, texts }, async () => {
    const about = caseId === '' ? null : await getCase(visit.ctx, caseId);
    await draftAnswer(visit.ctx, idOf(visit), { about: about && { caseId: about.caseId, county: about.county }, texts });
    return 'drafted';
  });
};

const confirm: Handler = (visit) => orShow(visit, null, () => confirmAnswer(visit.ctx, idOf(visit)));
const decline: Handler = (visit) => orShow(visit, null, () => declineInquiry(visit.ctx, idOf(visit), field(visit, 'reason', 40)));
const back: Handler = async (visit) => redirect(addressOf(visit));
const ONE = '/inquiries/:inquiryId';

export const inquiryPages: readonly Page[] = [
  { path: ONE, access: 'inquiries.read', get: (visit) => show(visit) },
  { path: `${ONE}/answer`, access: 'inquiries.answer', get: back, post: answer },
  { path: `${ONE}/confirm`, access: 'inquiries.review', get: back, post: confirm },
  { path: `${ONE}/decline`, access: 'inquiries.answer', get: back, post: decline },
];
