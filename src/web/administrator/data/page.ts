import { listClocks, listClosedDays, listOfficeCalendars, officeDay } from '../../../modules/referrals/index.ts';
import type { ClockLength, ClockRule } from '../../../modules/referrals/index.ts';
import { hasWords } from '../../../platform/i18n.ts';
import { csvAddress, csvOf, wantsCsv } from '../../list.ts';
import { queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';

const say = (visit: Visit, key: string, code: string): string => (hasWords(visit.language, key) ? visit.t(key) : code);

function lengthOf(length: ClockLength, dayKind: string, visit: Visit): string {
  if ('days' in length) return visit.t(`clocks:length.days_${dayKind}`, { n: length.days });
  return 'weeks' in length ? visit.t('clocks:length.weeks', { n: length.weeks }) : visit.t('clocks:length.months', { n: length.months });
}

const clockLine = (rule: ClockRule, visit: Visit) => ({
  clock: rule.clock, name: say(visit, `clocks:name.${rule.clock.replaceAll('.', '_')}`, rule.clock), citation: rule.citation, length: lengthOf(rule.length, rule.dayKind, visit), starts: say(visit, `clocks:event.${rule.starts}`, rule.starts),
  stops: say(visit, `clocks:event.${rule.stops}`, rule.stops), isBinding: rule.binding, isConfirmed: rule.confirmed,
});

/** Clocks and calendars as the program knows them, each with its citation and whether it is confirmed. To look at: they are changed by file. */
export const dataPage: Page = {
  path: '/administration/data',
  access: 'kits.view',
  get: async (visit) => {
    const { t, ctx } = visit;
    const clocks = listClocks().map((rule) => clockLine(rule, visit));
    if (wantsCsv(visit)) return csvOf(visit, 'clocks', ['clock', t('admin:data.name'), t('admin:data.length'), t('admin:data.starts'), t('admin:data.stops'), t('admin:data.citation'), t('partners:to_be_confirmed')], linesOf(clocks, visit));
    const thisYear = Number(officeDay(ctx).slice(0, 4));
    const asked = queryText(visit, 'year', 4);
    const year = /^\d{4}$/.test(asked) && Math.abs(Number(asked) - thisYear) <= 5 ? Number(asked) : thisYear;
    return Promise.resolve(view('administrator/data', {
      clocks, csv: csvAddress(visit), year, years: Array.from({ length: 4 }, (_, index) => thisYear - 1 + index),
      calendars: listOfficeCalendars().map((calendar) => ({
        calendarId: calendar.calendarId, zone: calendar.zone, citation: calendar.citation, isConfirmed: calendar.confirmed,
        days: listClosedDays(calendar.calendarId, year).map(({ on, id }) => ({ on, name: say(visit, `clocks:holiday.${id}`, id) })),
      })),
    }));
  },
};

async function* linesOf(rows: readonly ReturnType<typeof clockLine>[], visit: Visit): AsyncGenerator<readonly string[]> {
  for (const one of rows) yield [one.clock, one.name, one.length, one.starts, one.stops, one.citation, one.isConfirmed ? '' : visit.t('partners:to_be_confirmed')];
}
