import type { CalendarDate } from '../../../platform/dates.ts';
import type { Finding } from '../../../platform/errors.ts';

export interface Judged {
  readonly today: CalendarDate;
  /** Until when the partner's profile is in force. */
  readonly validUntil: CalendarDate | null;
}

/** A partner whose profile is over sends no more; what it sends is kept and refused. */
export function judgePartner({ validUntil, today }: Judged): Finding[] {
  return validUntil !== null && validUntil < today ? [{ code: 'message.partner_closed', severity: 'block', params: { until: validUntil } }] : [];
}

export const isBlocked = (findings: readonly Finding[]): boolean => findings.some(({ severity }) => severity === 'block');

/** What one partner sends on a day at most, all channels together. */
export const MESSAGES_A_DAY_MAX = 20_000;
export const BYTES_A_DAY_MAX = 4 * 1024 * 1024 * 1024;
/** So many that are as large as this come in from a partner at a time. */
export const LARGE_AT_ONCE_MAX = 4;
export const LARGE_BYTES = 16 * 1024 * 1024;
/** The largest file that is taken: our own largest packet, coming back. */
export const ARRIVAL_BYTES_MAX = 256 * 1024 * 1024;
