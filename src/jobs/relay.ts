import { inTransaction } from '../platform/context.ts';
import type { Ctx } from '../platform/context.ts';
import type { Queues } from '../platform/jobs.ts';
import { takeEvents } from '../platform/outbox.ts';
import type { Job } from './job.ts';

const INTERVAL_MS = 1_000;
const BATCH = 100;

/**
 * Moves what waits in the outbox into the queues of the jobs that it wakes, in one transaction: an event is marked as relayed
 * exactly when its jobs are queued. Returns how many events moved; any number of processes may do this at once.
 */
export async function relayOnce(ctx: Ctx, queues: Pick<Queues, 'send'>, jobs: readonly Job[]): Promise<number> {
  return inTransaction(ctx, async (tx) => {
    const events = await takeEvents(tx, BATCH);
    for (const event of events) {
      for (const job of jobs.filter((candidate) => candidate.wakesOn.includes(event.name))) {
        await queues.send(tx, job.name, { eventId: event.eventId, event: event.name, body: event.body });
      }
    }
    return events.length;
  });
}

export interface Relay {
  close(): Promise<void>;
}

/** Relays until closed. A failed round is logged and the next one tries again. */
export function startRelay(ctx: Ctx, queues: Queues, jobs: readonly Job[]): Relay {
  let isClosed = false;
  let timer: NodeJS.Timeout | null = null;
  let round: Promise<void> = Promise.resolve();
  const next = (delayMs: number): void => {
    if (isClosed) return;
    timer = setTimeout(() => {
      round = relayOnce(ctx, queues, jobs)
        .catch((error: unknown) => { ctx.log.warn({ err: error }, 'relay.failed'); return 0; })
        .then((moved) => next(moved === BATCH ? 0 : INTERVAL_MS));
    }, delayMs);
  };
  next(0);
  return {
    async close() {
      isClosed = true;
      if (timer) clearTimeout(timer);
      await round;
    },
  };
}
