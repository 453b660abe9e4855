import { listAlarms } from '../../../modules/payments/index.ts';
import { DAY_SORTS, listDays } from '../../../modules/reconciliation/index.ts';
import { officeDays } from '../../../modules/referrals/index.ts';
import { hasWords } from '../../../platform/i18n.ts';
import { csvAddress, csvOf, headsOf, sortOf, wantsCsv } from '../../list.ts';
import { pagingNumbered } from '../../paging.ts';
import { queryPage, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';
import { linesOf } from '../money-list.ts';
import { peopleNames } from '../suspense/people.ts';

type Alarms = Awaited<ReturnType<typeof listAlarms>>;

/** Alarms in the reader's words; days and instants among their parameters as the reader writes them. */
export function alarmLines(visit: Visit, alarms: Alarms): { text: string; since: string; ended: string | null }[] {
  return alarms.map(({ code, subject, aboutOn, params, raisedAt, endedAt }) => {
    const key = `pickup:alarm.${code.replaceAll('.', '_')}`;
    const text = hasWords(visit.language, key) ? visit.t(key, { ...params, subject, on: visit.format.date(aboutOn) }) : code;
    return { text, since: visit.t('pickup:since', { when: visit.format.instant(raisedAt) }), ended: endedAt === null ? null : visit.t('pickup:ended', { when: visit.format.instant(endedAt) }) };
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
    if (wantsCsv(visit)) {
      return csvOf(visit, 'days', ['day', 'state', 'exceptions', 'prepared', 'signed'].map(labelOf), linesOf(async (page) => {
        const found = await listDays(visit.ctx, officeDays, { page, sort });
        const names = await namesOn(visit, found.days);
        return { ...found, rows: found.days.map((day) => ({ ...day, preparedBy: names(day.preparedBy), signedBy: day.signedBy === null ? null : names(day.signedBy) })) };
      }, (day) => [day.day, visit.t(`days:state.${day.state}`), day.hasExceptions ? visit.t('days:yes') : '', `${day.preparedBy} ${day.preparedAt.toISOString()}`, day.signedBy === null || day.signedAt === null ? '' : `${day.signedBy} ${day.signedAt.toISOString()}`]));
    }
    const { days, total, page, pageSize, toClose, settings } = await listDays(visit.ctx, officeDays, { page: queryPage(visit), sort });
    const alarms = (await listAlarms(visit.ctx, { onlyOpen: true })).filter((alarm) => alarm.code.startsWith('days.'));
    return view('reconciler/days', {
      heads: headsOf(visit, [{ label: labelOf('day'), sort: 'day' }, { label: labelOf('state'), sort: 'state' }, { label: labelOf('exceptions') }, { label: labelOf('prepared'), sort: 'prepared' }, { label: labelOf('signed'), sort: 'signed' }], sort),
      nameOf: await namesOn(visit, days), csv: csvAddress(visit), days, total, toClose, settings, alarms: alarmLines(visit, alarms), paging: pagingNumbered(visit, page, page * pageSize < total),
    });
  },
};
