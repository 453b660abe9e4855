import { isAllowed } from '../../../platform/authorise.ts';
import { getReferral } from '../../../modules/referrals/index.ts';
import { allowingLines } from '../../agreement-line.ts';
import { hopName, movesToOffer, setsFor } from '../../referral-moves.ts';
import { pathText, redirect, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';

/** One referral as the partner's officer receives it: what is asked, the packet, where it stands, and what the officer may tell. */
export const receivedReferralPage: Page = {
  path: '/inbox/:referralId',
  access: 'referrals.view',
  get: async (visit) => {
    const { ctx } = visit;
    const referral = await getReferral(ctx, pathText(visit, 'referralId'));
    if (ctx.actor.partner === null) return redirect(`/referrals/${encodeURIComponent(referral.referralId)}`);
    return view('officer/referral', {
      referral, packets: referral.packets, isOfficer: true,
      moves: isAllowed(ctx, 'referrals.move') ? movesToOffer(referral) : [],
      agreements: referral.sentUnder && allowingLines(referral.sentUnder, visit), canSeeAgreements: isAllowed(ctx, 'agreements.view'),
      hopName: (hop: string) => hopName(hop, visit),
      canPrint: isAllowed(ctx, 'packets.print'),
      sets: setsFor(referral.partnerId),
    });
  },
};
