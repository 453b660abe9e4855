import { getConversation, listDocumentRequests } from '../../../modules/exchange/index.ts';
import type { OpenDocumentRequest } from '../../../modules/exchange/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { exchangeWord, hopLines, timelineLines } from '../../conversation-line.ts';
import { codeWords } from '../../message-body.ts';
import { kindsToWrite } from '../../message-form.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { pathText, queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';

const DONE = ['sent', 'draft', 'review', 'received', 'settled'];

interface AskedPapers {
  readonly by: string;
  readonly needed: string | null;
  /** Where it stands, part by part. */
  readonly parts: readonly string[];
  readonly isClosed: boolean;
}

async function papersOf(visit: Visit, conversationId: string): Promise<AskedPapers[]> {
  return (await listDocumentRequests(visit.ctx, conversationId)).map((one) => ({
    by: visit.t(`conversations:one.papers_by_${one.by}`), needed: one.neededBy === null ? null : visit.t('conversations:one.papers_needed', { day: visit.format.date(one.neededBy) }),
    parts: partsOf(visit, one), isClosed: one.isClosed,
  }));
}

function partsOf({ t, format, language }: Visit, { supplied, unavailable, promised, missing }: OpenDocumentRequest): string[] {
  const count = (key: string, papers: readonly unknown[], params = {}): string[] => (papers.length === 0 ? [] : [t(`conversations:one.${key}`, { count: papers.length, ...params })]);
  const days = [...new Set(promised.map(({ on }) => on))].sort();
  return [
    ...count('papers_supplied', supplied),
    ...days.flatMap((on) => {
      const then = promised.filter((one) => one.on === on);
      return on === null ? count('papers_promised_some_day', then) : count('papers_promised', then, { day: format.date(on) });
    }),
    ...count('papers_unavailable', unavailable),
    ...count('papers_missing', missing, { papers: missing.map(({ kind }) => codeWords(kind, language) ?? kind).join(' · ') }),
  ];
}

/** A conversation from its first message to what is awaited: to the agency all of it, to the partner's officer what both sides know. */
export const conversationPage: Page = {
  path: '/conversations/:conversationId',
  access: 'messages.view',
  get: async (visit) => {
    const isOfficer = visit.ctx.actor.partner !== null;
    const conversation = await getConversation(visit.ctx, pathText(visit, 'conversationId'));
    const done = queryText(visit, 'done', 12);
    return view(isOfficer ? 'officer/conversation' : 'attorney/conversation', {
      conversation, canSeeReferral: isAllowed(visit.ctx, 'referrals.view'), about: exchangeWord(visit, 'subject', conversation.subject), partner: partnerNameOf(conversation.partnerId, visit), hops: hopLines(visit, conversation),
      papers: await papersOf(visit, conversation.conversationId), ...timelineLines(visit, conversation),
      kinds: kindsToWrite(visit, conversation).map((kind) => ({ kind, title: exchangeWord(visit, 'kind', kind) })), done: DONE.includes(done) ? visit.t(`conversations:done.${done}`) : null,
    });
  },
};
