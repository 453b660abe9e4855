import { addDays, isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { Finding } from '../../../platform/errors.ts';

const COURIER = /^[A-Za-z0-9][A-Za-z0-9 .-]{1,39}$/;
const NUMBER = /^[A-Z0-9][A-Z0-9-]{3,39}$/;
const DAYS_BACK = 90;

export interface Dispatch {
  readonly courier: string;
  readonly trackingNumber: string;
  readonly dispatchedOn: CalendarDate;
}

export const trackingNumberOf = (text: string): string => text.replace(/\s/g, '').toUpperCase();

/** What is wrong with a dispatch as somebody typed it. */
export function dispatchFindings(given: Dispatch, today: CalendarDate): Finding[] {
  const fault = (code: string, path: string): Finding => ({ code, severity: 'block', path });
  return [
    ...(COURIER.test(given.courier) ? [] : [fault('paper.courier_invalid', '/courier')]),
    ...(NUMBER.test(given.trackingNumber) ? [] : [fault('paper.number_invalid', '/trackingNumber')]),
    ...(isDay(given.dispatchedOn, today) ? [] : [fault('paper.day_invalid', '/dispatchedOn')]),
  ];
}

/** A day of the calendar, not in the future and not long past. */
export function isDay(text: string, today: CalendarDate): boolean {
  return isCalendarDate(text) && text <= today && text >= addDays(today, -DAYS_BACK);
}
