export type { ClosedDay, OfficeCalendar } from './calendar.rules.ts';
export { clockStanding } from './clock.rules.ts';
export type { ClockLength, ClockRule, ClockStanding, DayKind } from './clock.rules.ts';
export { dueDate, getClock, listClocks } from './due-date.ts';
export type { DueDate } from './due-date.ts';
export { calendarOf, isOfficeOpen, listClosedDays, listOfficeCalendars, loadOfficeCalendars } from './office-calendars.ts';
export { officeDay } from './office-day.ts';
export { officeDays } from './office-days.ts';
