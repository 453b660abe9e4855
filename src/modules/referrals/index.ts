export { calendarOf, clockStanding, dueDate, getClock, isOfficeOpen, listClocks, listClosedDays, loadOfficeCalendars } from './clocks/index.ts';
export type { ClockLength, ClockRule, ClockStanding, ClosedDay, DayKind, DueDate, OfficeCalendar } from './clocks/index.ts';
