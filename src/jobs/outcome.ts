import { AppError } from '../platform/errors.ts';
import type { JobOutcome } from '../platform/jobs.ts';

/**
 * The one place where jobs translate errors. What may pass by itself (a partner or the database does not answer, another
 * holds a lock, a fault that a newer version mends) runs again; a refusal would be refused again, so a person looks at it.
 */
export function outcomeOf(error: unknown): Exclude<JobOutcome, 'done'> {
  if (!(error instanceof AppError)) return 'retry';
  if (error.kind === 'partner_unavailable' || error.code === 'database.busy') return 'retry';
  return 'park';
}
