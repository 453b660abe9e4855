import { recordAudit } from '../../audit/index.ts';
import { authorise, isAllowed } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import type { Finding } from '../../../platform/errors.ts';
import { glossaryFindings, termsIn } from './glossary-check.rules.ts';
import type { LawTerm } from './glossary-check.rules.ts';
import { lawTerms } from './law-terms.ts';
import { recall } from './memory.ts';
import type { Suggestion } from './memory.ts';
import { namesOf, sentencesWithTargets } from './text-content.ts';
import type { SentenceView } from './text-content.ts';
import { TEXT_STATES } from './text.rules.ts';
import type { TextState } from './text.rules.ts';
import { readingText } from './told-today.ts';
import { selectTexts, selectWaiting } from './translation.store.ts';
import type { TextHands, TextLine, TextRow, TextSort } from './translation.store.ts';

/** A text and how far it is; nothing of what it says. */
export interface TextSummary extends Pick<TextRow, 'textId' | 'referralId' | 'county' | 'sourceId' | 'sourceLanguage' | 'targetLanguage' | 'sentences' | 'state' | 'translatorName' | 'qualification' | 'translatedOn' | 'declaredBy'> {
  readonly translated: number;
  /** Who works on it now, if anybody. */
  readonly takenBy: string | null;
  readonly takenUntil: Date | null;
  /** Whether the reader translated some of it: only then may the reader sign for it. */
  readonly isTranslator: boolean;
}

/** What a translator works with: the sentences of one page, what the memory suggests and which terms the glossary has. */
export interface TextView extends TextSummary {
  readonly page: number;
  readonly pages: number;
  readonly items: readonly TextItem[];
}

export interface TextItem extends SentenceView {
  readonly suggestions: readonly Suggestion[];
  /** Terms of the glossary with their standing there. */
  readonly terms: readonly { readonly source: string; readonly targets: readonly string[]; readonly standing: LawTerm['standing'] }[];
  readonly findings: readonly Finding[];
}

export const SENTENCES_PER_PAGE = 20;
export const TEXTS_PER_PAGE = 50;

/** The texts of one referral. @throws AppError `access.forbidden`. */
export async function listTexts(ctx: Ctx, referralId: string): Promise<TextSummary[]> {
  authorise(ctx, 'translations.view');
  return inTransaction(ctx, async (tx) => {
    const summaries: TextSummary[] = [];
    for (const row of await selectTexts(tx, referralId)) summaries.push(summaryOf(tx, row, await sentencesWithTargets(tx, row)));
    return summaries;
  });
}

/**
 * The work list: texts of all referrals that the actor's counties have, the one due first at the top; of one referral, the approved ones too.
 * What the referral says no more is no work, and listed for those alone who may read the interview.
 */
export async function listWaitingTexts(ctx: Ctx, filter: WaitingQuery): Promise<{ rows: TextLine[]; total: number }> {
  authorise(ctx, 'translations.view');
  const hands = filter.hands ?? 'all';
  const states = (filter.state ? [filter.state] : TEXT_STATES.filter((state) => state === 'open' || state === 'translated' || (state === 'approved' && filter.referralId !== undefined)))
    .filter((state) => state !== 'withdrawn' || isAllowed(ctx, 'interviews.read'));
  const wanted = { states, referralId: filter.referralId ?? null, hands, sourceLanguage: filter.from ?? null, targetLanguage: filter.to ?? null };
  return inTransaction(ctx, (tx) => selectWaiting(tx, wanted, { sort: filter.sort ?? { by: 'due', isDescending: false }, offset: ((filter.page ?? 1) - 1) * TEXTS_PER_PAGE, limit: TEXTS_PER_PAGE }));
}

export interface WaitingQuery {
  readonly state?: TextState | undefined;
  readonly referralId?: string | undefined;
  readonly hands?: TextHands;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly sort?: TextSort;
  readonly page?: number;
}

/** One page of a text for its editor; that it was read is written down. @throws AppError `translation.text_not_found`, `translation.text_withdrawn`, `access.forbidden`. */
export async function getText(ctx: Ctx, referralId: string, textId: string, page = 1): Promise<TextView> {
  authorise(ctx, 'translations.view');
  return readingText(ctx, referralId, textId, async (tx, row) => {
    const sentences = await sentencesWithTargets(tx, row);
    const pages = Math.max(1, Math.ceil(sentences.length / SENTENCES_PER_PAGE));
    const shown = Math.min(Math.max(1, page), pages);
    const { terms, friends } = lawTerms(row.sourceLanguage, row.targetLanguage);
    const names = namesOf(tx, row);
    const items: TextItem[] = [];
    for (const one of sentences.slice((shown - 1) * SENTENCES_PER_PAGE, shown * SENTENCES_PER_PAGE)) {
      items.push({
        ...one,
        suggestions: one.target === null ? await recall(tx, row, one.source, names) : [],
        terms: termsIn(one.source, terms).map(({ source, wordings, standing }) => ({ source, targets: wordings, standing })),
        findings: one.target === null ? [] : glossaryFindings(one.source, one.target, terms, friends, `/translations/${textId}/${one.position}`),
      });
    }
    await recordAudit(tx, { action: 'translation.viewed', subject: { type: 'translation', id: textId }, county: row.county, details: { referralId, page: shown } });
    return { ...summaryOf(tx, row, sentences), page: shown, pages, items };
  });
}

/** What the county's memory has for one sentence. @throws AppError `translation.text_not_found`, `translation.text_withdrawn`, `access.forbidden`. */
export async function suggest(ctx: Ctx, referralId: string, textId: string, key: string): Promise<Suggestion[]> {
  authorise(ctx, 'translations.view');
  return readingText(ctx, referralId, textId, async (tx, row) => {
    const sentence = (await sentencesWithTargets(tx, row)).find((one) => one.key === key);
    return sentence ? recall(tx, row, sentence.source, namesOf(tx, row)) : [];
  });
}

/** Every finding of the glossary about one text, for who approves it. @throws AppError `translation.text_not_found`, `translation.text_withdrawn`, `access.forbidden`. */
export async function checkTranslation(ctx: Ctx, referralId: string, textId: string): Promise<Finding[]> {
  authorise(ctx, 'translations.view');
  return readingText(ctx, referralId, textId, async (tx, row) => {
    const { terms, friends } = lawTerms(row.sourceLanguage, row.targetLanguage);
    return (await sentencesWithTargets(tx, row)).flatMap((one) => glossaryFindings(one.source, one.target ?? '', terms, friends, `/translations/${textId}/${one.position}`));
  });
}

function summaryOf(ctx: TxCtx, row: TextRow, sentences: readonly SentenceView[]): TextSummary {
  const { textId, referralId, county, sourceId, sourceLanguage, targetLanguage, state, translatorName, qualification, translatedOn, declaredBy } = row;
  const isTaken = row.takenUntil !== null && row.takenUntil > ctx.clock.now();
  return {
    textId, referralId, county, sourceId, sourceLanguage, targetLanguage, state, translatorName, qualification, translatedOn, declaredBy,
    sentences: sentences.length, translated: sentences.filter((one) => one.target !== null).length,
    takenBy: isTaken ? row.takenBy : null, takenUntil: isTaken ? row.takenUntil : null, isTranslator: sentences.some((one) => one.savedBy === ctx.actor.id),
  };
}
