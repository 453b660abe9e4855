import { isAllowed } from '../../../platform/authorise.ts';
import { conversationOfReferral } from '../../../modules/exchange/index.ts';
import { getReferral } from '../../../modules/referrals/index.ts';
import { allowingLines } from '../../agreement-line.ts';
import { hopLines, timelineLines } from '../../conversation-line.ts';
import { hopName, movesToOffer, setsFor } from '../../referral-moves.ts';
import { pathText, redirect, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';

const SAID_SHOWN = 40;

/** One referral as the partner's officer receives it: what is asked, the packet, where it stands, and what the officer may tell. */
export const receivedReferralPage: Page = {
  path: '/inbox/:referralId',
  access: 'referrals.view',
  get: async (visit) => {
    const { ctx } = visit;
    const referral = await getReferral(ctx, pathText(visit, 'referralId'));
    if (ctx.actor.partner === null) return redirect(`/referrals/${encodeURIComponent(referral.referralId)}`);
    const conversation = isAllowed(ctx, 'messages.view') ? await conversationOfReferral(ctx, referral.referralId) : null;
    return view('officer/referral', {
      said: conversation && { conversation, hops: hopLines(visit, conversation), ...timelineLines(visit, conversation, SAID_SHOWN) },
      referral, packets: referral.packets, isOfficer: true,
      moves: isAllowed(ctx, 'referrals.move') ? movesToOffer(referral) : [],
      agreements: referral.sentUnder && allowingLines(referral.sentUnder, visit), canSeeAgreements: isAllowed(ctx, 'agreements.view'),
      hopName: (hop: string) => hopName(hop, visit),
      canPrint: isAllowed(ctx, 'packets.print'),
      sets: setsFor(referral.partnerId),
    });
  },
};
