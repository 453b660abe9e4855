import { JOBS } from '../../../src/jobs/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { takeEvents } from '../../../src/platform/outbox.ts';

const WOKEN = [
  'act-on-message', 'announce-move', 'announce-sent', 'announce-incoming', 'deliver-message', 'take-inquiry', 'answer-inquiry', 'reply-inquiry', 'take-application', 'tell-application', 'link-applications',
];

/** Runs the jobs that events have woken, until there are no more. Returns which did not end well. */
export async function jobsRun(operator: Ctx): Promise<string[]> {
  const failed: string[] = [];
  for (;;) {
    const events = await inTransaction(operator, (tx) => takeEvents(tx, 100));
    if (events.length === 0) return failed;
    for (const { eventId, name, body } of events) {
      for (const job of JOBS.filter((one) => WOKEN.includes(one.name) && one.wakesOn.includes(name))) {
        const system: Ctx = { ...operator, actor: { ...operator.actor, kind: 'system', id: `job:${job.name}` } };
        await job.run(system, { eventId, event: name, body }).catch((error: unknown) => {
          if (!(error instanceof AppError)) throw error;
          failed.push(`${job.name} ${error.code} ${error.findings.map(({ code, path }) => `${code}@${path ?? ''}`).join(' ')}`.trim());
        });
      }
    }
  }
}
