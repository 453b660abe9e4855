import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { addDays, dayOfWeek } from '../../../src/platform/dates.ts';
import { clockStanding, dueDate, getClock, isOfficeOpen, listClocks, listClosedDays, loadOfficeCalendars } from '../../../src/modules/referrals/clocks/index.ts';

const closed = (calendarId: string, year: number) => listClosedDays(calendarId, year).map(({ on }) => on);

describe("California's office calendar", () => {
  it('is the list that the State published for 2014', () => {
    expect(closed('us-ca', 2014)).toEqual(['2014-01-01', '2014-01-20', '2014-02-17', '2014-03-31', '2014-05-26', '2014-07-04', '2014-09-01', '2014-11-11', '2014-11-27', '2014-11-28', '2014-12-25']);
  });

  it('is the list that the State published for 2013, with a Sunday holiday kept on Monday', () => {
    expect(closed('us-ca', 2013)).toEqual(['2013-01-01', '2013-01-21', '2013-02-18', '2013-04-01', '2013-05-27', '2013-07-04', '2013-09-02', '2013-11-11', '2013-11-28', '2013-11-29', '2013-12-25']);
  });

  it.each([
    ['2026-06-19', 'Juneteenth'], ['2026-10-12', 'Columbus Day'], ['2026-02-12', 'Lincoln Day'], ['2026-09-09', 'Admission Day'],
    ['2026-09-25', 'Native American Day'], ['2026-02-17', 'Lunar New Year'], ['2026-07-03', 'the Friday before a Saturday holiday'],
    ['2027-12-24', 'the Friday before a Saturday Christmas'], ['2021-12-31', 'the Friday before a Saturday New Year'],
  ])('keeps offices open on %s, %s', (date) => {
    expect(isOfficeOpen('us-ca', date)).toBe(true);
  });

  it.each([
    ['2026-03-31', 'March 31'], ['2026-11-27', 'the day after Thanksgiving'], ['2028-11-10', 'the Friday before a Saturday November 11'],
    ['2023-01-02', 'the Monday after a Sunday New Year'], ['2027-07-05', 'the Monday after a Sunday July 4'], ['2022-12-26', 'the Monday after a Sunday Christmas'],
    ['2026-11-22', 'a Sunday'], ['2026-11-21', 'a Saturday'],
  ])('closes offices on %s, %s', (date) => {
    expect(isOfficeOpen('us-ca', date)).toBe(false);
  });
});

describe("the partners' office calendars", () => {
  it('Mexico: article 74, with the handover of the presidency every six years', () => {
    expect(closed('mx', 2026)).toEqual(['2026-01-01', '2026-02-02', '2026-03-16', '2026-05-01', '2026-09-16', '2026-11-16', '2026-12-25']);
    expect(closed('mx', 2024)).toContain('2024-10-01');
    expect(closed('mx', 2025)).not.toContain('2025-10-01');
    expect(closed('mx', 2018)).toContain('2018-12-01');
    expect(closed('mx', 2024)).not.toContain('2024-12-01');
  });

  it('Korea 2026: lunar holidays, substitutes for Saturdays and Sundays, none for the Saturday of Chuseok', () => {
    expect(closed('kr', 2026)).toEqual(['2026-01-01', '2026-02-16', '2026-02-17', '2026-02-18', '2026-03-01', '2026-03-02', '2026-05-05', '2026-05-24', '2026-05-25', '2026-06-03',
      '2026-06-06', '2026-07-17', '2026-08-15', '2026-08-17', '2026-09-24', '2026-09-25', '2026-09-26', '2026-10-03', '2026-10-05', '2026-10-09', '2026-12-25']);
  });

  it('Korea: one substitute when two holidays meet, and the day after the whole of Chuseok when another holiday meets it', () => {
    expect(closed('kr', 2025).filter((on) => on.startsWith('2025-05') || on.startsWith('2025-10'))).toEqual(['2025-05-05', '2025-05-06', '2025-10-03', '2025-10-05', '2025-10-06', '2025-10-07', '2025-10-08', '2025-10-09']);
    expect(closed('kr', 2028)).toEqual(expect.arrayContaining(['2028-10-02', '2028-10-03', '2028-10-04', '2028-10-05']));
  });
});

