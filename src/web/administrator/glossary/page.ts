import { changedTerms, TERM_STATUSES } from '../../../modules/partners/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { listTerms } from '../../../platform/glossary.ts';
import type { GlossaryTerm } from '../../../platform/glossary.ts';
import { csvAddress, csvOf, headsOf, sortOf, wantsCsv } from '../../list.ts';
import type { Sort } from '../../list.ts';
import { pagingNumbered } from '../../paging.ts';
import { queryPage, queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';

const KEYS = ['en', 'es', 'ko', 'status'] as const;
type Key = (typeof KEYS)[number];
const USUAL: Sort<Key> = { by: 'en', isDescending: false };
const PER_PAGE = 50;
/** The columns of the file that is saved and read again. */
export const CSV_COLUMNS = ['id', 'en', 'es_us', 'es_mx', 'ko', 'note', 'status', 'source'] as const;
const LANGUAGES_SEARCHED = ['en', 'es', 'ko'] as const;

const sortText = (term: GlossaryTerm, by: Key): string => (by === 'status' ? term.status : by === 'es' ? term.words.es_mx : term.words[by]);

function matches(term: GlossaryTerm, word: string, language: string): boolean {
  const folded = (text: string): string => text.normalize('NFD').replace(/\p{Mn}/gu, '').normalize('NFC').toLowerCase();
  const texts = { en: [term.words.en], es: [term.words.es_us, term.words.es_mx], ko: [term.words.ko] };
  const searched = language === '' ? [...Object.values(texts).flat(), term.id, term.note] : texts[language as keyof typeof texts];
  return folded(searched.join('\n')).includes(folded(word));
}

/** The glossary: every term in three languages with how it stands. */
export const glossaryPage: Page = {
  path: '/administration/glossary',
  access: 'glossary.view',
  get: async (visit) => {
    const { t, ctx } = visit;
    const sort = sortOf<Key>(visit, KEYS, USUAL);
    const word = queryText(visit, 'q', 80);
    const language = LANGUAGES_SEARCHED.find((one) => one === queryText(visit, 'in', 4)) ?? '';
    const status = TERM_STATUSES.find((one) => one === queryText(visit, 'status', 12)) ?? '';
    const changed = await changedTerms(ctx);
    const isOnlyChanged = queryText(visit, 'status', 12) === 'changed';
    const collator = new Intl.Collator(visit.language);
    const rows = listTerms().filter((term) => (status === '' || term.status === status) && (!isOnlyChanged || changed.has(term.id)) && matches(term, word, language))
      .sort((a, b) => (sort.isDescending ? -1 : 1) * collator.compare(sortText(a, sort.by), sortText(b, sort.by)) || (a.id < b.id ? -1 : 1));
    if (wantsCsv(visit)) return csvOf(visit, 'glossary', CSV_COLUMNS, linesOf(rows));
    const page = queryPage(visit);
    const columns = [{ label: t('admin:glossary.en'), sort: 'en' as const }, { label: t('admin:glossary.es'), sort: 'es' as const }, { label: t('admin:glossary.ko'), sort: 'ko' as const }, { label: t('admin:glossary.status'), sort: 'status' as const }];
    return view('administrator/glossary', {
      rows: rows.slice((page - 1) * PER_PAGE, page * PER_PAGE).map((term) => ({ ...term, changed: changed.get(term.id) ?? null })), total: rows.length, heads: headsOf(visit, columns, sort), csv: csvAddress(visit),
      paging: pagingNumbered(visit, page, rows.length > page * PER_PAGE), word, in: language, status: isOnlyChanged ? 'changed' : status, statuses: [...TERM_STATUSES, 'changed'], languages: LANGUAGES_SEARCHED, mayManage: isAllowed(ctx, 'glossary.manage'),
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
