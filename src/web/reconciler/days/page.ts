import { listAlarms } from '../../../modules/payments/index.ts';
import { DAY_SORTS, listDays } from '../../../modules/reconciliation/index.ts';
import { officeDays } from '../../../modules/referrals/index.ts';
import { hasWords } from '../../../platform/i18n.ts';
import { choiceOf, chosen } from '../../choices.ts';
import { csvAddress, csvOf, everyPage, headsOf, sortOf, wantsCsv } from '../../list.ts';
import { pagingBehind } from '../../paging.ts';
import { queryPlace, queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';
import { cellsOf } from '../money-list.ts';
import { peopleNames } from '../suspense/people.ts';

type Alarms = Awaited<ReturnType<typeof listAlarms>>;

/** Alarms in the reader's words; days and instants among their parameters as the reader writes them. */
export function alarmLines(visit: Visit, alarms: Alarms): { text: string; since: string; ended: string | null }[] {
  return alarms.map(({ code, subject, aboutOn, params, raisedAt, endedAt }) => {
    const key = `pickup:alarm.${code.replaceAll('.', '_')}`;
    const text = hasWords(visit.language, key) ? visit.t(key, { ...params, subject, on: visit.format.date(aboutOn) }) : code;
    return { text, since: visit.t('pickup:since', { when: visit.format.moment(raisedAt) }), ended: endedAt === null ? null : visit.t('pickup:ended', { when: visit.format.moment(endedAt) }) };
  });
}

/** Who prepared and signed them, by their accounts. */
async function namesOn(visit: Visit, days: readonly { readonly preparedBy: string; readonly signedBy: string | null }[]): Promise<(id: string) => string> {
  const names = await peopleNames(visit.ctx, days.flatMap(({ preparedBy, signedBy }) => [preparedBy, signedBy ?? '']));
  return (id) => names.get(id) ?? id;
}

/** The days of money that were closed, and the one that waits. */
export const daysPage: Page = {
  path: '/days',
  access: 'days.view',
  get: async (visit) => {
    const sort = sortOf(visit, DAY_SORTS, { by: 'day', isDescending: true });
    const labelOf = (column: string): string => visit.t(`days:column.${column}`);
    const state = choiceOf(visit, 'state', labelOf('state'), (['prepared', 'signed', 'reopened'] as const).map((one) => [one, visit.t(`days:state.${one}`)] as const));
    const query = { sort, state: chosen(state) };
    if (wantsCsv(visit)) {
      return csvOf(visit, 'days', ['day', 'state', 'exceptions', 'prepared', 'signed'].map(labelOf), cellsOf(everyPage(async (place) => {
        const found = await listDays(visit.ctx, officeDays, { ...query, ...place });
        const names = await namesOn(visit, found.days);
        return { next: found.next, rows: found.days.map((day) => ({ ...day, preparedBy: names(day.preparedBy), signedBy: day.signedBy === null ? null : names(day.signedBy) })) };
      }), (day) => [day.day, visit.t(`days:state.${day.state}`), day.hasExceptions ? visit.t('days:yes') : '', `${day.preparedBy} ${day.preparedAt.toISOString()}`, day.signedBy === null || day.signedAt === null ? '' : `${day.signedBy} ${day.signedAt.toISOString()}`]));
    }
    const { days, toClose, settings, ...found } = await listDays(visit.ctx, officeDays, { ...query, ...queryPlace(visit) });
    const alarms = (await listAlarms(visit.ctx, { onlyOpen: true })).filter((alarm) => alarm.code.startsWith('days.'));
    return view('reconciler/days', {
      heads: headsOf(visit, [{ label: labelOf('day'), sort: 'day' }, { label: labelOf('state'), sort: 'state' }, { label: labelOf('exceptions') }, { label: labelOf('prepared'), sort: 'prepared' }, { label: labelOf('signed'), sort: 'signed' }], sort),
      nameOf: await namesOn(visit, days), csv: csvAddress(visit), choices: [state], kept: [['sort', queryText(visit, 'sort', 40)]], days, total: found.total, toClose, settings, alarms: alarmLines(visit, alarms), paging: pagingBehind(visit, found),
    });
  },
};
