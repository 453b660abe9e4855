import { listApplications, printedApplied } from '../../../modules/exchange/index.ts';
import type { ApplicationQuery } from '../../../modules/exchange/index.ts';
import { choiceOf, chosen } from '../../choices.ts';
import { csvAddress, csvOf, everyPage, headsOf, noteShown, sortOf, telling, wantsCsv } from '../../list.ts';
import type { Column, Line } from '../../list.ts';
import { pagingBehind } from '../../paging.ts';
import { queryPlace, queryText, redirect, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';
import { draftLines } from '../drafts.ts';

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
    const columns = columnsOf(visit);
    if (wantsCsv(visit)) return csvOf(visit, 'applied', columns.map(({ label }) => label), lines(visit, query));
    const { rows, ...found } = await listApplications(visit.ctx, { ...query, ...queryPlace(visit), pageSize: PAGE_SIZE });
    await noteShown(visit, 'applied', rows, ({ applicationId }) => ({ application: applicationId }));
    return view('officer/applications', {
      drafts: queryText(visit, 'after', 80) === '' ? await draftLines(visit) : [], done: queryText(visit, 'done', 12) === 'discarded' ? visit.t('drafts:discarded') : null,
      choices: [which], kept: [['sort', queryText(visit, 'sort', 40)]], heads: headsOf(visit, columns, sort), csv: csvAddress(visit),
      rows: rows.map((row) => ({ ...row, applicant: printedApplied(row.details.applicant) })), paging: pagingBehind(visit, found),
    });
  },
};

async function* lines(visit: Visit, query: ApplicationQuery): AsyncGenerator<Line> {
  for await (const row of everyPage((place) => listApplications(visit.ctx, { ...query, ...place, pageSize: CSV_STEP }))) yield telling([row.openBy, printedApplied(row.details.applicant), row.receivedOn, visit.t(`inquiries:application_state.${row.state}`)], { application: row.applicationId });
}
