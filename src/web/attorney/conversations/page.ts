import { CONVERSATION_SORTS, CONVERSATION_SUBJECTS, listConversations, listNewMessages } from '../../../modules/exchange/index.ts';
import type { ConversationQuery, ConversationRow, ConversationSort } from '../../../modules/exchange/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { choiceOf, chosen } from '../../choices.ts';
import { exchangeWord } from '../../conversation-line.ts';
import { csvAddress, csvOf, everyPage, headsOf, noteShown, sortOf, telling, wantsCsv } from '../../list.ts';
import type { Column, Line } from '../../list.ts';
import { pagingBehind } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryPlace, queryText, view } from '../../visit.ts';
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
  const columns = columnsOf(visit);
  if (wantsCsv(visit)) return csvOf(visit, 'conversations', columns.map(({ label }) => label), lines(visit, { partnerId, order: sort }));
  const { rows, ...found } = await listConversations(visit.ctx, { partnerId, order: sort, ...queryPlace(visit), pageSize: PAGE_SIZE });
  await noteShown(visit, 'conversations', rows, ({ conversationId }) => ({ conversation: conversationId }));
  return view('attorney/conversations', {
    partners, partnerId: partnerId ?? '', heads: headsOf(visit, columns, sort), csv: csvAddress(visit), canBegin: isAllowed(visit.ctx, 'messages.send'),
    rows: rows.map((row) => ({ ...row, about: exchangeWord(visit, 'subject', row.subject), partner: partnerNameOf(row.partnerId, visit, 'short') })),
    paging: pagingBehind(visit, found),
  });
}

const allConversations = (visit: Visit, query: ConversationQuery): AsyncGenerator<ConversationRow> => everyPage((place) => listConversations(visit.ctx, { ...query, ...place, pageSize: CSV_STEP }));

async function* lines(visit: Visit, query: Pick<ConversationQuery, 'partnerId' | 'order'>): AsyncGenerator<Line> {
  for await (const row of allConversations(visit, query)) {
    yield telling([row.lastMessageAt.toISOString(), exchangeWord(visit, 'subject', row.subject), partnerNameOf(row.partnerId, visit, 'short'), row.ourFileNumber ?? '', row.partnerFileNumber ?? ''], { conversation: row.conversationId });
  }
}

const OWN_SORTS = ['last', 'subject', 'theirs', 'ours'] as const;

async function showOwn(visit: Visit, partnerId: string): Promise<Reply> {
  const sort = sortOf(visit, OWN_SORTS, { by: 'last', isDescending: true });
  const { t } = visit;
  const columns: Column<(typeof OWN_SORTS)[number]>[] = [
    { label: t('conversations:list.last'), sort: 'last' }, { label: t('conversations:list.subject'), sort: 'subject' }, { label: t('conversations:mine.your_number'), sort: 'theirs' },
    { label: t('conversations:mine.county_number'), sort: 'ours' },
  ];
  const about = choiceOf(visit, 'about', t('lists:about'), CONVERSATION_SUBJECTS.map((subject) => [subject, exchangeWord(visit, 'subject', subject)] as const));
  const query = { order: sort, subject: chosen(about) };
  if (wantsCsv(visit)) return csvOf(visit, 'conversations', columns.map(({ label }) => label), ownLines(visit, query));
  const { rows, ...found } = await listConversations(visit.ctx, { ...query, ...queryPlace(visit), pageSize: PAGE_SIZE });
  await noteShown(visit, 'conversations', rows, ({ conversationId }) => ({ conversation: conversationId }));
  const fresh = await listNewMessages(visit.ctx, partnerId);
  const isNew = new Set(fresh.map(({ conversationId }) => conversationId));
  return view('officer/conversations', {
    fresh: fresh.map((one) => ({ ...one, title: exchangeWord(visit, 'kind', one.kind) })), choices: [about], kept: [['sort', queryText(visit, 'sort', 40)]], heads: headsOf(visit, columns, sort), csv: csvAddress(visit),
    rows: rows.map((row) => ({ ...row, about: exchangeWord(visit, 'subject', row.subject), isNew: isNew.has(row.conversationId) })),
    paging: pagingBehind(visit, found),
  });
}

async function* ownLines(visit: Visit, query: Pick<ConversationQuery, 'order' | 'subject'>): AsyncGenerator<Line> {
  for await (const row of allConversations(visit, query)) yield telling([row.lastMessageAt.toISOString(), exchangeWord(visit, 'subject', row.subject), row.partnerFileNumber ?? '', row.ourFileNumber ?? ''], { conversation: row.conversationId });
}
