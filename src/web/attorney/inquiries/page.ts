import { INQUIRY_SORTS, listInquiries } from '../../../modules/exchange/index.ts';
import type { InquiryQuery, InquirySort } from '../../../modules/exchange/index.ts';
import { personOf } from '../../inquiry-line.ts';
import { csvAddress, csvOf, everyPage, headsOf, noteShown, telling, wantsCsv } from '../../list.ts';
import type { Column, Line } from '../../list.ts';
import { pagingBehind } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryPlace, queryText, redirect, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';
import { partnerList } from '../partner-list.ts';

const PAGE_SIZE = 25;
const CSV_STEP = 200;

function columnsOf({ t }: Visit): Column<InquirySort>[] {
  return [
    { label: t('inquiries:asked.by'), sort: 'due' }, { label: t('inquiries:asked.partner'), sort: 'partner' }, { label: t('inquiries:asked.person') }, { label: t('inquiries:asked.what') },
    { label: t('inquiries:asked.state'), sort: 'state' },
  ];
}

/** What partners have asked and a person is to answer, the earliest day first. */
export const inquiriesPage: Page = {
  path: '/inquiries',
  access: 'inquiries.read',
  get: async (visit) => {
    if (visit.ctx.actor.partner !== null) return redirect('/asked');
    const isOver = queryText(visit, 'show', 10) === 'over';
    const { partners, partnerId, sort } = partnerList(visit, INQUIRY_SORTS, isOver ? { by: 'asked', isDescending: true } : { by: 'due', isDescending: false });
    const query: InquiryQuery = { show: isOver ? 'over' : 'open', partnerId, order: sort };
    const columns = columnsOf(visit);
    if (wantsCsv(visit)) return csvOf(visit, 'inquiries', columns.map(({ label }) => label), lines(visit, query));
    const { rows, ...found } = await listInquiries(visit.ctx, { ...query, ...queryPlace(visit), pageSize: PAGE_SIZE });
    await noteShown(visit, 'inquiries', rows, ({ inquiryId }) => ({ inquiry: inquiryId }));
    return view('attorney/inquiries', {
      isOver, partners, partnerId: partnerId ?? '', heads: headsOf(visit, columns, sort), csv: csvAddress(visit),
      rows: rows.map((row) => ({ ...row, person: personOf(row), partner: partnerNameOf(row.partnerId, visit, 'short') })), paging: pagingBehind(visit, found),
    });
  },
};

async function* lines(visit: Visit, query: InquiryQuery): AsyncGenerator<Line> {
  const { t } = visit;
  for await (const row of everyPage((place) => listInquiries(visit.ctx, { ...query, ...place, pageSize: CSV_STEP }))) yield telling([row.answerBy, partnerNameOf(row.partnerId, visit, 'short'), personOf(row), row.questions.map((one) => t(`inquiries:question.${one}`)).join(', '), t(`inquiries:shown.${row.shown}`)], { inquiry: row.inquiryId });
}
