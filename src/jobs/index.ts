import type { Ctx } from '../platform/context.ts';
import { openQueues } from '../platform/jobs.ts';
import type { JobData, JobOutcome } from '../platform/jobs.ts';
import { actOnMessageJob } from './act-on-message.ts';
import { announceIncomingJob } from './announce-incoming.ts';
import { announceMoveJob, announceRetrievedJob, announceSentJob } from './announce-move.ts';
import { answerInquiryJob } from './answer-inquiry.ts';
import { replyInquiryJob, takeApplicationJob, takeInquiryJob, tellApplicationJob } from './counter-messages.ts';
import { checkBatchJob } from './check-batch.ts';
import { compareArrivedCaseloadJob } from './compare-arrived-caseload.ts';
import { credentialsEndJob } from './credentials-end.ts';
import { dayCloseReminder } from './day-close-reminder.ts';
import { deliverMessageJob } from './deliver-message.ts';
import { expireMessagesJob } from './expire-messages.ts';
import { freezeRatesJob } from './freeze-rates.ts';
import { housekeeping } from './housekeeping.ts';
import { importArrivedListJob } from './import-arrived-list.ts';
import type { Job } from './job.ts';
import { linkApplicationsJob } from './link-applications.ts';
import { outcomeOf } from './outcome.ts';
import { pickup, pickupExpected, pickupExpiry } from './pickup.ts';
import { overviewJob } from './overview.ts';
import { reconcileJob } from './reconcile.ts';
import { remindJob } from './remind.ts';
import { renewFiguresJob } from './renew-figures.ts';
import { startRelay } from './relay.ts';
import { startSchedule } from './schedule.ts';
import { tellParked } from './tell-parked.ts';
import { sendBatchJob } from './send-batch.ts';
import { sendNoticeJob, wakeNoticesJob } from './send-notice.ts';
import { workOutCasesJob } from './work-out-cases.ts';

export type { Job } from './job.ts';

/** Which event wakes which job: the one table. */
export const JOBS: readonly Job[] = [actOnMessageJob, announceMoveJob, announceSentJob, announceRetrievedJob, announceIncomingJob, importArrivedListJob, compareArrivedCaseloadJob, housekeeping, credentialsEndJob, freezeRatesJob, pickup, pickupExpected, pickupExpiry, reconcileJob, renewFiguresJob, dayCloseReminder, overviewJob, remindJob, answerInquiryJob, linkApplicationsJob, takeInquiryJob, replyInquiryJob, takeApplicationJob, tellApplicationJob,
  deliverMessageJob, checkBatchJob, sendBatchJob, sendNoticeJob, wakeNoticesJob, expireMessagesJob, workOutCasesJob];

export interface RunningJobs {
  close(): Promise<void>;
}

/** Starts the jobs of this process: the schedule, the relay from the outbox to the queues, and a worker for each job. */
export async function startJobs(ctx: Ctx, jobs: readonly Job[] = JOBS): Promise<RunningJobs> {
  const queues = await openQueues(ctx, jobs.map((job) => job.name));
  try {
    for (const job of jobs) await queues.work(job.name, (data) => runJob(named(ctx, job.name), job, data), job.batch);
    await queues.watchParked((parked) => tellParked(named(ctx, 'parked'), parked));
  } catch (error) {
    await queues.close();
    throw error;
  }
  const relay = startRelay(ctx, queues, jobs);
  const schedule = startSchedule(ctx);
  return {
    async close() {
      await schedule.close();
      await relay.close();
      await queues.close();
    },
  };
}

/** A job acts under its own name, so that the audit log tells it from a person at the command line. */
function named(ctx: Ctx, job: string): Ctx {
  return { ...ctx, actor: { ...ctx.actor, id: `job:${job}`, name: job } };
}

/** Runs one job and says what becomes of it. */
export async function runJob(ctx: Ctx, job: Job, data: JobData): Promise<JobOutcome> {
  try {
    await job.run(ctx, data);
    return 'done';
  } catch (error) {
    const outcome = outcomeOf(error);
    ctx.log[outcome === 'retry' ? 'warn' : 'error']({ job: job.name, eventId: data.eventId, outcome, err: error }, 'job.failed');
    return outcome;
  }
}
