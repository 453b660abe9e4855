import { APPLICATION_SORTS, listApplications, printedApplied } from '../../../modules/exchange/index.ts';
import type { ApplicationQuery, ApplicationSort } from '../../../modules/exchange/index.ts';
import { csvAddress, csvOf, everyPage, headsOf, noteShown, telling, wantsCsv } from '../../list.ts';
import type { Column, Line } from '../../list.ts';
import { pagingBehind } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryPlace, queryText, redirect, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';
import { partnerList } from '../partner-list.ts';

const PAGE_SIZE = 25;
const CSV_STEP = 200;

function columnsOf({ t }: Visit): Column<ApplicationSort>[] {
  return [
    { label: t('inquiries:apply.open_by'), sort: 'due' }, { label: t('inquiries:asked.partner'), sort: 'partner' }, { label: t('inquiries:apply.applicant') },
    { label: t('inquiries:apply.received'), sort: 'received' }, { label: t('inquiries:apply.state'), sort: 'state' },
  ];
}

/** Applications taken at partners' counters, the earliest day first. */
export const applicationsPage: Page = {
  path: '/applications',
  access: 'applications.read',
  get: async (visit) => {
    if (visit.ctx.actor.partner !== null) return redirect('/apply');
    const isOver = queryText(visit, 'show', 10) === 'over';
    const { partners, partnerId, sort } = partnerList(visit, APPLICATION_SORTS, isOver ? { by: 'received', isDescending: true } : { by: 'due', isDescending: false });
    const query: ApplicationQuery = { show: isOver ? 'over' : 'open', partnerId, order: sort };
    const columns = columnsOf(visit);
    if (wantsCsv(visit)) return csvOf(visit, 'applications', columns.map(({ label }) => label), lines(visit, query));
    const { rows, ...found } = await listApplications(visit.ctx, { ...query, ...queryPlace(visit), pageSize: PAGE_SIZE });
    await noteShown(visit, 'applications', rows, ({ applicationId }) => ({ application: applicationId }));
    return view('attorney/applications', {
      isOver, partners, partnerId: partnerId ?? '', heads: headsOf(visit, columns, sort), csv: csvAddress(visit),
      rows: rows.map((row) => ({ ...row, applicant: printedApplied(row.details.applicant), partner: partnerNameOf(row.partnerId, visit, 'short') })), paging: pagingBehind(visit, found),
    });
  },
};

async function* lines(visit: Visit, query: ApplicationQuery): AsyncGenerator<Line> {
  for await (const row of everyPage((place) => listApplications(visit.ctx, { ...query, ...place, pageSize: CSV_STEP }))) yield telling([row.openBy, partnerNameOf(row.partnerId, visit, 'short'), printedApplied(row.details.applicant), row.receivedOn, visit.t(`inquiries:application_state.${row.state}`)], { application: row.applicationId });
}
