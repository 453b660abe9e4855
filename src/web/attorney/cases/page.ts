import { isIdentifierForm, MATCHES_MAX, mayBeIdentifier, PAYING_ROLES, RECEIVING_ROLES, searchCases } from '../../../modules/cases/index.ts';
import type { CaseSortKey, Match, Role, SearchedCases } from '../../../modules/cases/index.ts';
import { casesWithOpenReferral } from '../../../modules/referrals/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { csvAddress, csvOf, headsOf, noteShown, sortOf, telling, wantsCsv } from '../../list.ts';
import type { Line, Sort } from '../../list.ts';
import { addressWith, pagingAfter } from '../../paging.ts';
import { field, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

const PAGE_SIZE = 25;
const UNSEEN_SIZE = 200;
const CSV_STEP = 1_000;
const SEARCH_MAX = 200;
const STATUSES = ['open', 'closed'] as const;
/** Those of the state that this office works for; the person may see fewer. */
const COUNTIES = ['06025', '06037'];

interface Asked {
  readonly search: string;
  readonly status: (typeof STATUSES)[number] | undefined;
  readonly county: string | undefined;
  readonly isReferred: boolean;
}
type Item = SearchedCases['items'][number];
type Sorting = Sort<CaseSortKey>;

function asked(visit: Visit, read: (name: string) => string): Asked {
  const [status, county] = [read('status'), read('county')];
  return {
    search: read('search').slice(0, SEARCH_MAX), status: STATUSES.find((one) => one === status), county: countiesOf(visit).find((one) => one === county),
    isReferred: read('referred') === '1' && isAllowed(visit.ctx, 'referrals.view'),
  };
}

function countiesOf({ ctx }: Visit): readonly string[] {
  return ctx.actor.counties === 'all' ? COUNTIES : ctx.actor.counties;
}

function sortingOf(visit: Visit, { search }: Asked): Sorting {
  const keys: readonly CaseSortKey[] = search === '' ? ['number', 'name', 'opened'] : ['match', 'number', 'name', 'opened'];
  return sortOf(visit, keys, { by: search === '' ? 'number' : 'match', isDescending: false });
}

async function searched(visit: Visit, { search, status, county, isReferred }: Asked, rest: { sort: Sorting; after?: string; pageSize: number; isUnseen?: boolean }): Promise<SearchedCases> {
  const among = isReferred ? await casesWithOpenReferral(visit.ctx) : undefined;
  return searchCases(visit.ctx, { text: search, status, county, among, ...rest });
}

async function list(visit: Visit): Promise<Reply> {
  const what = asked(visit, (name) => queryText(visit, name, SEARCH_MAX));
  // Such an address came from elsewhere: it is neither searched for nor kept on the way to the next page.
  if (isIdentifierForm(what.search)) return redirect('/cases?refused=identifier');
  const sort = sortingOf(visit, what);
  if (wantsCsv(visit)) return csvOf(visit, 'cases', columnsOf(visit).map(({ label }) => label), lines(visit, what, sort));
  const after = queryText(visit, 'after', 15);
  const found = await searched(visit, what, { sort, pageSize: PAGE_SIZE, ...(after === '' ? {} : { after }) });
  // A search writes down by itself what it found.
  if (what.search === '') await noteShown(visit, 'cases', found.items, ({ caseId }) => ({ case: caseId }));
  return shown(visit, what, found, { sort, isUnseen: false, after });
}

/** What was typed comes by a form. What cannot be an identifier gets an address that can be kept; the rest is answered here and stands nowhere. */
async function search(visit: Visit): Promise<Reply> {
  const what = asked(visit, (name) => field(visit, name, SEARCH_MAX));
  if (!mayBeIdentifier(what.search)) return redirect(addressOf(what));
  const sort: Sorting = { by: 'match', isDescending: false };
  const found = await searched(visit, what, { sort, pageSize: UNSEEN_SIZE, isUnseen: true });
  // A number that is no identifier of anybody here, and no identifier by its form, is a number like any other.
  if (!isIdentifierForm(what.search) && !found.items.some(({ match }) => match?.why === 'identifier')) return redirect(addressOf(what));
  return shown(visit, what, found, { sort, isUnseen: true, after: '' });
}

function addressOf({ search: text, status, county, isReferred }: Asked): string {
  const query = new URLSearchParams({ ...(text === '' ? {} : { search: text }), ...(status ? { status } : {}), ...(county ? { county } : {}), ...(isReferred ? { referred: '1' } : {}) });
  return query.size === 0 ? '/cases' : `/cases?${query.toString()}`;
}

function columnsOf({ t }: Visit): { label: string; sort?: CaseSortKey }[] {
  return [
    { label: t('web:cases.number'), sort: 'number' }, { label: t('web:cases.obligor'), sort: 'name' }, { label: t('web:cases.obligee') },
    { label: t('web:cases.county') }, { label: t('web:cases.opened'), sort: 'opened' }, { label: t('web:cases.status') },
  ];
}

function shown(visit: Visit, what: Asked, found: SearchedCases, { sort, isUnseen, after }: { sort: Sorting; isUnseen: boolean; after: string }): Reply {
  const { t, format } = visit;
  const isSearch = what.search !== '';
  const columns = [...columnsOf(visit), ...(isSearch ? [{ label: t('casefile:search.why'), sort: 'match' as const }] : [])];
  const counted = found.matches === null ? null : found.isCut ? t('casefile:search.cut', { count: format.number(MATCHES_MAX) }) : t('casefile:search.matches', { count: found.matches });
  return view('attorney/cases', {
    search: isUnseen ? '' : what.search, isUnseen, isSearch, isLoose: found.isLoose && found.items.length > 0, isRefused: queryText(visit, 'refused', 12) === 'identifier',
    status: what.status ?? '', county: what.county ?? '', isReferred: what.isReferred, canSeeReferrals: isAllowed(visit.ctx, 'referrals.view'), counties: countiesOf(visit), statuses: STATUSES,
    isNarrowed: what.status !== undefined || what.county !== undefined || what.isReferred, counted,
    heads: isUnseen ? columns.map(({ label }) => ({ label, isNumber: false, href: null, order: null })) : headsOf(visit, columns, sort),
    cases: found.items.map((item) => ({ ...item, obligors: namesOf(item, PAYING_ROLES), obligees: namesOf(item, RECEIVING_ROLES), why: item.match ? whyOf(visit, item, item.match) : null })),
    csv: isUnseen ? null : csvAddress(visit), paging: isUnseen ? { previous: null, next: null, here: null, previousIsFirst: false } : pagingAfter(visit, after, found.next), everything: isUnseen ? '/cases' : addressWith(visit, { search: '', status: '', county: '', referred: '', sort: '', after: '', refused: '' }),
  });
}

/** In words, by which number or by whose name a case was found. */
function whyOf(visit: Visit, item: Item, { why, participantId, number }: Match): string {
  if (why === 'partner_number' || (why === 'number_part' && number !== null)) return visit.t(`casefile:search.by.${why === 'partner_number' ? why : 'partner_number_part'}`, { number: number ?? '' });
  const person = item.participants.find((one) => one.participantId === participantId);
  if (person === undefined) return visit.t(`casefile:search.by.${why}`);
  return visit.t(`casefile:search.by.${why}`, { name: nameOf(visit, person), role: wordsFor(visit.language).of('role', person.role) });
}

function nameOf({ language }: Visit, { name, native }: { readonly name: string; readonly native: string | null }): string {
  if (!native || native === name) return name;
  return language === 'ko-KR' ? `${native} (${name})` : `${name} (${native})`;
}

async function* lines(visit: Visit, what: Asked, sort: Sorting): AsyncGenerator<Line> {
  const words = wordsFor(visit.language);
  for (let after: string | null = ''; after !== null;) {
    const found: SearchedCases = await searched(visit, what, { sort, pageSize: CSV_STEP, ...(after === '' ? {} : { after }) });
    for (const item of found.items) {
      const people = (roles: readonly Role[]): string => namesOf(item, roles).map((person) => nameOf(visit, person)).join(', ');
      yield telling([item.caseId, people(PAYING_ROLES), people(RECEIVING_ROLES), words.of('county', item.county), item.openedOn, words.of('case_status', item.status)], { case: item.caseId });
    }
    after = found.next;
  }
}

function namesOf(item: Item, roles: readonly Role[]): { name: string; native: string | null }[] {
  return item.participants.filter((participant) => roles.includes(participant.role));
}

/** The cases of the person's counties, and the search for one of them. */
export const casesPage: Page = { path: '/cases', access: 'cases.view', get: list, post: search };
