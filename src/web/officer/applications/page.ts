import { listApplications, printedApplied } from '../../../modules/exchange/index.ts';
import type { ApplicationQuery } from '../../../modules/exchange/index.ts';
import { choiceOf, chosen } from '../../choices.ts';
import { allPages, csvAddress, csvOf, headsOf, sortOf, wantsCsv } from '../../list.ts';
import type { Column } from '../../list.ts';
import { pagingNumbered } from '../../paging.ts';
import { queryPage, queryText, redirect, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';

const PAGE_SIZE = 25;
const CSV_STEP = 100;
const SORTS = ['due', 'received', 'state'] as const;

function columnsOf({ t }: Visit): Column<(typeof SORTS)[number]>[] {
  const say = (key: string): string => t(`inquiries:apply.${key}`);
  return [{ label: say('open_by'), sort: 'due' }, { label: say('applicant') }, { label: say('received'), sort: 'received' }, { label: say('state'), sort: 'state' }];
}

/** The applications that the office has taken, the newest first. */
export const appliedPage: Page = {
  path: '/apply',
  access: 'applications.read',
  get: async (visit) => {
    if (visit.ctx.actor.partner === null) return redirect('/applications');
    const sort = sortOf(visit, SORTS, { by: 'received', isDescending: true });
    const which = choiceOf(visit, 'show', visit.t('lists:which'), [['open', visit.t('lists:which_open')], ['over', visit.t('lists:which_over')]] as const);
    const query: ApplicationQuery = { show: chosen(which) ?? 'all', order: sort };
    const [columns, page] = [columnsOf(visit), queryPage(visit)];
    if (wantsCsv(visit)) return csvOf(visit, 'applied', columns.map(({ label }) => label), lines(visit, query));
    const { rows, total } = await listApplications(visit.ctx, { ...query, page, pageSize: PAGE_SIZE });
    return view('officer/applications', {
      choices: [which], kept: [['sort', queryText(visit, 'sort', 40)]], heads: headsOf(visit, columns, sort), csv: csvAddress(visit),
      rows: rows.map((row) => ({ ...row, applicant: printedApplied(row.details.applicant) })), paging: pagingNumbered(visit, page, page * PAGE_SIZE < total),
    });
  },
};

async function* lines(visit: Visit, query: ApplicationQuery): AsyncGenerator<string[]> {
  for await (const row of allPages(async (page) => {
    const { rows, total } = await listApplications(visit.ctx, { ...query, page, pageSize: CSV_STEP });
    return { rows, hasNext: page * CSV_STEP < total };
  })) yield [row.openBy, printedApplied(row.details.applicant), row.receivedOn, visit.t(`inquiries:application_state.${row.state}`)];
}
