import { listUnanswered } from '../../../modules/exchange/index.ts';
import { INBOX_SHOWS, INBOX_SORTS, officeDay, readInbox, SOON_DAYS } from '../../../modules/referrals/index.ts';
import type { InboxRow } from '../../../modules/referrals/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { daysBetween } from '../../../platform/dates.ts';
import { exchangeWord } from '../../conversation-line.ts';
import { csvAddress, csvOf, everyPage, headsOf, noteShown, sortOf, telling, wantsCsv } from '../../list.ts';
import type { Line } from '../../list.ts';
import { addressWith, pagingBehind } from '../../paging.ts';
import { queryPlace, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { draftLines } from '../drafts.ts';

const PAGE_SIZE = 25;
const CSV_PAGE = 200;
const SEARCH_CHARS = 200;
/** What is looked at first: the views that the figures on top lead to. */
const TODAY = ['new', 'overdue', 'soon'] as const;

/** How a day stands that the officer should answer by: a hope of the county's, never a duty. */
interface Due {
  readonly on: string;
  readonly days: number;
  readonly tone: 'late' | 'soon' | 'later';
}

function dueOf(visit: Visit, on: string | null): Due | null {
  if (on === null) return null;
  const days = daysBetween(officeDay(visit.ctx), on);
  return { on, days, tone: days < 0 ? 'late' : days <= SOON_DAYS ? 'soon' : 'later' };
}

/** What the county has sent to the officer's office: what is new since this person last looked, what is due, and what was asked and not answered. */
export const inboxPage: Page = {
  path: '/inbox',
  access: 'referrals.view',
  get: async (visit) => {
    const { partner } = visit.ctx.actor;
    if (partner === null) return redirect('/queue');
    return wantsCsv(visit) ? saved(visit) : show(visit, partner);
  },
};

function askedFor(visit: Visit) {
  const sort = sortOf(visit, INBOX_SORTS, { by: 'due', isDescending: false });
  return { search: queryText(visit, 'q', SEARCH_CHARS), show: INBOX_SHOWS.find((one) => one === queryText(visit, 'show', 10)) ?? 'all', sort } as const;
}

async function show(visit: Visit, partner: string): Promise<Reply> {
  const { ctx, t } = visit;
  const asked = askedFor(visit);
  const { rows, counts, ...found } = await readInbox(ctx, { ...asked, ...queryPlace(visit), pageSize: PAGE_SIZE });
  await noteShown(visit, 'inbox', rows, ({ caseId }) => ({ case: caseId }));
  const waiting = isAllowed(ctx, 'messages.view') ? await listUnanswered(ctx, partner) : [];
  const label = (key: string): string => t(`officer:inbox.${key}`);
  return view('officer/inbox', {
    ...asked, drafts: await draftLines(visit), counts, shown: found.total, waitingCount: waiting.length, soonDays: SOON_DAYS,
    waiting: waiting.map((one) => ({ ...one, title: exchangeWord(visit, 'kind', one.kind), due: dueOf(visit, one.neededBy) })),
    today: TODAY.map((key) => ({ key, count: counts[key], href: addressWith(visit, { show: key, page: '' }) })),
    shows: INBOX_SHOWS.map((key) => ({ key, href: addressWith(visit, { show: key === 'all' ? '' : key, page: '' }), isHere: key === asked.show })),
    referrals: rows.map((row) => ({ ...row, due: dueOf(visit, row.dueOn), isTarget: row.dueOn !== null })),
    heads: headsOf(visit, [
      { label: label('due'), sort: 'due' }, { label: label('county_number'), sort: 'case' }, { label: label('own_number'), sort: 'mine' }, { label: label('from') }, { label: label('asked') },
      { label: label('status'), sort: 'status' }, { label: label('received'), sort: 'sent' },
    ], asked.sort),
    csv: csvAddress(visit), paging: pagingBehind(visit, found),
  });
}

async function saved(visit: Visit): Promise<Reply> {
  const { ctx, t } = visit;
  const [asked, words] = [askedFor(visit), wordsFor(visit.language)];
  const keys = ['due', 'county_number', 'own_number', 'from', 'asked', 'status', 'received', 'news', 'reference'];
  const lineOf = (row: InboxRow): string[] => [
    row.dueOn ?? '', row.caseId, row.partnerFileNumber ?? '', words.of('county', row.county), row.services.map((code) => words.label('service', code)).join(', '),
    words.label('status', row.status), row.sentAt.toISOString(), t(row.isNew ? 'officer:inbox.new' : 'officer:inbox.seen'), row.referralId,
  ];
  return csvOf(visit, 'inbox', keys.map((key) => t(`officer:inbox.${key}`)), lines(everyPage((place) => readInbox(ctx, { ...asked, ...place, pageSize: CSV_PAGE })), lineOf));
}

async function* lines(rows: AsyncIterable<InboxRow>, lineOf: (row: InboxRow) => string[]): AsyncGenerator<Line> {
  for await (const row of rows) yield telling(lineOf(row), { case: row.caseId });
}
