import { listCases, PAYING_ROLES, RECEIVING_ROLES } from '../../../modules/cases/index.ts';
import type { CaseListItem, Role } from '../../../modules/cases/index.ts';
import { pagingAfter } from '../../paging.ts';
import { queryText, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';

const PAGE_SIZE = 25;

/** The cases of the person's counties, and the search for one of them. */
export const casesPage: Page = {
  path: '/cases',
  access: 'cases.view',
  get: async (visit) => {
    const search = queryText(visit, 'search');
    const after = queryText(visit, 'after', 15);
    const { items, next } = await listCases(visit.ctx, { search, pageSize: PAGE_SIZE, ...(after === '' ? {} : { after }) });
    return view('attorney/cases', {
      search,
      cases: items.map((item) => ({ ...item, obligors: namesOf(item, PAYING_ROLES), obligees: namesOf(item, RECEIVING_ROLES) })),
      paging: pagingAfter(visit, after, next),
    });
  },
};

function namesOf(item: CaseListItem, roles: readonly Role[]): { name: string; native: string | null }[] {
  return item.participants.filter((participant) => roles.includes(participant.role));
}
