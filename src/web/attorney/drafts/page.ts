import { listDrafts, OUTGOING_SORTS } from '../../../modules/exchange/index.ts';
import type { OutgoingSort } from '../../../modules/exchange/index.ts';
import { exchangeWord } from '../../conversation-line.ts';
import { allPages, csvAddress, csvOf, headsOf, wantsCsv } from '../../list.ts';
import type { Column, Sort } from '../../list.ts';
import { pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryPage, queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';
import { partnerList } from '../partner-list.ts';

const PAGE_SIZE = 25;
const CSV_STEP = 200;

function columnsOf({ t }: Visit): Column<OutgoingSort>[] {
  return [
    { label: t('conversations:draft.since'), sort: 'since' }, { label: t('casefile:list.message'), sort: 'kind' }, { label: t('conversations:list.partner'), sort: 'partner' },
    { label: t('conversations:list.ours'), sort: 'ours' }, { label: t('conversations:list.theirs'), sort: 'theirs' },
  ];
}

/** Messages that are written and have not left. */
export const draftsPage: Page = {
  path: '/drafts',
  access: 'messages.send',
  get: async (visit) => {
    const { partners, partnerId, sort } = partnerList(visit, OUTGOING_SORTS, { by: 'since', isDescending: true });
    const [columns, page] = [columnsOf(visit), queryPage(visit)];
    if (wantsCsv(visit)) return csvOf(visit, 'drafts', columns.map(({ label }) => label), lines(visit, partnerId, sort));
    const { rows, total } = await listDrafts(visit.ctx, { partnerId, order: sort, page, pageSize: PAGE_SIZE });
    return view('attorney/drafts', {
      partners, partnerId: partnerId ?? '', heads: headsOf(visit, columns, sort), csv: csvAddress(visit),
      rows: rows.map((row) => ({ ...row, title: exchangeWord(visit, 'kind', row.kind), partner: partnerNameOf(row.partnerId, visit, 'short'), isOfRule: row.cause?.startsWith('reminder ') ?? false })),
      done: queryText(visit, 'done', 12) === 'discarded' ? visit.t('conversations:done.discarded') : null, paging: pagingNumbered(visit, page, page * PAGE_SIZE < total),
    });
  },
};

async function* lines(visit: Visit, partnerId: string | undefined, order: Sort<OutgoingSort>): AsyncGenerator<string[]> {
  for await (const row of allPages(async (page) => {
    const { rows, total } = await listDrafts(visit.ctx, { partnerId, order, page, pageSize: CSV_STEP });
    return { rows, hasNext: page * CSV_STEP < total };
  })) yield [row.storedAt.toISOString(), exchangeWord(visit, 'kind', row.kind), partnerNameOf(row.partnerId, visit, 'short'), row.ourFileNumber ?? '', row.partnerFileNumber ?? ''];
}
