import { getReferral } from '../../../modules/referrals/index.ts';
import { pathText, redirect, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';

/** One referral as the partner's officer receives it: what is asked, and the packet. */
export const receivedReferralPage: Page = {
  path: '/inbox/:referralId',
  access: 'referrals.view',
  get: async (visit) => {
    const referral = await getReferral(visit.ctx, pathText(visit, 'referralId'));
    if (visit.ctx.actor.partner === null) return redirect(`/referrals/${referral.referralId}`);
    return view('officer/referral', { referral, packets: referral.packets });
  },
};
