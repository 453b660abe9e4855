import { findPartner, listAgreements } from '../../../modules/partners/index.ts';
import { listedAgreement } from '../../agreement-line.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryText, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';

/** What allows the exchange with each partner, and how it stands today. */
export const agreementsPage: Page = {
  path: '/agreements',
  access: 'agreements.view',
  get: async (visit) => {
    const asked = findPartner(queryText(visit, 'partner', 64))?.partnerId ?? null;
    const found = await listAgreements(visit.ctx, { partnerId: asked });
    return view('attorney/agreements', { agreements: found.map((one) => listedAgreement(one, visit)), partner: asked === null ? null : partnerNameOf(asked, visit) });
  },
};
