import { listClocks } from '../../../modules/referrals/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { listTerms } from '../../../platform/glossary.ts';
import type { GlossaryTerm } from '../../../platform/glossary.ts';
import { choiceOf } from '../../choices.ts';
import { folded } from '../../folded.ts';
import { wantsCsv } from '../../list.ts';
import { smallCsv, smallList } from '../../small-list.ts';
import type { SmallColumn, SmallList } from '../../small-list.ts';
import { pathText, queryText, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { CLOCKS_SHOWN, FORM_KEYS, FORMS_OPEN, TOPICS } from './topics.ts';

const TERMS_PER_PAGE = 40;
const SEARCH_CHARS = 100;

/** What help has, by topic. It tells no secret and needs no account: whoever trains staff may show it. */
const helpPage: Page = { path: '/help', access: 'public', get: async (visit) => view('anyone/help', { topic: null, topics: TOPICS, glossary: null, canTour: visit.isSignedIn }) };

const topicPage: Page = {
  path: '/help/:topic',
  access: 'public',
  get: async (visit) => {
    const key = pathText(visit, 'topic');
    if (key === 'glossary') return glossary(visit);
    const topic = TOPICS.find((one) => one.key === key);
    if (!topic) throw new AppError('not_found', 'web.no_such_page');
    return view('anyone/help', {
      topic, topics: TOPICS, glossary: null, canTour: visit.isSignedIn,
      forms: topic.shows === 'forms' ? FORM_KEYS.map((form) => ({ key: form, isConfirmed: !FORMS_OPEN.includes(form) })) : [], clocks: topic.shows === 'clocks' ? clocksOf(visit) : [],
    });
  },
};

/** The lengths are those of the table by which the program counts. */
function clocksOf({ t }: Visit) {
  const rules = listClocks();
  return CLOCKS_SHOWN.flatMap((key) => rules.filter(({ clock }) => clock === key)).map(({ clock, citation, dayKind, length, side, sense, confirmed }) => ({
    name: t(`clocks:name.${clock.replaceAll('.', '_')}`), citation, isConfirmed: confirmed, whose: t(`help:whose_${side === 'theirs' ? 'yours' : sense === 'earliest' ? 'first' : clock.startsWith('collection.') ? 'sdu' : 'county'}`),
    length: 'weeks' in length ? t('help:length_weeks', { count: length.weeks }) : 'months' in length ? t('help:length_months', { count: length.months })
      : t(dayKind === 'calendar' ? 'help:length_calendar' : 'help:length_working', { count: length.days }),
  }));
}

/** Each language stands in its own order, whoever reads it. */
function termsList({ t }: Visit, rows: readonly GlossaryTerm[]): SmallList<GlossaryTerm> {
  const column = (key: 'en' | 'es_mx' | 'es_us' | 'ko', language: string): SmallColumn<GlossaryTerm> =>
    ({ key, label: t(`help:glossary.${key}`), language, by: ({ words }) => words[key] || null, cells: ({ words }) => words[key] });
  return {
    name: '', file: 'terms', rows, pageSize: TERMS_PER_PAGE, usual: { by: 'en', isDescending: false }, idOf: ({ id }) => id,
    columns: [column('en', 'en'), column('es_mx', 'es-MX'), column('es_us', 'es-US'), column('ko', 'ko'), { key: 'status', label: t('help:to_confirm'), isFileOnly: true, cells: ({ status }) => (status === 'review' ? t('help:glossary.review') : '') }],
  };
}

/** The terms of the packets, in the languages in which they are printed. The file is for those signed in: each is written down. */
async function glossary(visit: Visit): Promise<Reply> {
  const search = queryText(visit, 'q', SEARCH_CHARS);
  const sought = folded(search);
  const standing = choiceOf(visit, 'standing', visit.t('lists:state'), [['review', visit.t('help:to_confirm')]] as const);
  const list = termsList(visit, listTerms().filter(({ words, status }) => (standing.value === '' || status === standing.value) && folded(`${words.en}\n${words.es_us}\n${words.es_mx}\n${words.ko}`).includes(sought)));
  if (wantsCsv(visit) && visit.isSignedIn) return smallCsv(visit, list);
  const { rows, csv, ...shown } = smallList(visit, list);
  return view('anyone/help', {
    ...shown, csv: visit.isSignedIn ? csv : null, topic: null, topics: TOPICS, canTour: visit.isSignedIn, search, choices: [standing], kept: [['sort', queryText(visit, 'sort', 40)]],
    glossary: rows.map(({ words, status }) => ({ ...words, status })),
  });
}

export const helpPages: readonly Page[] = [helpPage, topicPage];
