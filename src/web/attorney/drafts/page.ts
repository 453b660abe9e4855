import { listDrafts } from '../../../modules/exchange/index.ts';
import { exchangeWord } from '../../conversation-line.ts';
import { pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryPage, queryText, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';

const PAGE_SIZE = 25;

/** Messages that are written and have not left. */
export const draftsPage: Page = {
  path: '/drafts',
  access: 'messages.send',
  get: async (visit) => {
    const page = queryPage(visit);
    const { rows, total } = await listDrafts(visit.ctx, { page, pageSize: PAGE_SIZE });
    return view('attorney/drafts', {
      rows: rows.map((row) => ({ ...row, title: exchangeWord(visit, 'kind', row.kind), partner: partnerNameOf(row.partnerId, visit, 'short'), isOfRule: row.cause?.startsWith('reminder ') ?? false })),
      done: queryText(visit, 'done', 12) === 'discarded' ? visit.t('conversations:done.discarded') : null, paging: pagingNumbered(visit, page, page * PAGE_SIZE < total),
    });
  },
};
