import { findPartner } from '../../partners/index.ts';
import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { ClockCondition, ClockEffect } from '../lifecycle/lifecycle-table.rules.ts';
import { dueAfterPause } from './clock.rules.ts';
import { dueDate, getClock, isStateOfficeOpen } from './due-date.ts';
import { countsOn } from './referral-clock.rules.ts';
import type { ClockRow, ReferralClock } from './referral-clock.rules.ts';
import { insertClock, selectClocks, updateClock } from './referral-clock.store.ts';
import type { ClockOwner } from './referral-clock.store.ts';

/** What a move brings to the clocks. */
export interface ClockOccasion {
  readonly move: string;
  readonly on: CalendarDate;
  readonly promisedOn: CalendarDate | null;
  /** The day on which a clock starts that counts from another one than the day of the move. */
  readonly startsOn?: Readonly<Record<string, CalendarDate>>;
  holds(condition: ClockCondition, clock: string): boolean;
}

/**
 * Starts, stops, pauses, resumes or promises clocks of a referral, as a row of the lifecycle says. A clock that runs is not started
 * anew; one that does not is neither stopped nor paused. The referral's row must be locked.
 * @returns how many clocks were touched.
 */
export async function applyClockEffects(ctx: TxCtx, owner: ClockOwner, effects: readonly ClockEffect[], occasion: ClockOccasion): Promise<number> {
  let touched = 0;
  for (const effect of effects) {
    if (effect.when && !occasion.holds(effect.when, effect.clock)) continue;
    const running = (await selectClocks(ctx, owner.referralId)).filter((row) => row.stoppedOn === null && (effect.clock === '*' || row.clock === effect.clock));
    if (effect.act === 'start') touched += running.length > 0 ? 0 : await startClock(ctx, owner, effect.clock, occasion);
    else for (const row of running) touched += await touchClock(ctx, owner, row, effect.act, occasion);
  }
  return touched;
}

async function startClock(ctx: TxCtx, owner: ClockOwner, clock: string, { on: moved, move, startsOn }: ClockOccasion): Promise<number> {
  const on = startsOn?.[clock] ?? moved;
  await insertClock(ctx, owner, { clock, by: move, on, dueOn: dueDate(clock, on).due });
  return 1;
}

async function touchClock(ctx: TxCtx, owner: ClockOwner, row: ClockRow, act: Exclude<ClockEffect['act'], 'start'>, occasion: ClockOccasion): Promise<number> {
  // What happened before the clock started cannot have touched it; told late, it counts from the start.
  const on = occasion.on < row.startedOn ? row.startedOn : occasion.on;
  const resumed = row.pausedOn === null ? row : resumedRow(row, on);
  const changed = {
    stop: () => ({ ...resumed, stoppedOn: on, stoppedBy: occasion.move }),
    resume: () => (row.pausedOn === null ? null : resumed),
    pause: () => (row.pausedOn === null ? { ...row, pausedOn: on } : null),
    promise: () => (getClock(row.clock).promiseStops === true && occasion.promisedOn !== null
      ? { ...row, promisedOn: occasion.promisedOn, satisfiedOn: row.satisfiedOn ?? on } : null),
  }[act]();
  if (changed === null) return 0;
  await updateClock(ctx, owner.referralId, row.position, changed);
  return 1;
}

function resumedRow(row: ClockRow, on: CalendarDate): ClockRow {
  const pause = { from: row.pausedOn ?? on, until: (row.pausedOn ?? on) > on ? row.pausedOn ?? on : on };
  return { ...row, dueOn: dueAfterPause(getClock(row.clock).dayKind, row.dueOn, pause, isStateOfficeOpen), pausedOn: null, pauses: [...row.pauses, pause] };
}

/** A clock with its law: whether it binds depends on the partner's profile, as it is now. */
export function asReferralClock(row: ClockRow, partnerId: string): ReferralClock {
  const rule = getClock(row.clock);
  const hasArrangement = findPartner(partnerId)?.referralClock.value.binding ?? true;
  return {
    position: row.position, clock: row.clock, startedBy: row.startedBy, startedOn: row.startedOn, dueOn: row.dueOn, promisedOn: row.promisedOn,
    satisfiedOn: row.satisfiedOn, pausedOn: row.pausedOn, pauses: row.pauses, stoppedOn: row.stoppedOn, stoppedBy: row.stoppedBy,
    citation: rule.citation, isBinding: rule.binding && (rule.byArrangement !== true || hasArrangement), side: rule.side ?? 'ours', sense: rule.sense ?? 'latest',
    countsOn: countsOn(row),
  };
}
