import { calendarDate } from '../../platform/dates.ts';
import type { CalendarDate, Clock } from '../../platform/dates.ts';

const TIME_ZONE = 'America/Los_Angeles';

/** The office's day, for which protections are judged. */
export function officeDay(clock: Clock): CalendarDate {
  return calendarDate(clock.now(), TIME_ZONE);
}
