import { listInquiries } from '../../../modules/exchange/index.ts';
import type { InquiryQuery } from '../../../modules/exchange/index.ts';
import { choiceOf, chosen } from '../../choices.ts';
import { personOf } from '../../inquiry-line.ts';
import { csvAddress, csvOf, everyPage, headsOf, noteShown, sortOf, telling, wantsCsv } from '../../list.ts';
import type { Column, Line } from '../../list.ts';
import { pagingBehind } from '../../paging.ts';
import { queryPlace, queryText, redirect, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';

const PAGE_SIZE = 25;
const CSV_STEP = 100;
const SORTS = ['asked', 'due', 'state'] as const;

function columnsOf({ t }: Visit): Column<(typeof SORTS)[number]>[] {
  const say = (key: string): string => t(`inquiries:asked.${key}`);
  return [{ label: say('on'), sort: 'asked' }, { label: say('person') }, { label: say('what') }, { label: say('by'), sort: 'due' }, { label: say('state'), sort: 'state' }];
}

/** What the office has asked, the newest first. Row-level security shows no other office's. */
export const askedPage: Page = {
  path: '/asked',
  access: 'inquiries.read',
  get: async (visit) => {
    if (visit.ctx.actor.partner === null) return redirect('/inquiries');
    const sort = sortOf(visit, SORTS, { by: 'asked', isDescending: true });
    const which = choiceOf(visit, 'show', visit.t('lists:which'), [['open', visit.t('lists:which_open')], ['over', visit.t('lists:which_over')]] as const);
    const query: InquiryQuery = { show: chosen(which) ?? 'all', order: sort };
    const columns = columnsOf(visit);
    if (wantsCsv(visit)) return csvOf(visit, 'asked', columns.map(({ label }) => label), lines(visit, query));
    const { rows, ...found } = await listInquiries(visit.ctx, { ...query, ...queryPlace(visit), pageSize: PAGE_SIZE });
    await noteShown(visit, 'asked', rows, ({ inquiryId }) => ({ inquiry: inquiryId }));
    return view('officer/inquiries', {
      choices: [which], kept: [['sort', queryText(visit, 'sort', 40)]], heads: headsOf(visit, columns, sort), csv: csvAddress(visit),
      rows: rows.map((row) => ({ ...row, person: personOf(row) })), paging: pagingBehind(visit, found),
    });
  },
};

async function* lines(visit: Visit, query: InquiryQuery): AsyncGenerator<Line> {
  const { t } = visit;
  for await (const row of everyPage((place) => listInquiries(visit.ctx, { ...query, ...place, pageSize: CSV_STEP }))) yield telling([row.askedAt.toISOString(), personOf(row), row.questions.map((one) => t(`inquiries:question.${one}`)).join(', '), row.answerBy, t(`inquiries:shown.${row.shown}`)], { inquiry: row.inquiryId });
}
