import { changedTerms, TERM_STATUSES } from '../../../modules/partners/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { listTerms } from '../../../platform/glossary.ts';
import type { GlossaryTerm } from '../../../platform/glossary.ts';
import { folded } from '../../folded.ts';
import { csvOf, wantsCsv } from '../../list.ts';
import { smallList, smallRows } from '../../small-list.ts';
import type { SmallList } from '../../small-list.ts';
import { queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';

/** The columns of the file that is saved and read again. */
export const CSV_COLUMNS = ['id', 'en', 'es_us', 'es_mx', 'ko', 'note', 'status', 'source'] as const;
const LANGUAGES_SEARCHED = ['en', 'es', 'ko'] as const;

/** Each language in its own order, whoever reads it. */
function listOf({ t }: Visit, rows: readonly GlossaryTerm[]): SmallList<GlossaryTerm> {
  const status = (term: GlossaryTerm): string => t(`admin:status.${term.status}`);
  return {
    name: '', file: 'glossary', rows, usual: { by: 'en', isDescending: false }, idOf: ({ id }) => id,
    columns: [
      { key: 'en', label: t('admin:glossary.en'), language: 'en', by: ({ words }) => words.en, cells: ({ words }) => words.en }, { key: 'es', label: t('admin:glossary.es'), language: 'es-MX', by: ({ words }) => words.es_mx, cells: ({ words }) => words.es_mx },
      { key: 'ko', label: t('admin:glossary.ko'), language: 'ko', by: ({ words }) => words.ko, cells: ({ words }) => words.ko }, { key: 'status', label: t('admin:glossary.status'), by: status, cells: status },
    ],
  };
}

function matches(term: GlossaryTerm, word: string, language: string): boolean {
  const texts = { en: [term.words.en], es: [term.words.es_us, term.words.es_mx], ko: [term.words.ko] };
  const searched = language === '' ? [...Object.values(texts).flat(), term.id, term.note] : texts[language as keyof typeof texts];
  return folded(searched.join('\n')).includes(folded(word));
}

/** The glossary: every term in three languages with how it stands. */
export const glossaryPage: Page = {
  path: '/administration/glossary',
  access: 'glossary.view',
  get: async (visit) => {
    const { ctx } = visit;
    const word = queryText(visit, 'q', 80);
    const language = LANGUAGES_SEARCHED.find((one) => one === queryText(visit, 'in', 4)) ?? '';
    const status = TERM_STATUSES.find((one) => one === queryText(visit, 'status', 12)) ?? '';
    const changed = await changedTerms(ctx);
    const isOnlyChanged = queryText(visit, 'status', 12) === 'changed';
    const list = listOf(visit, listTerms().filter((term) => (status === '' || term.status === status) && (!isOnlyChanged || changed.has(term.id)) && matches(term, word, language)));
    // The columns of the file that is read again, in the order of the screen.
    if (wantsCsv(visit)) return csvOf(visit, 'glossary', CSV_COLUMNS, linesOf(smallRows(visit, list)));
    const { rows, ...shown } = smallList(visit, list);
    return view('administrator/glossary', {
      ...shown, rows: rows.map((term) => ({ ...term, changed: changed.get(term.id) ?? null })), word, in: language, status: isOnlyChanged ? 'changed' : status, statuses: [...TERM_STATUSES, 'changed'],
      languages: LANGUAGES_SEARCHED, mayManage: isAllowed(ctx, 'glossary.manage'),
      done: doneWords(visit),
    });
  },
};

function doneWords(visit: Visit): string | null {
  const count = queryText(visit, 'done', 6);
  return /^\d{1,5}$/.test(count) ? visit.t('admin:glossary.done', { count: Number(count) }) : null;
}

async function* linesOf(rows: readonly GlossaryTerm[]): AsyncGenerator<readonly string[]> {
  for (const { id, words, note, status, source } of rows) yield [id, words.en, words.es_us, words.es_mx, words.ko, note, status, source];
}
