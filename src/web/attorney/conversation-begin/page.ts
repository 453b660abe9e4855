import { viewCase } from '../../../modules/cases/index.ts';
import { beginConversation, isMessageKind } from '../../../modules/exchange/index.ts';
import { listReferrals } from '../../../modules/referrals/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { exchangeWord } from '../../conversation-line.ts';
import { kindsToWrite } from '../../message-form.ts';
import type { FormFault } from '../../message-form.ts';
import { referralLine } from '../../referral-line.ts';
import { field, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

const REFERRALS_MAX = 50;
const CASE_MAX = 40;
const TOLD = ['agreement.none_allows', 'message.referral_not_sent', 'referral.not_found'];

interface Entered {
  readonly caseId: string;
  readonly referralId: string;
  readonly kind: string;
}

/** A partner is spoken to about a request that it knows; what can be said begins there. */
async function show(visit: Visit, entered: Entered, faults: readonly FormFault[] = []): Promise<Reply> {
  const caseId = entered.caseId === '' ? null : (await viewCase(visit.ctx, entered.caseId)).supportCase.caseId;
  const referrals = caseId === null ? [] : (await listReferrals(visit.ctx, { caseId, pageSize: REFERRALS_MAX })).rows.filter(({ sharedStatus }) => sharedStatus !== null);
  const kinds = kindsToWrite(visit, { messages: [] });
  return view('attorney/conversation-begin', {
    caseId, entered, faults, kinds: kinds.map((kind) => ({ kind, title: exchangeWord(visit, 'kind', kind) })), referrals: referrals.map((one) => referralLine(one, visit)),
  }, faults.length > 0 ? 422 : 200);
}

async function begin(visit: Visit): Promise<Reply> {
  const entered: Entered = { caseId: field(visit, 'case', CASE_MAX).toUpperCase(), referralId: field(visit, 'referral', 60), kind: field(visit, 'kind', 40) };
  const faults: FormFault[] = [
    ...(entered.referralId === '' ? [{ field: 'referral', text: visit.t('casefile:begin.referral_needed') }] : []),
    ...(isMessageKind(entered.kind) && kindsToWrite(visit, { messages: [] }).includes(entered.kind) ? [] : [{ field: 'kind', text: visit.t('casefile:begin.kind_needed') }]),
  ];
  if (faults.length > 0) return show(visit, entered, faults);
  try {
    const { conversationId } = await beginConversation(visit.ctx, entered.referralId);
    return redirect(`/conversations/${conversationId}/write?kind=${encodeURIComponent(entered.kind)}`);
  } catch (error) {
    if (!(error instanceof AppError) || !TOLD.includes(error.code)) throw error;
    return show(visit, entered, [{ field: 'referral', text: wordsFor(visit.language).error(error.code, error.params) }]);
  }
}

export const conversationBeginPage: Page = {
  path: '/conversations/begin',
  access: 'messages.send',
  get: (visit) => show(visit, { caseId: queryText(visit, 'case', CASE_MAX), referralId: '', kind: '' }),
  post: begin,
};
