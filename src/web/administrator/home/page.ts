import { listClients, listPartnerKeys } from '../../../modules/identity/index.ts';
import { listPartnerDrafts, listPartners } from '../../../modules/partners/index.ts';
import { listForms } from '../../../modules/referrals/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { listTerms } from '../../../platform/glossary.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryText, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';
import { accountAlarms } from '../account-alarms/page.ts';
import { peopleNames } from '../people.ts';
import { listToConfirm } from '../to-confirm/data.ts';
import { countsByKit } from '../to-confirm/page.ts';

/** Where administration begins: what there is, what is to be confirmed, and drafts that wait. */
export const administrationPage: Page = {
  path: '/administration',
  access: 'partners.review',
  get: async (visit) => {
    const { ctx } = visit;
    const all = await listToConfirm(visit);
    const drafts = await listPartnerDrafts(ctx);
    const nameOf = await peopleNames(visit, drafts.flatMap(({ preparedBy }) => preparedBy));
    return view('administrator/home', {
      accountAlarms: await accountAlarms(visit), isAlarmConfirmed: queryText(visit, 'done', 10) === 'confirmed',
      cards: [
        { key: 'partners', href: '/administration/partners', count: listPartners().length },
        { key: 'agreements', href: '/agreements', count: null },
        { key: 'glossary', href: '/administration/glossary', count: listTerms().length },
        { key: 'forms', href: '/administration/forms', count: listForms(ctx).length },
        { key: 'data', href: '/administration/data', count: null },
        ...(isAllowed(ctx, 'clients.view') ? [{ key: 'clients', href: '/clients', count: (await listClients(ctx)).length + (await listPartnerKeys(ctx)).length }] : []),
        { key: 'keys', href: '/administration/keys', count: null },
        ...(isAllowed(ctx, 'users.view') ? [{ key: 'users', href: '/users', count: null }] : []),
      ],
      kits: countsByKit(all, visit), total: all.length,
      drafts: drafts.map((one) => ({ partnerId: one.key, name: partnerNameOf(one.key, visit), who: one.preparedBy.map(nameOf).join(', '), when: visit.format.instant(one.changedAt) })),
    });
  },
};
