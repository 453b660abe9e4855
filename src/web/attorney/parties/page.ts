import { countryNames } from '../../countries.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { view } from '../../visit.ts';
import type { Page } from '../../visit.ts';
import { referralAddress, standingOf } from '../referral/standing.ts';
import { partyLines } from './party-lines.ts';

/** Who is in the packet, as the disclosure filter gives it, and what is missing of each, beside where it is mended. */
export const partiesPage: Page = {
  path: '/referrals/:referralId/parties',
  access: 'packets.build',
  get: async (visit) => {
    const { referral, left, draft, allowed } = await standingOf(visit, 'reads content');
    return view('attorney/parties', {
      referral, here: referralAddress(visit), partnerName: partnerNameOf(referral.partnerId, visit), canSeeCase: allowed.canSeeCase, canInterview: allowed.canInterview,
      parties: partyLines(draft?.content ?? null, visit), country: countryNames(visit.language), left: left.filter(({ kind }) => kind === 'case'),
    });
  },
};
