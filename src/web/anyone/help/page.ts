import { listClocks } from '../../../modules/referrals/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { listTerms } from '../../../platform/glossary.ts';
import { pagingNumbered } from '../../paging.ts';
import { pathText, queryPage, queryText, view } from '../../visit.ts';
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

const folded = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** The terms of the packets, in the languages in which they are printed. */
function glossary(visit: Visit): Reply {
  const search = queryText(visit, 'q', SEARCH_CHARS);
  const sought = folded(search.normalize('NFC'));
  const found = listTerms().filter(({ words }) => sought === '' || [words.en, words.es_us, words.es_mx].some((text) => folded(text).includes(sought)) || words.ko.includes(search.normalize('NFC')));
  const page = queryPage(visit);
  const from = (page - 1) * TERMS_PER_PAGE;
  return view('anyone/help', {
    topic: null, topics: TOPICS, canTour: visit.isSignedIn, search, total: found.length, glossary: found.slice(from, from + TERMS_PER_PAGE).map(({ words, status }) => ({ ...words, status })), paging: pagingNumbered(visit, page, from + TERMS_PER_PAGE < found.length),
  });
}

export const helpPages: readonly Page[] = [helpPage, topicPage];
