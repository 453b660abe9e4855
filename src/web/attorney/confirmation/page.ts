import { isAllowed } from '../../../platform/authorise.ts';
import { conversationOfReferral } from '../../../modules/exchange/index.ts';
import { getReferral } from '../../../modules/referrals/index.ts';
import { clockLine, partnerNameOf } from '../../referral-line.ts';
import { pathText, redirect, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';
import { referralAddress } from '../referral/standing.ts';

/** It has left: the numbers by which it is known, what happens next, and what runs until when. It may be opened again at any time. */
export const confirmationOfSending: Page = {
  path: '/referrals/:referralId/sent',
  access: 'referrals.send',
  get: async (visit) => {
    const referral = await getReferral(visit.ctx, pathText(visit, 'referralId'));
    if (referral.sentAt === null || referral.deliveredPacketId === null) return redirect(referralAddress(visit));
    const conversation = isAllowed(visit.ctx, 'messages.view') ? await conversationOfReferral(visit.ctx, referral.referralId) : null;
    return view('attorney/confirmation', {
      referral, here: referralAddress(visit), partnerName: partnerNameOf(referral.partnerId, visit), packet: referral.packets.find(({ packetId }) => packetId === referral.deliveredPacketId) ?? null,
      clocks: referral.clocks.map((clock) => clockLine(clock, visit)), conversation, canSeePartners: isAllowed(visit.ctx, 'partners.view'),
    });
  },
};
