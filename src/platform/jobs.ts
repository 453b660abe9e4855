import { PgBoss } from 'pg-boss';
import type { JobResult, JobWithMetadata } from 'pg-boss';
import type { PoolClient } from 'pg';
import type { Ctx, TxCtx } from './context.ts';
import { AppError } from './errors.ts';
import type { Logger } from './log.ts';

/** What a job is told: ids and codes. It looks everything else up when it runs. */
export interface JobData {
  readonly eventId: string;
  readonly event: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What became of a job: `retry` runs it again later, `park` puts it aside for a person. */
export type JobOutcome = 'done' | 'retry' | 'park';

/** A job that will not be run again: refused, failed too often, or its process ended each time. */
export interface ParkedJob {
  readonly job: string;
  readonly jobId: string;
  readonly data: Partial<JobData>;
}

export interface Queues {
  /** Puts a job into its queue within the caller's transaction: a rollback leaves none. */
  send(ctx: TxCtx, job: string, data: JobData): Promise<void>;
  /**
   * Runs `handler` for each job, one at a time, so many taken from the queue at once. It may be run twice for the same job and must then
   * change nothing more.
   */
  work(job: string, handler: (data: JobData) => Promise<JobOutcome>, batch?: number): Promise<void>;
  /** Tells of each job that has been put aside, however it came there, once `handler` has ended well. What was put aside is kept. */
  watchParked(handler: (parked: ParkedJob) => Promise<void>): Promise<void>;
  /** Lets jobs in flight end, for a while; what does not end is taken up by another process. */
  close(): Promise<void>;
}

const SCHEMA = 'jobs';
const PARKED = 'parked';
const HEARTBEAT_SECONDS = 30;
const EXPIRE_SECONDS = 2 * 3_600;
const RETRIES_MAX = 6;
// The n-th pause is between half of 5 · 2ⁿ seconds and the whole: pg-boss draws it (its `retryBackoff`), so that what failed together does not come back together.
const RETRY_DELAY_SECONDS = 5;
const RETRY_DELAY_MAX_SECONDS = 900;
const PARKED_KEPT_SECONDS = 365 * 86_400;
// Telling of it must not fail for a while of the database's: it is tried for days.
const PARKED_RETRIES_MAX = 1_000;
const POLL_SECONDS = 1;
const PARKED_BATCH = 20;
const STOP_TIMEOUT_MS = 20_000;
const POOL_MAX = 3;

/**
 * Opens this agency's queues. They live in the database, so any number of processes may work on them, and a job whose
 * process was killed is run again when its heartbeat stops.
 *
 * @throws AppError `database.not_migrated`.
 */
export async function openQueues(ctx: Ctx, jobs: readonly string[]): Promise<Queues> {
  const boss = new PgBoss({
    connectionString: ctx.db.appUrl, schema: SCHEMA, application_name: 'puente jobs', max: POOL_MAX,
    migrate: false, createSchema: false, schedule: false, supervise: true, persistQueueStats: false, reindex: false,
  });
  listen(boss, ctx.log);
  await boss.start().catch((error: Error) => {
    if (/not installed|requires migrations/.test(error.message)) throw new AppError('conflict', 'database.not_migrated', { cause: error });
    throw error;
  });
  const queueOf = (job: string): string => `${ctx.config.agency}/${job}`;
  await ensureQueue(boss, queueOf(PARKED), {
    retentionSeconds: PARKED_KEPT_SECONDS, deleteAfterSeconds: PARKED_KEPT_SECONDS, retryLimit: PARKED_RETRIES_MAX, retryDelay: RETRY_DELAY_SECONDS, retryBackoff: true, retryDelayMax: RETRY_DELAY_MAX_SECONDS,
  });
  const options = {
    retryLimit: RETRIES_MAX, retryDelay: RETRY_DELAY_SECONDS, retryBackoff: true, retryDelayMax: RETRY_DELAY_MAX_SECONDS,
    heartbeatSeconds: HEARTBEAT_SECONDS, expireInSeconds: EXPIRE_SECONDS, deadLetter: queueOf(PARKED),
  };
  for (const job of jobs) await ensureQueue(boss, queueOf(job), options);
  return {
    async send(tx, job, data) {
      const client = (await tx.tx.queryRunner?.connect()) as PoolClient | undefined;
      if (!client) throw new Error('fault: a job is sent outside of a transaction');
      await boss.send(queueOf(job), data, { db: { executeSql: (text, values) => client.query(text, values) } });
    },
    async work(job, handler, batch = 1) {
      let workerId: string | null = null;
      workerId = await boss.work<JobData>(queueOf(job), { batchSize: batch, pollingIntervalSeconds: POLL_SECONDS, perJobResults: true }, async (jobs) => {
        const results: JobResult[] = [];
        for (const { id, data } of jobs) {
          const outcome = await handler(data);
          if (outcome === 'park') await boss.send(queueOf(PARKED), { job, id, ...data });
          results.push({ id, status: outcome === 'retry' ? 'failed' : 'completed' });
        }
        // Where there was work there may be more: the next look is at once, not when the interval is over.
        if (workerId !== null) boss.notifyWorker(workerId);
        return results;
      });
    },
    async watchParked(handler) {
      await boss.work(queueOf(PARKED), { batchSize: PARKED_BATCH, pollingIntervalSeconds: POLL_SECONDS, perJobResults: true, includeMetadata: true }, async (parked: JobWithMetadata<ParkedData>[]) => {
        const results: JobResult[] = [];
        for (const one of parked) results.push({ id: one.id, status: await told(ctx.log, handler, parkedJob(one)) ? 'completed' : 'failed' });
        return results;
      });
    },
    close: () => boss.stop({ graceful: true, timeout: STOP_TIMEOUT_MS, close: true }),
  };
}

type ParkedData = Partial<JobData> & { readonly job?: string };

/** What was refused names its job itself; of what failed too often the queue that gave it up is known. */
function parkedJob({ id, data, sourceName }: JobWithMetadata<ParkedData>): ParkedJob {
  return { job: data.job ?? sourceName?.split('/').at(-1) ?? '', jobId: id, data };
}

async function told(log: Logger, handler: (parked: ParkedJob) => Promise<void>, parked: ParkedJob): Promise<boolean> {
  try {
    await handler(parked);
    return true;
  } catch (error) {
    log.error({ job: parked.job, eventId: parked.data.eventId, err: error }, 'jobs.parked_not_told');
    return false;
  }
}

async function ensureQueue(boss: PgBoss, name: string, options: Parameters<PgBoss['createQueue']>[1]): Promise<void> {
  await boss.createQueue(name, options);
  await boss.updateQueue(name, options);
}

/** A lost connection must not end the process: pg-boss tries again by itself. Its messages may quote data, so only classes and codes are logged. */
function listen(boss: PgBoss, log: Logger): void {
  boss.on('error', (error: unknown) => log.error({ err: error }, 'jobs.error'));
  boss.on('warning', (warning: unknown) => log.warn({ type: (warning as { type?: unknown }).type ?? null }, 'jobs.warning'));
}
