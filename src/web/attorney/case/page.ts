import { isAllowed } from '../../../platform/authorise.ts';
import { viewCase } from '../../../modules/cases/index.ts';
import { listReferrals } from '../../../modules/referrals/index.ts';
import { countryNames } from '../../countries.ts';
import { partnerNameOf, referralLine } from '../../referral-line.ts';
import { pathText, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';
import { peopleOf } from './case-view.ts';

/** A case has few; whoever has more finds them all in the queue. */
const REFERRALS_MAX = 50;

/** A case at a glance: people, referrals, orders, balances. */
export const casePage: Page = {
  path: '/cases/:caseId',
  access: 'cases.view',
  get: async (visit) => {
    const { supportCase, screen } = await viewCase(visit.ctx, pathText(visit, 'caseId'));
    const people = peopleOf({ supportCase, screen });
    const canSeeReferrals = isAllowed(visit.ctx, 'referrals.view');
    const referrals = canSeeReferrals ? (await listReferrals(visit.ctx, { caseId: supportCase.caseId, pageSize: REFERRALS_MAX })).rows : [];
    return view('attorney/case', {
      supportCase,
      canSeeReferrals,
      canSeeDisclosures: isAllowed(visit.ctx, 'disclosures.view'),
      referrals: referrals.map((referral) => referralLine(referral, visit)),
      partnerName: (partnerId: string) => partnerNameOf(partnerId, visit, 'short'),
      people,
      isForumHidden: (orderId: string) => screen.hiddenForums.has(orderId),
      hasProtected: people.some((person) => person.isProtected),
      country: countryNames(visit.language),
      canRefer: supportCase.status === 'open' && isAllowed(visit.ctx, 'referrals.create'),
    });
  },
};
