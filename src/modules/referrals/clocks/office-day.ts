import type { Ctx } from '../../../platform/context.ts';
import { calendarDate } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { calendarOf } from './office-calendars.ts';

// The State whose offices count the days.
const STATE_CALENDAR = 'us-ca';

/** Where the agency's days begin and end. */
export const officeZone = (): string => calendarOf(STATE_CALENDAR).zone;

/** The day on which it is now, or was at that time, in the agency's offices: days are counted there, wherever the server stands. */
export function officeDay(ctx: Pick<Ctx, 'clock'>, at: Date = ctx.clock.now()): CalendarDate {
  return calendarDate(at, officeZone());
}
