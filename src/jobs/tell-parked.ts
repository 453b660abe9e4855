import { parkGivenUp } from '../modules/exchange/index.ts';
import { officeDay } from '../modules/referrals/index.ts';
import { raiseAlarm } from '../platform/alarms.ts';
import { inTransaction } from '../platform/context.ts';
import type { Ctx } from '../platform/context.ts';
import type { ParkedJob } from '../platform/jobs.ts';
import { actOnMessageJob } from './act-on-message.ts';

const ALARM_RAISED = 'alarm.raised';

/**
 * A job was given up: what it was to do has not been done, and somebody is told. A message on which nobody has acted waits for a person from now on.
 * Twice the same tells it once.
 */
export async function tellParked(ctx: Ctx, { job, jobId, data }: ParkedJob): Promise<void> {
  const [eventId, messageId] = [data.eventId ?? jobId, data.body?.['messageId']];
  ctx.log.error({ job, eventId }, 'job.given_up');
  if (job === actOnMessageJob.name && typeof messageId === 'string') await parkGivenUp(ctx, messageId);
  // An alarm about alarms that nobody can be told of would raise the next one.
  if (data.event === ALARM_RAISED) return;
  await inTransaction(ctx, (tx) => raiseAlarm(tx, { code: 'jobs.given_up', subject: eventId, aboutOn: officeDay(tx), params: { job, about: typeof messageId === 'string' ? messageId : eventId } }));
}
