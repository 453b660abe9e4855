import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { inTransaction } from '../platform/context.ts';
import type { Ctx } from '../platform/context.ts';
import { emitTick } from '../platform/outbox.ts';

/** An event that comes every so often, once for all processes. */
export interface Tick {
  readonly event: string;
  readonly every: number;
  /** Whether there is anything to wake for. */
  readonly isWanted?: (ctx: Ctx) => boolean;
}

const MINUTE_MS = 60_000;
const LOOK_MS = 5_000;

const hasPickupSettings = (ctx: Ctx): boolean => existsSync(join(ctx.config.dataDir, 'pickup'));

export const SCHEDULE: readonly Tick[] = [
  { event: 'housekeeping.due', every: 24 * 60 * MINUTE_MS },
  { event: 'cases.work_out_due', every: 24 * 60 * MINUTE_MS },
  { event: 'pickup.due', every: MINUTE_MS, isWanted: hasPickupSettings },
  { event: 'pickup.check_due', every: 15 * MINUTE_MS, isWanted: hasPickupSettings },
  { event: 'days.reminder_due', every: 60 * MINUTE_MS },
  { event: 'reminders.due', every: 60 * MINUTE_MS },
  { event: 'exchange.expiry_due', every: 60 * MINUTE_MS },
  { event: 'notices.due', every: MINUTE_MS },
  { event: 'overview.due', every: 15 * MINUTE_MS },
];

/** Emits what is due now and has not been said by this or another process. Returns the events that this call said. */
export async function tickOnce(ctx: Ctx, schedule: readonly Tick[], said: Map<string, number>): Promise<string[]> {
  const now = ctx.clock.now().getTime();
  const due = schedule.filter(({ event, every, isWanted }) => said.get(event) !== Math.floor(now / every) && (isWanted?.(ctx) ?? true));
  if (due.length === 0) return [];
  const emitted = await inTransaction(ctx, async (tx) => {
    const news: string[] = [];
    for (const { event, every } of due) if (await emitTick(tx, event, every)) news.push(event);
    return news;
  });
  for (const { event, every } of due) said.set(event, Math.floor(now / every));
  return emitted;
}

/** Keeps the schedule until closed. A round that fails is logged; the next one says what it missed. */
export function startSchedule(ctx: Ctx, schedule: readonly Tick[] = SCHEDULE): { close(): Promise<void> } {
  const said = new Map<string, number>();
  let round: Promise<unknown> = Promise.resolve();
  const look = (): void => {
    round = round.then(() => tickOnce(ctx, schedule, said)).catch((error: unknown) => ctx.log.warn({ err: error }, 'schedule.failed'));
  };
  look();
  const timer = setInterval(look, LOOK_MS);
  return {
    async close() {
      clearInterval(timer);
      await round;
    },
  };
}
