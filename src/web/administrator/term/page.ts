import { getTerm, saveTerms, TERM_COLUMNS, TERM_STATUSES, termHistory } from '../../../modules/partners/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { publishedTerm } from '../../../platform/glossary.ts';
import type { GlossaryStatus, GlossaryTerm } from '../../../platform/glossary.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { peopleNames } from '../people.ts';

interface Shown {
  readonly entered?: GlossaryTerm;
  readonly faults?: readonly { readonly field: string; readonly text: string }[];
}
const LANGS: Readonly<Record<string, string>> = { en: 'en', es_us: 'es-US', es_mx: 'es-MX', ko: 'ko-KR' };

async function show(visit: Visit, { entered, faults = [] }: Shown = {}, status = 200): Promise<Reply> {
  const term = getTerm(visit.ctx, pathText(visit, 'termId'));
  const published = publishedTerm(term.id);
  const history = await termHistory(visit.ctx, term.id);
  const nameOf = await peopleNames(visit, history.map(({ savedBy }) => savedBy));
  const shown = entered ?? term;
  return view('administrator/term', {
    id: term.id, title: term.words.en, columns: TERM_COLUMNS.map((column) => ({ column, lang: LANGS[column], words: shown.words[column] })), status: shown.status, statuses: TERM_STATUSES, note: shown.note, source: shown.source, faults,
    mayManage: isAllowed(visit.ctx, 'glossary.manage'), done: queryText(visit, 'done', 5) === 'saved' ? visit.t('admin:term.done') : null,
    published: published && { words: TERM_COLUMNS.map((column) => ({ column, lang: LANGS[column], words: published.words[column] })), status: published.status },
    history: history.map((one) => ({ ...one, savedAt: visit.format.instant(one.savedAt), savedBy: nameOf(one.savedBy), words: one.term && TERM_COLUMNS.map((column) => ({ column, lang: LANGS[column], words: one.term?.words[column] ?? '' })), status: one.term?.status ?? null })),
    isChanged: history[0] !== undefined && history[0].term !== null,
  }, status);
}

const hereOf = (visit: Visit): string => `/administration/glossary/${encodeURIComponent(pathText(visit, 'termId'))}`;

const save: Handler = async (visit) => {
  const term = getTerm(visit.ctx, pathText(visit, 'termId'));
  const asked = field(visit, 'do', 10);
  const published = publishedTerm(term.id);
  const entered: GlossaryTerm = asked === 'return' && published ? published : {
    id: term.id, words: { en: field(visit, 'en', 1_000), es_us: field(visit, 'es_us', 1_000), es_mx: field(visit, 'es_mx', 1_000), ko: field(visit, 'ko', 1_000) },
    status: field(visit, 'status', 20) as GlossaryStatus, note: field(visit, 'note', 5_000).replace(/\s+/gu, ' '), source: field(visit, 'source', 5_000).replace(/\s+/gu, ' '),
  };
  try {
    await saveTerms(visit.ctx, [entered]);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'glossary.invalid') throw error;
    const words = wordsFor(visit.language);
    return show(visit, { entered, faults: error.findings.map((finding) => {
      const name = finding.path?.slice(term.id.length + 1).replace('words/', '') ?? 'en';
      return { field: name, text: `${visit.t(`admin:term.${name}`)}: ${words.finding(finding)}` };
    }) }, 422);
  }
  return redirect(`${hereOf(visit)}?done=saved`);
};

/** One term of the glossary: accepted or corrected here, with everything that was changed before. */
export const termPage: Page = { path: '/administration/glossary/:termId', access: 'glossary.view', get: (visit) => show(visit), post: save };
