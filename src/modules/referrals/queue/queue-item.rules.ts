import { addDays } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';

/** What there is to do, and by when. */
export interface QueueWork {
  readonly reason: string;
  readonly dueOn: CalendarDate;
  readonly availableOn: CalendarDate;
}

/** A clock as the queue looks at it. */
export interface QueueClock {
  readonly clock: string;
  readonly startedOn: CalendarDate;
  readonly countsOn: CalendarDate;
  readonly pausedOn: CalendarDate | null;
  readonly stoppedOn: CalendarDate | null;
  readonly side: 'ours' | 'theirs';
  readonly sense: 'latest' | 'earliest';
  readonly repeats: boolean;
}

// A yearly notice is no work for today while it is ten months off.
const REPEATING_AHEAD_DAYS = 60;

/**
 * The one piece of work of a referral: our own earliest deadline that runs; only where there is none, what the other side owes us (to be
 * reminded of when its day is over), what is allowed from a day on, and yearly notices. Null where nothing runs.
 */
export function workOf(clocks: readonly QueueClock[]): QueueWork | null {
  const running = clocks.filter((clock) => clock.stoppedOn === null && clock.pausedOn === null);
  const own = running.filter((clock) => clock.side === 'ours' && clock.sense === 'latest' && !clock.repeats);
  const [first] = (own.length > 0 ? own : running).map(asWork).sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return first ?? null;
}

const key = (work: QueueWork): string => `${work.dueOn} ${work.reason}`;

function asWork(clock: QueueClock): QueueWork {
  const isLater = clock.side === 'theirs' || clock.sense === 'earliest';
  const ahead = clock.repeats ? addDays(clock.countsOn, -REPEATING_AHEAD_DAYS) : clock.startedOn;
  return { reason: clock.clock, dueOn: clock.countsOn, availableOn: isLater ? clock.countsOn : ahead };
}
