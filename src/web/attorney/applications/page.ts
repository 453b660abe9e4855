import { APPLICATION_SORTS, listApplications, printedApplied } from '../../../modules/exchange/index.ts';
import type { ApplicationQuery, ApplicationSort } from '../../../modules/exchange/index.ts';
import { allPages, csvAddress, csvOf, headsOf, wantsCsv } from '../../list.ts';
import type { Column } from '../../list.ts';
import { pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryPage, queryText, redirect, view } from '../../visit.ts';
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
    const [columns, page] = [columnsOf(visit), queryPage(visit)];
    if (wantsCsv(visit)) return csvOf(visit, 'applications', columns.map(({ label }) => label), lines(visit, query));
    const { rows, total } = await listApplications(visit.ctx, { ...query, page, pageSize: PAGE_SIZE });
    return view('attorney/applications', {
      isOver, partners, partnerId: partnerId ?? '', heads: headsOf(visit, columns, sort), csv: csvAddress(visit),
      rows: rows.map((row) => ({ ...row, applicant: printedApplied(row.details.applicant), partner: partnerNameOf(row.partnerId, visit, 'short') })), paging: pagingNumbered(visit, page, page * PAGE_SIZE < total),
    });
  },
};

async function* lines(visit: Visit, query: ApplicationQuery): AsyncGenerator<string[]> {
  for await (const row of allPages(async (page) => {
    const { rows, total } = await listApplications(visit.ctx, { ...query, page, pageSize: CSV_STEP });
    return { rows, hasNext: page * CSV_STEP < total };
  })) yield [row.openBy, partnerNameOf(row.partnerId, visit, 'short'), printedApplied(row.details.applicant), row.receivedOn, visit.t(`inquiries:application_state.${row.state}`)];
}
