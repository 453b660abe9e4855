import { CONVERSATION_SORTS, CONVERSATION_SUBJECTS, listConversations, listNewMessages } from '../../../modules/exchange/index.ts';
import type { ConversationQuery, ConversationRow, ConversationSort } from '../../../modules/exchange/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { choiceOf, chosen } from '../../choices.ts';
import { exchangeWord } from '../../conversation-line.ts';
import { allPages, csvAddress, csvOf, headsOf, sortOf, wantsCsv } from '../../list.ts';
import type { Column } from '../../list.ts';
import { pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryPage, queryText, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { partnerList } from '../partner-list.ts';

const PAGE_SIZE = 25;
const CSV_STEP = 200;

/** Everything said with partners, the latest first; for an officer the own office's, what is new before all else. */
export const conversationsPage: Page = {
  path: '/conversations',
  access: 'messages.view',
  get: (visit) => (visit.ctx.actor.partner === null ? showAll(visit) : showOwn(visit, visit.ctx.actor.partner)),
};

function columnsOf({ t }: Visit): Column<ConversationSort>[] {
  return (['last', 'subject', 'partner', 'ours', 'theirs'] as const).map((key) => ({ label: t(`conversations:list.${key}`), sort: key }));
}

async function showAll(visit: Visit): Promise<Reply> {
  const { partners, partnerId, sort } = partnerList(visit, CONVERSATION_SORTS, { by: 'last', isDescending: true });
  const [columns, page] = [columnsOf(visit), queryPage(visit)];
  if (wantsCsv(visit)) return csvOf(visit, 'conversations', columns.map(({ label }) => label), lines(visit, { partnerId, order: sort }));
  const { rows, total } = await listConversations(visit.ctx, { partnerId, order: sort, page, pageSize: PAGE_SIZE });
  return view('attorney/conversations', {
    partners, partnerId: partnerId ?? '', heads: headsOf(visit, columns, sort), csv: csvAddress(visit), canBegin: isAllowed(visit.ctx, 'messages.send'),
    rows: rows.map((row) => ({ ...row, about: exchangeWord(visit, 'subject', row.subject), partner: partnerNameOf(row.partnerId, visit, 'short') })),
    paging: pagingNumbered(visit, page, page * PAGE_SIZE < total),
  });
}

const allConversations = (visit: Visit, query: ConversationQuery): AsyncGenerator<ConversationRow> => allPages(async (page) => {
  const { rows, total } = await listConversations(visit.ctx, { ...query, page, pageSize: CSV_STEP });
  return { rows, hasNext: page * CSV_STEP < total };
});

async function* lines(visit: Visit, query: Pick<ConversationQuery, 'partnerId' | 'order'>): AsyncGenerator<string[]> {
  for await (const row of allConversations(visit, query)) {
    yield [row.lastMessageAt.toISOString(), exchangeWord(visit, 'subject', row.subject), partnerNameOf(row.partnerId, visit, 'short'), row.ourFileNumber ?? '', row.partnerFileNumber ?? ''];
  }
}

const OWN_SORTS = ['last', 'subject', 'theirs', 'ours'] as const;

async function showOwn(visit: Visit, partnerId: string): Promise<Reply> {
  const [page, sort] = [queryPage(visit), sortOf(visit, OWN_SORTS, { by: 'last', isDescending: true })];
  const { t } = visit;
  const columns: Column<(typeof OWN_SORTS)[number]>[] = [
    { label: t('conversations:list.last'), sort: 'last' }, { label: t('conversations:list.subject'), sort: 'subject' }, { label: t('conversations:mine.your_number'), sort: 'theirs' },
    { label: t('conversations:mine.county_number'), sort: 'ours' },
  ];
  const about = choiceOf(visit, 'about', t('lists:about'), CONVERSATION_SUBJECTS.map((subject) => [subject, exchangeWord(visit, 'subject', subject)] as const));
  const query = { order: sort, subject: chosen(about) };
  if (wantsCsv(visit)) return csvOf(visit, 'conversations', columns.map(({ label }) => label), ownLines(visit, query));
  const { rows, total } = await listConversations(visit.ctx, { ...query, page, pageSize: PAGE_SIZE });
  const fresh = await listNewMessages(visit.ctx, partnerId);
  const isNew = new Set(fresh.map(({ conversationId }) => conversationId));
  return view('officer/conversations', {
    fresh: fresh.map((one) => ({ ...one, title: exchangeWord(visit, 'kind', one.kind) })), choices: [about], kept: [['sort', queryText(visit, 'sort', 40)]], heads: headsOf(visit, columns, sort), csv: csvAddress(visit),
    rows: rows.map((row) => ({ ...row, about: exchangeWord(visit, 'subject', row.subject), isNew: isNew.has(row.conversationId) })),
    paging: pagingNumbered(visit, page, page * PAGE_SIZE < total),
  });
}

async function* ownLines(visit: Visit, query: Pick<ConversationQuery, 'order' | 'subject'>): AsyncGenerator<string[]> {
  for await (const row of allConversations(visit, query)) yield [row.lastMessageAt.toISOString(), exchangeWord(visit, 'subject', row.subject), row.partnerFileNumber ?? '', row.ourFileNumber ?? ''];
}
