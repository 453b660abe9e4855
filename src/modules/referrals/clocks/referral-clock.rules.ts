import type { CalendarDate } from '../../../platform/dates.ts';

/** A clock of one referral, as it is kept. */
export interface ClockRow {
  readonly position: number;
  readonly clock: string;
  /** The move that started it. */
  readonly startedBy: string;
  readonly startedOn: CalendarDate;
  /** By the clock's own rule, with what pauses have added. */
  readonly dueOn: CalendarDate;
  readonly promisedOn: CalendarDate | null;
  /** The day on which a date was promised, which satisfied the clock. */
  readonly satisfiedOn: CalendarDate | null;
  readonly pausedOn: CalendarDate | null;
  readonly pauses: readonly ClockPause[];
  readonly stoppedOn: CalendarDate | null;
  readonly stoppedBy: string | null;
}

export interface ClockPause {
  readonly from: CalendarDate;
  readonly until: CalendarDate;
}

/** The same with what the table of clocks and the partner's profile say about it. */
export interface ReferralClock extends ClockRow {
  readonly citation: string;
  /** False: a target that binds nobody, and is labelled so. */
  readonly isBinding: boolean;
  /** Whose deadline it is. */
  readonly side: 'ours' | 'theirs';
  /** `earliest`: the first day on which something may be done. */
  readonly sense: 'latest' | 'earliest';
  /** The day that counts now: the promised one, where one was promised. */
  readonly countsOn: CalendarDate;
}

export function countsOn(row: Pick<ClockRow, 'dueOn' | 'promisedOn'>): CalendarDate {
  return row.promisedOn ?? row.dueOn;
}

/** The clock that a list shows: the earliest that runs, ours before theirs on the same day; where none runs, the one stopped last. */
export function leadingClock(clocks: readonly ReferralClock[]): ReferralClock | null {
  const running = clocks.filter((clock) => clock.stoppedOn === null && clock.pausedOn === null);
  const open = running.length > 0 ? running : clocks.filter((clock) => clock.stoppedOn === null);
  if (open.length > 0) return open.reduce((first, next) => (rank(next) < rank(first) ? next : first));
  return clocks.reduce<ReferralClock | null>((last, next) => (last === null || (next.stoppedOn ?? '') >= (last.stoppedOn ?? '') ? next : last), null);
}

const rank = (clock: ReferralClock): string => `${clock.countsOn} ${clock.side} ${clock.clock}`;
