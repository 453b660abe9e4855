import { INQUIRY_SORTS, listInquiries } from '../../../modules/exchange/index.ts';
import type { InquiryQuery, InquirySort } from '../../../modules/exchange/index.ts';
import { personOf } from '../../inquiry-line.ts';
import { allPages, csvAddress, csvOf, headsOf, wantsCsv } from '../../list.ts';
import type { Column } from '../../list.ts';
import { pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryPage, queryText, redirect, view } from '../../visit.ts';
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
    const [columns, page] = [columnsOf(visit), queryPage(visit)];
    if (wantsCsv(visit)) return csvOf(visit, 'inquiries', columns.map(({ label }) => label), lines(visit, query));
    const { rows, total } = await listInquiries(visit.ctx, { ...query, page, pageSize: PAGE_SIZE });
    return view('attorney/inquiries', {
      isOver, partners, partnerId: partnerId ?? '', heads: headsOf(visit, columns, sort), csv: csvAddress(visit),
      rows: rows.map((row) => ({ ...row, person: personOf(row), partner: partnerNameOf(row.partnerId, visit, 'short') })), paging: pagingNumbered(visit, page, page * PAGE_SIZE < total),
    });
  },
};

async function* lines(visit: Visit, query: InquiryQuery): AsyncGenerator<string[]> {
  const { t } = visit;
  for await (const row of allPages(async (page) => {
    const { rows, total } = await listInquiries(visit.ctx, { ...query, page, pageSize: CSV_STEP });
    return { rows, hasNext: page * CSV_STEP < total };
  })) yield [row.answerBy, partnerNameOf(row.partnerId, visit, 'short'), personOf(row), row.questions.map((one) => t(`inquiries:question.${one}`)).join(', '), t(`inquiries:shown.${row.shown}`)];
}
