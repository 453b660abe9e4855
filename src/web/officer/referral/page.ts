import { isAllowed } from '../../../platform/authorise.ts';
import { conversationOfReferral } from '../../../modules/exchange/index.ts';
import type { ConversationView } from '../../../modules/exchange/index.ts';
import { getReferral, markOpened } from '../../../modules/referrals/index.ts';
import type { ReferralView } from '../../../modules/referrals/index.ts';
import { allowingLines } from '../../agreement-line.ts';
import { exchangeWord, hopLines, timelineLines } from '../../conversation-line.ts';
import { formOfMove, kindsToWrite } from '../../message-form.ts';
import { hopName, movesToOffer, setsFor } from '../../referral-moves.ts';
import { pathText, queryText, redirect, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';

const SAID_SHOWN = 40;
/** What an officer may say of a request, by what it is for; the first that is possible is offered first. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  acknowledge: ['receive', 'deliver', 'accept', 'report_incomplete', 'forward', 'refuse'], ask: ['ask', 'instruct_closure', 'withdraw'], answer: ['begin', 'report_status', 'answer', 'resume', 'supply'],
};
/** A request whose state is among these awaits the officer's first word. */
const UNACKNOWLEDGED = ['sent', 'delivered', 'forwarded'];

/** One referral as the partner's officer receives it: what is asked, the packet, where it stands, and what the officer may tell. */
export const receivedReferralPage: Page = {
  path: '/inbox/:referralId',
  access: 'referrals.view',
  get: async (visit) => {
    const { ctx } = visit;
    const referral = await getReferral(ctx, pathText(visit, 'referralId'));
    if (ctx.actor.partner === null) return redirect(`/referrals/${encodeURIComponent(referral.referralId)}`);
    if (visit.req.method === 'GET') await markOpened(ctx, referral.referralId);
    const conversation = isAllowed(ctx, 'messages.view') ? await conversationOfReferral(ctx, referral.referralId) : null;
    return view('officer/referral', {
      said: conversation && { conversation, hops: hopLines(visit, conversation), ...timelineLines(visit, conversation, SAID_SHOWN) },
      referral, packets: referral.packets, isOfficer: true, groups: groupsOf(visit, referral, conversation), kinds: conversation ? kindsOf(visit, conversation) : [],
      isUnacknowledged: UNACKNOWLEDGED.includes(referral.status), done: queryText(visit, 'done', 10) === 'told' ? visit.t('officer:tell.done') : null,
      agreements: referral.sentUnder && allowingLines(referral.sentUnder, visit), canSeeAgreements: isAllowed(ctx, 'agreements.view'),
      hopName: (hop: string) => hopName(hop, visit),
      canPrint: isAllowed(ctx, 'packets.print'),
      sets: setsFor(referral.partnerId),
    });
  },
};

/** A question is put by a message; before there can be one, it is not offered. */
function groupsOf(visit: Visit, referral: ReferralView, conversation: ConversationView | null) {
  const canAsk = conversation !== null && formOfMove('ask', visit, conversation) !== null;
  const offered = isAllowed(visit.ctx, 'referrals.move') ? movesToOffer(referral).filter(({ move }) => move !== 'ask' || canAsk) : [];
  return Object.entries(GROUPS).flatMap(([key, moves]) => {
    const found = moves.flatMap((move) => offered.filter((one) => one.move === move));
    return found.length === 0 ? [] : [{ key, moves: found.map(({ move }) => ({ move, href: `/inbox/${encodeURIComponent(referral.referralId)}/tell?move=${move}` })) }];
  });
}

/** What can be written in words, on the page of messages. */
function kindsOf(visit: Visit, conversation: ConversationView) {
  return kindsToWrite(visit, conversation).map((kind) => ({ title: exchangeWord(visit, 'kind', kind), href: `/conversations/${conversation.conversationId}/write?kind=${kind}` }));
}