describe('clocks', () => {
  it('are those of the contract', () => {
    expect(listClocks().map(({ clock, number }) => `${clock} ${number}`)).toEqual([
      'case.open 1', 'referral.send 2', 'registry.intake 3', 'status.answer 4', 'responding.work 5', 'information.notify 6', 'information.answer 7',
      'controlling_order.records 8', 'controlling_order.file 9', 'controlling_order.notify 10', 'obligor_found.forward 11', 'review.send 12', 'closure.notify 13',
      'closure.act 14', 'closure.inaction 15', 'interest.notify 16', 'collection.forward 17', 'collection.disburse 18', 'locate.access 19a', 'establish.order 19b', 'enforce.act 19c',
      'review.decide 20', 'case.retain 21', 'hague.acknowledge H1', 'hague.status H2']);
  });

  it.each([
    ['case.open', '2026-11-02', '2026-11-22', 'a Sunday: a calendar clock may end on a day off'],
    ['referral.send', '2026-12-12', '2027-01-01', 'over the year end, on a holiday'],
    ['referral.send', '2028-02-09', '2028-02-29', 'on a leap day'],
    ['referral.send', '2027-02-09', '2027-03-01', 'through a February without one'],
    ['registry.intake', '2026-11-20', '2026-12-08', 'ten working days over Thanksgiving and the day after'],
    ['status.answer', '2026-12-24', '2027-01-04', 'five working days over Christmas and New Year'],
    ['status.answer', '2026-11-21', '2026-12-01', 'an event on a Saturday is day 0; Monday is day 1'],
    ['status.answer', '2026-11-26', '2026-12-04', 'an event on a holiday is day 0'],
    ['information.notify', '2026-03-20', '2026-04-06', 'March 31 does not count'],
    ['collection.disburse', '2026-11-25', '2026-12-01', 'two business days from the eve of Thanksgiving'],
    ['collection.forward', '2026-06-18', '2026-06-22', 'Juneteenth counts'],
    ['collection.forward', '2026-07-02', '2026-07-06', 'so does Friday 3 July 2026'],
    ['collection.forward', '2028-11-09', '2028-11-14', 'but not the Friday before a Saturday November 11'],
    ['controlling_order.records', '2026-11-20', '2027-01-07', 'thirty working days over three holidays'],
    ['responding.work', '2026-11-22', '2027-02-05', '75 calendar days'],
    ['closure.inaction', '2026-11-22', '2027-01-21', '60 calendar days'],
    ['review.decide', '2026-11-22', '2027-05-21', '180 calendar days'],
    ['establish.order', '2026-11-22', '2027-02-20', '90 calendar days'],
    ['enforce.act', '2026-11-22', '2026-12-22', '30 calendar days without service'],
    ['hague.acknowledge', '2026-11-22', '2027-01-03', 'six weeks'],
    ['hague.status', '2026-11-30', '2027-02-28', 'three months, to the last day of a shorter month'],
    ['hague.status', '2027-11-29', '2028-02-29', 'three months, to the leap day'],
  ])('%s from %s is due on %s: %s', (clock, from, due) => {
    expect(dueDate(clock, from).due).toBe(due);
  });

  it('say what binds and where it is written', () => {
    expect(dueDate('referral.send', '2026-11-22')).toEqual({ clock: 'referral.send', from: '2026-11-22', due: '2026-12-12', dayKind: 'calendar', citation: '45 CFR 303.7(c)(4)', binding: true });
    expect(dueDate('hague.acknowledge', '2026-11-22')).toMatchObject({ binding: false, citation: 'Hague Convention of 2007, art. 12(3)' });
    expect(dueDate('collection.disburse', '2026-11-23')).toMatchObject({ dayKind: 'business', citation: '42 USC 654b(c)' });
  });

  it('give 60 days for enforcement where process must be served, and no clock else a longer time', () => {
    expect(dueDate('enforce.act', '2026-11-22', { withService: true }).due).toBe('2027-01-21');
    expect(dueDate('case.open', '2026-11-22', { withService: true }).due).toBe('2026-12-12');
  });

  it('refuse an unknown clock and an impossible date', () => {
    expect(() => dueDate('case.close', '2026-11-22')).toThrow(expect.objectContaining({ kind: 'not_found', code: 'clock.unknown' }));
    expect(() => getClock('toString')).toThrow(expect.objectContaining({ code: 'clock.unknown' }));
    for (const from of ['2026-02-29', '22/11/2026', '', '2026-11-22T00:00:00Z']) {
      expect(() => dueDate('case.open', from)).toThrow(expect.objectContaining({ kind: 'invalid', code: 'clock.date_invalid' }));
    }
  });

  it('that count open days never end on a day off and never run backwards', () => {
    const counting = listClocks().filter(({ dayKind }) => dayKind !== 'calendar').map(({ clock }) => clock);
    fc.assert(fc.property(fc.constantFrom(...counting), fc.integer({ min: 0, max: 20_000 }), (clock, offset) => {
      const from = addDays('2010-01-01', offset);
      const { due } = dueDate(clock, from);
      const next = dueDate(clock, addDays(from, 1)).due;
      expect(isOfficeOpen('us-ca', due)).toBe(true);
      expect([0, 6]).not.toContain(dayOfWeek(due));
      expect(due > from && next >= due).toBe(true);
    }), { numRuns: 300 });
  });

  it('stand in time up to and on their last day', () => {
    expect(clockStanding('2026-11-22', '2026-11-21', null)).toBe('running');
    expect(clockStanding('2026-11-22', '2026-11-22', null)).toBe('due_today');
    expect(clockStanding('2026-11-22', '2026-11-23', null)).toBe('overdue');
    expect(clockStanding('2026-11-22', '2026-12-01', '2026-11-22')).toBe('stopped_in_time');
    expect(clockStanding('2026-11-22', '2026-12-01', '2026-11-23')).toBe('stopped_late');
  });
});

