import { findPartner, listAgreements, listPartners } from '../../../modules/partners/index.ts';
import type { AgreementOnDay } from '../../../modules/partners/index.ts';
import { listedAgreement } from '../../agreement-line.ts';
import type { ListedAgreement } from '../../agreement-line.ts';
import { choiceOf } from '../../choices.ts';
import { wantsCsv } from '../../list.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { smallCsv, smallList } from '../../small-list.ts';
import type { SmallList } from '../../small-list.ts';
import { queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';

const PAGE_SIZE = 25;
const STANDINGS = ['in_force', 'ends_soon', 'not_yet', 'expired', 'ended'] as const satisfies readonly AgreementOnDay['standing'][];

function listOf(visit: Visit, rows: readonly ListedAgreement[]): SmallList<ListedAgreement> {
  const say = (key: string): string => visit.t(`agreements:${key}`);
  return {
    name: '', file: 'agreements', rows, pageSize: PAGE_SIZE, usual: { by: 'title', isDescending: false }, idOf: ({ agreementId }) => agreementId,
    columns: [
      { key: 'title', label: visit.t('lists:title'), by: (one) => one.title, cells: (one) => one.title }, { key: 'standing', label: visit.t('lists:state'), by: (one) => one.standing, cells: (one) => one.standing },
      { key: 'basis', label: say('field.basis'), by: (one) => one.basis, cells: (one) => one.basis }, { key: 'partners', label: say('field.partners'), cells: (one) => one.partners.join(' · ') },
      { key: 'counties', label: say('field.counties'), cells: (one) => one.counties.join(' · ') }, { key: 'from', label: say('field.validFrom'), by: (one) => one.validFrom, cells: (one) => one.validFrom },
      { key: 'until', label: say('field.validUntil'), by: (one) => one.lastDay, cells: (one) => one.lastDay ?? '' },
    ],
  };
}

/** What allows the exchange with each partner, and how it stands today. */
export const agreementsPage: Page = {
  path: '/agreements',
  access: 'agreements.view',
  get: async (visit) => {
    const asked = findPartner(queryText(visit, 'partner', 64))?.partnerId ?? null;
    const standing = choiceOf(visit, 'standing', visit.t('lists:state'), STANDINGS.map((one) => [one, visit.t(`agreements:standing.${one}`)] as const));
    const { partner: own } = visit.ctx.actor;
    const partner = choiceOf(visit, 'partner', visit.t('lists:partner'), own === null ? listPartners().map(({ partnerId }) => [partnerId, partnerNameOf(partnerId, visit, 'short')] as const) : []);
    const found = (await listAgreements(visit.ctx, { partnerId: asked })).filter((one) => standing.value === '' || one.standing === standing.value);
    const list = listOf(visit, found.map((one) => listedAgreement(one, visit)));
    if (wantsCsv(visit)) return smallCsv(visit, list);
    const { rows, orders, paging, csv } = smallList(visit, list);
    return view('attorney/agreements', {
      agreements: rows, orders, paging, csv, choices: own === null ? [partner, standing] : [standing], kept: [['sort', queryText(visit, 'sort', 40)]], isNarrowed: standing.value !== '' || asked !== null,
      partner: asked === null ? null : partnerNameOf(asked, visit),
    });
  },
};
