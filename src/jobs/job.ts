import type { Ctx } from '../platform/context.ts';
import type { JobData } from '../platform/jobs.ts';

/** One job: a file of its own in this folder, named as the job. Running it twice with the same data does what running it once does. */
export interface Job {
  readonly name: string;
  /** The events that wake it. */
  readonly wakesOn: readonly string[];
  /** How many are taken from the queue at once: more than one only where each takes no time worth speaking of. */
  readonly batch?: number;
  run(ctx: Ctx, data: JobData): Promise<void>;
}
