import type { CalendarDate } from '../../../platform/dates.ts';
import type { Direction, ReferralStatus } from '../lifecycle/lifecycle-table.rules.ts';
import type { ClockRow, ReferralClock } from './referral-clock.rules.ts';

/** A clock that runs, with the referral that it runs for. */
export interface OpenClock extends ReferralClock {
  readonly referralId: string;
  readonly partnerId: string;
  readonly county: string;
  readonly caseId: string;
  readonly status: ReferralStatus;
  readonly direction: Direction;
}

export type OpenClockRow = ClockRow & Pick<OpenClock, 'referralId' | 'partnerId' | 'county' | 'caseId' | 'status' | 'direction'>;

/** Where a page of open clocks begins: behind this one. */
export interface AfterClock {
  readonly referralId: string;
  readonly position: number;
}

export interface OpenClockQuery {
  readonly clocks: readonly string[];
  /** Only what counts on or before this day. */
  readonly countsBy: CalendarDate;
  readonly after: AfterClock | null;
  readonly limit: number;
}
