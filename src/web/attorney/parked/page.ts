import { getParked, MESSAGE_KINDS, PARKED_SORTS, listParked, listRefused, messageNumbers, readMessageContent, settleParked } from '../../../modules/exchange/index.ts';
import type { ParkedMessage, ParkedQuery, Settlement } from '../../../modules/exchange/index.ts';
import { MOVE_REASONS } from '../../../modules/referrals/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { codeLine, exchangeWord } from '../../conversation-line.ts';
import { bodyIn, codeWords, languagesOf, remarkLines } from '../../message-body.ts';
import type { FormFault } from '../../message-form.ts';
import { choiceOf, chosen } from '../../choices.ts';
import { csvAddress, csvOf, everyPage, headsOf, noteShown, telling, wantsCsv } from '../../list.ts';
import type { Line } from '../../list.ts';
import { pagingBehind } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, pathText, queryPlace, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { showingOf } from '../message/reveal.ts';
import { partnerList } from '../partner-list.ts';

const PAGE_SIZE = 25;
const CSV_STEP = 200;
const REFUSED_SHOWN = 20;
const OUTCOMES = ['done', 'tie', 'again', 'not_recognised', 'refuse'] as const;
const TOLD = ['referral.not_found', 'message.no_conversation', 'conversation.tied_elsewhere', 'agreement.none_allows', 'message.not_parked', 'message.invalid'];

interface Entered {
  readonly outcome: string;
  readonly reason: string;
  readonly referral: string;
}

function lineOf(visit: Visit, parked: ParkedMessage) {
  const words = wordsFor(visit.language);
  const { message } = parked;
  return {
    ...parked, title: exchangeWord(visit, 'kind', message.kind), partner: partnerNameOf(message.partnerId, visit, 'short'), href: `/parked/${encodeURIComponent(message.messageId)}`,
    why: parked.reasons.map((code) => words.reason(code)), code: codeLine(message.code, visit),
  };
}

/** What came in and waits for a person, the oldest first. */
const parkedPage: Page = {
  path: '/parked',
  access: 'messages.settle',
  get: async (visit) => {
    const { partners, partnerId, sort } = partnerList(visit, PARKED_SORTS, { by: 'since', isDescending: false });
    const kind = choiceOf(visit, 'kind', visit.t('casefile:list.message'), MESSAGE_KINDS.map((one) => [one, exchangeWord(visit, 'kind', one)] as const));
    const choices = [choiceOf(visit, 'partner', visit.t('web:referral.partner'), partners.map((one) => [one.partnerId, one.name] as const)), kind];
    const query = { partnerId, kind: chosen(kind), order: sort };
    if (wantsCsv(visit)) return csvOf(visit, 'parked', CSV_HEADS.map((key) => visit.t(key)), csvLines(visit, query));
    const { rows, ...found } = await listParked(visit.ctx, { ...query, ...queryPlace(visit), pageSize: PAGE_SIZE });
    await noteShown(visit, 'parked', rows, ({ messageId }) => ({ message: messageId }));
    const refused = found.page === 1 ? (await listRefused(visit.ctx, { pageSize: REFUSED_SHOWN })).rows : [];
    const words = wordsFor(visit.language);
    return view('attorney/parked', {
      choices, kept: [['sort', queryText(visit, 'sort', 40)]], csv: csvAddress(visit), isNarrowed: choices.some(({ value }) => value !== ''),
      orders: headsOf(visit, [{ label: visit.t('conversations:parked.since'), sort: 'since' }, { label: visit.t('casefile:list.message'), sort: 'kind' }, { label: visit.t('web:referral.partner'), sort: 'partner' }], sort),
      refused: refused.map((row) => ({
        href: `/messages/${encodeURIComponent(row.messageId)}`, title: exchangeWord(visit, 'kind', row.kind), partner: partnerNameOf(row.partnerId, visit, 'short'), when: visit.format.instant(row.storedAt),
        why: row.findings.filter(({ severity }) => severity === 'block').map((finding) => words.finding(finding)),
      })),
      lines: rows.map((row) => lineOf(visit, row)), done: queryText(visit, 'done', 12) === 'settled' ? visit.t('conversations:done.settled') : null, paging: pagingBehind(visit, found),
    });
  },
};

