import { addDays, addMonths, calendarDate, calendarDateOf, dayOfWeek, daysBetween, isCalendarDate } from '../../../src/platform/dates.ts';

it.each(['2026-02-29', '2026-13-04', '20206-01-01', '2026-1-4', '0000-01-01', '2026-04-31', ''])('%j is no day', (text) => {
  expect(isCalendarDate(text)).toBe(false);
});

it('knows leap days', () => {
  expect(isCalendarDate('2028-02-29')).toBe(true);
  expect(calendarDateOf(2026, 2, 29)).toBeNull();
});

it('counts days across months, years and the change of clocks', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(addDays('2026-03-07', 2)).toBe('2026-03-09');
  expect(daysBetween('2026-01-01', '2027-01-01')).toBe(365);
  expect(dayOfWeek('2026-11-22')).toBe(0);
});

it('ends a month early rather than run into the next', () => {
  expect(addMonths('2026-11-30', 3)).toBe('2027-02-28');
  expect(addMonths('2026-01-31', -2)).toBe('2025-11-30');
});

it('asks which day it is where the office stands', () => {
  const instant = new Date('2026-11-22T05:30:00Z');
  expect(calendarDate(instant, 'America/Los_Angeles')).toBe('2026-11-21');
  expect(calendarDate(instant, 'Asia/Seoul')).toBe('2026-11-22');
});
