import type { OfficeDays } from '../../../platform/dates.ts';
import { dueDate } from './due-date.ts';
import { isOfficeOpen } from './office-calendars.ts';

/** The calendars and clocks, for modules that may not import this one: whoever calls them hands it over. */
export const officeDays: OfficeDays = Object.freeze({ isOfficeOpen, dueDate: (clock: string, from: string) => dueDate(clock, from) });
