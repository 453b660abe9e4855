import { isAllowed } from '../../../platform/authorise.ts';
import { calendarDate } from '../../../platform/dates.ts';
import { viewCase } from '../../../modules/cases/index.ts';
import { countryNames } from '../../countries.ts';
import { pathText, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';
import { peopleOf } from './case-view.ts';

/** A case at a glance: people, orders, balances. */
export const casePage: Page = {
  path: '/cases/:caseId',
  access: 'cases.view',
  get: async (visit) => {
    const { supportCase } = await viewCase(visit.ctx, pathText(visit, 'caseId'));
    const people = peopleOf(supportCase, calendarDate(visit.ctx.clock.now(), 'America/Los_Angeles'));
    return view('attorney/case', {
      supportCase,
      people,
      hasProtected: people.some((person) => person.isProtected),
      country: countryNames(visit.language),
      canRefer: supportCase.status === 'open' && isAllowed(visit.ctx, 'referrals.create'),
    });
  },
};
