import { listConversations, listNewMessages } from '../../../modules/exchange/index.ts';
import { listPartners } from '../../../modules/partners/index.ts';
import { exchangeWord } from '../../conversation-line.ts';
import { pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryPage, queryText, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';

const PAGE_SIZE = 25;

/** Everything said with partners, the latest first; for an officer the own office's, what is new before all else. */
export const conversationsPage: Page = {
  path: '/conversations',
  access: 'messages.view',
  get: (visit) => (visit.ctx.actor.partner === null ? showAll(visit) : showOwn(visit, visit.ctx.actor.partner)),
};

async function showAll(visit: Visit): Promise<Reply> {
  const [asked, page] = [queryText(visit, 'partner', 80), queryPage(visit)];
  const partners = listPartners().map(({ partnerId }) => ({ partnerId, name: partnerNameOf(partnerId, visit, 'short') }));
  const partnerId = partners.find((one) => one.partnerId === asked)?.partnerId;
  const { rows, total } = await listConversations(visit.ctx, { partnerId, page, pageSize: PAGE_SIZE });
  return view('attorney/conversations', {
    partners, partnerId: partnerId ?? '', rows: rows.map((row) => ({ ...row, about: exchangeWord(visit, 'subject', row.subject), partner: partnerNameOf(row.partnerId, visit, 'short') })),
    paging: pagingNumbered(visit, page, page * PAGE_SIZE < total),
  });
}

async function showOwn(visit: Visit, partnerId: string): Promise<Reply> {
  const page = queryPage(visit);
  const { rows, total } = await listConversations(visit.ctx, { page, pageSize: PAGE_SIZE });
  const fresh = await listNewMessages(visit.ctx, partnerId);
  const isNew = new Set(fresh.map(({ conversationId }) => conversationId));
  return view('officer/conversations', {
    fresh: fresh.map((one) => ({ ...one, title: exchangeWord(visit, 'kind', one.kind) })),
    rows: rows.map((row) => ({ ...row, about: exchangeWord(visit, 'subject', row.subject), isNew: isNew.has(row.conversationId) })),
    paging: pagingNumbered(visit, page, page * PAGE_SIZE < total),
  });
}
