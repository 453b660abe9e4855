import { AppError } from '../platform/errors.ts';
import type { JobOutcome } from '../platform/jobs.ts';

/** What passes by itself: another holds a lock, or what was asked before is still to be looked at. */
const PASSES: readonly string[] = ['database.busy', 'inquiry.too_many_open'];

/**
 * The one place where jobs translate errors. What may pass by itself (a partner or the database does not answer, another
 * holds a lock, a fault that a newer version mends) runs again; a refusal would be refused again, so a person looks at it.
 */
export function outcomeOf(error: unknown): Exclude<JobOutcome, 'done'> {
  if (!(error instanceof AppError)) return 'retry';
  if (error.kind === 'partner_unavailable' || PASSES.includes(error.code)) return 'retry';
  return 'park';
}