const CSV_HEADS = ['conversations:parked.since', 'casefile:list.message', 'web:referral.partner', 'conversations:parked.why', 'conversations:list.ours', 'conversations:list.theirs'];

async function* csvLines(visit: Visit, query: ParkedQuery): AsyncGenerator<Line> {
  for await (const row of everyPage((place) => listParked(visit.ctx, { ...query, ...place, pageSize: CSV_STEP }))) {
    const line = lineOf(visit, row);
    yield telling([row.changedAt.toISOString(), line.title, line.partner, line.why.join(', '), row.conversation?.ourFileNumber ?? '', row.conversation?.partnerFileNumber ?? ''], { message: row.messageId });
  }
}

async function show(visit: Visit, entered: Entered, faults: readonly FormFault[]): Promise<Reply> {
  const parked = await getParked(visit.ctx, pathText(visit, 'messageId'));
  const { message, content } = await readMessageContent(visit.ctx, parked.messageId);
  const body = content?.[message.kind] ?? null;
  // Only what its conversation allows: without one there is nothing to tie.
  const outcomes = OUTCOMES.filter((one) => one !== 'tie' || (message.conversationId !== null && parked.conversation?.referralId === null));
  return view('attorney/parked/one', {
    ...lineOf(visit, parked), caseload: message.kind === 'caseloadReconciliation' && isAllowed(visit.ctx, 'caseload.compare') ? `/caseload?partner=${encodeURIComponent(message.partnerId)}` : null, isOpen: parked.state === 'parked', work: exchangeWord(visit, 'work', parked.state), outcomes, entered, faults,
    reasonsToRefuse: (MOVE_REASONS.refuse ?? []).map((code) => ({ code, words: codeWords(code, visit.language) ?? code })), says: bodyIn(body, languagesOf(message.partnerId, visit.language), 'America/Los_Angeles', await messageNumbers(visit.ctx, { message, content })), showing: showingOf(visit, message.messageId, 'parked'), remarks: remarkLines(body),
  }, faults.length > 0 ? 422 : 200);
}

/** The decision as it was typed; what is missing in words. */
function settlementOf(visit: Visit, { outcome, reason, referral }: Entered): Settlement | FormFault {
  switch (outcome) {
    case 'done': case 'again': case 'not_recognised': return { outcome };
    case 'refuse': return reason === '' ? { field: 'reason', text: visit.t('conversations:parked.reason_needed') } : { outcome, reason };
    case 'tie': return referral === '' ? { field: 'referral', text: visit.t('conversations:parked.referral_needed') } : { outcome, referralId: referral };
    default: return { field: 'outcome', text: visit.t('conversations:parked.outcome_needed') };
  }
}

const NOTHING: Entered = { outcome: '', reason: '', referral: '' };

const onePage: Page = {
  path: '/parked/:messageId',
  access: 'messages.settle',
  get: (visit) => show(visit, NOTHING, []),
  post: async (visit) => {
    const entered: Entered = { outcome: field(visit, 'outcome', 20), reason: field(visit, 'reason', 60), referral: field(visit, 'referral', 60) };
    const settlement = settlementOf(visit, entered);
    if ('field' in settlement) return show(visit, entered, [settlement]);
    try {
      await settleParked(visit.ctx, pathText(visit, 'messageId'), settlement);
    } catch (error) {
      if (!(error instanceof AppError) || !TOLD.includes(error.code)) throw error;
      return show(visit, entered, [{ field: settlement.outcome === 'tie' ? 'referral' : 'outcome', text: wordsFor(visit.language).error(error.code, error.params) }]);
    }
    return redirect('/parked?done=settled');
  },
};

export const parkedPages: readonly Page[] = [parkedPage, onePage];