describe('days appointed by the operator', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'puente-calendars-'));
    mkdirSync(join(dataDir, 'calendars'));
  });
  afterEach(() => {
    loadOfficeCalendars(null);
    rmSync(dataDir, { recursive: true });
  });

  it('close and open offices', () => {
    writeFileSync(join(dataDir, 'calendars', 'us-ca.json'), JSON.stringify({ closedDays: [{ on: '2026-12-24', id: 'appointed_day' }], openDays: ['2026-11-27'] }));
    loadOfficeCalendars(dataDir);
    expect(isOfficeOpen('us-ca', '2026-12-24')).toBe(false);
    expect(isOfficeOpen('us-ca', '2026-11-27')).toBe(true);
    expect(dueDate('status.answer', '2026-12-24').due).toBe('2027-01-04');
    expect(dueDate('status.answer', '2026-12-21').due).toBe('2026-12-30');
  });

  it('make a calendar of a place that the program does not know', () => {
    const calendar = {
      calendarId: 'pt', zone: 'Europe/Lisbon', citation: 'test', confirmed: false, weekend: [0, 6], closedDays: [], openDays: [],
      rules: [{ id: 'good_friday', kind: 'easter', offset: -2 }, { id: 'easter_sunday', kind: 'easter' }],
    };
    writeFileSync(join(dataDir, 'calendars', 'pt.json'), JSON.stringify(calendar));
    loadOfficeCalendars(dataDir);
    const easters = [1961, 2000, 2008, 2011, 2024, 2025, 2026, 2038].map((year) => listClosedDays('pt', year).find(({ id }) => id === 'easter_sunday')?.on);
    expect(easters).toEqual(['1961-04-02', '2000-04-23', '2008-03-23', '2011-04-24', '2024-03-31', '2025-04-20', '2026-04-05', '2038-04-25']);
    expect(isOfficeOpen('pt', '2026-04-03')).toBe(false);
    writeFileSync(join(dataDir, 'calendars', 'pt.json'), JSON.stringify({ ...calendar, calendarId: 'es' }));
    expect(() => loadOfficeCalendars(dataDir)).toThrow(expect.objectContaining({ code: 'clock.calendar_invalid', findings: [expect.objectContaining({ path: '/calendarId' })] }));
    writeFileSync(join(dataDir, 'calendars', 'pt.json'), JSON.stringify({ closedDays: [] }));
    expect(() => loadOfficeCalendars(dataDir)).toThrow(expect.objectContaining({ code: 'clock.calendar_invalid' }));
    loadOfficeCalendars(null);
    expect(() => isOfficeOpen('pt', '2026-04-03')).toThrow(expect.objectContaining({ code: 'clock.calendar_unknown' }));
  });

  it('are refused with the place of the fault', () => {
    writeFileSync(join(dataDir, 'calendars', 'us-ca.json'), JSON.stringify({ closedDays: [{ on: '2026-02-30', id: 'appointed_day' }] }));
    expect(() => loadOfficeCalendars(dataDir)).toThrow(expect.objectContaining({ code: 'clock.calendar_invalid', findings: [expect.objectContaining({ path: '/closedDays/0/on' })] }));
    writeFileSync(join(dataDir, 'calendars', 'us-ca.json'), '{');
    expect(() => loadOfficeCalendars(dataDir)).toThrow(expect.objectContaining({ code: 'clock.calendar_invalid' }));
  });
});
