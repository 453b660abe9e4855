import { listClocks, listClosedDays, listOfficeCalendars, officeDay } from '../../../modules/referrals/index.ts';
import type { ClockLength, ClockRule } from '../../../modules/referrals/index.ts';
import { hasWords } from '../../../platform/i18n.ts';
import { choiceOf } from '../../choices.ts';
import { countryNames } from '../../countries.ts';
import { wantsCsv } from '../../list.ts';
import { smallCsv, smallList } from '../../small-list.ts';
import type { SmallList } from '../../small-list.ts';
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

type Line = ReturnType<typeof clockLine>;

function clocksList({ t }: Visit, rows: readonly Line[]): SmallList<Line> {
  const say = (key: string): string => t(`admin:data.${key}`);
  return {
    name: '', file: 'clocks', rows, usual: { by: 'name', isDescending: false }, idOf: ({ clock }) => clock,
    columns: [
      { key: 'clock', label: 'clock', isFileOnly: true, cells: ({ clock }) => clock }, { key: 'name', label: say('name'), by: ({ name }) => name, cells: ({ name }) => name }, { key: 'length', label: say('length'), by: ({ length }) => length, cells: ({ length }) => length },
      { key: 'starts', label: say('starts'), by: ({ starts }) => starts, cells: ({ starts }) => starts }, { key: 'stops', label: say('stops'), by: ({ stops }) => stops, cells: ({ stops }) => stops },
      { key: 'citation', label: say('citation'), by: ({ citation }) => citation, cells: ({ citation }) => citation },
      { key: 'open', label: t('partners:to_be_confirmed'), isFileOnly: true, cells: ({ isConfirmed }) => (isConfirmed ? '' : t('partners:to_be_confirmed')) },
    ],
  };
}

/** Clocks and calendars as the program knows them, each with its citation and whether it is confirmed. To look at: they are changed by file. */
export const dataPage: Page = {
  path: '/administration/data',
  access: 'kits.view',
  get: async (visit) => {
    const { ctx } = visit;
    const standing = choiceOf(visit, 'standing', visit.t('lists:state'), [['open', visit.t('partners:to_be_confirmed')]] as const);
    const list = clocksList(visit, listClocks().map((rule) => clockLine(rule, visit)).filter(({ isConfirmed }) => standing.value === '' || !isConfirmed));
    if (wantsCsv(visit)) return smallCsv(visit, list);
    const thisYear = Number(officeDay(ctx).slice(0, 4));
    const asked = queryText(visit, 'year', 4);
    const year = /^\d{4}$/.test(asked) && Math.abs(Number(asked) - thisYear) <= 5 ? Number(asked) : thisYear;
    return Promise.resolve(view('administrator/data', {
      ...smallList(visit, list), choices: [standing], kept: [['sort', queryText(visit, 'sort', 40)], ['year', queryText(visit, 'year', 4)]], year, years: Array.from({ length: 4 }, (_, index) => thisYear - 1 + index),
      calendars: listOfficeCalendars().map((calendar) => ({
        calendarId: calendar.calendarId, name: countryNames(visit.language)(calendar.calendarId.toUpperCase()), zone: calendar.zone, citation: calendar.citation, isConfirmed: calendar.confirmed,
        days: listClosedDays(calendar.calendarId, year).map(({ on, id }) => ({ on, name: say(visit, `clocks:holiday.${id}`, id) })),
      })),
    }));
  },
};
