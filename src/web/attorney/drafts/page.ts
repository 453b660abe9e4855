import { listDrafts, OUTGOING_SORTS } from '../../../modules/exchange/index.ts';
import type { OutgoingSort } from '../../../modules/exchange/index.ts';
import { exchangeWord } from '../../conversation-line.ts';
import { csvAddress, csvOf, everyPage, headsOf, noteShown, telling, wantsCsv } from '../../list.ts';
import type { Column, Line, Sort } from '../../list.ts';
import { pagingBehind } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryPlace, queryText, view } from '../../visit.ts';
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
    const columns = columnsOf(visit);
    if (wantsCsv(visit)) return csvOf(visit, 'drafts', columns.map(({ label }) => label), lines(visit, partnerId, sort));
    const { rows, ...found } = await listDrafts(visit.ctx, { partnerId, order: sort, ...queryPlace(visit), pageSize: PAGE_SIZE });
    await noteShown(visit, 'drafts', rows, ({ messageId }) => ({ message: messageId }));
    return view('attorney/drafts', {
      partners, partnerId: partnerId ?? '', heads: headsOf(visit, columns, sort), csv: csvAddress(visit),
      rows: rows.map((row) => ({ ...row, title: exchangeWord(visit, 'kind', row.kind), partner: partnerNameOf(row.partnerId, visit, 'short'), isOfRule: row.cause?.startsWith('reminder ') ?? false })),
      done: queryText(visit, 'done', 12) === 'discarded' ? visit.t('conversations:done.discarded') : null, paging: pagingBehind(visit, found),
    });
  },
};

async function* lines(visit: Visit, partnerId: string | undefined, order: Sort<OutgoingSort>): AsyncGenerator<Line> {
  for await (const row of everyPage((place) => listDrafts(visit.ctx, { partnerId, order, ...place, pageSize: CSV_STEP }))) yield telling([row.storedAt.toISOString(), exchangeWord(visit, 'kind', row.kind), partnerNameOf(row.partnerId, visit, 'short'), row.ourFileNumber ?? '', row.partnerFileNumber ?? ''], { message: row.messageId });
}
