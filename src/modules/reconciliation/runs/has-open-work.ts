import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { selectHasOpenWork } from './open-work.store.ts';

/** Whether a run would find anything that came since the last one. */
export async function hasOpenWork(ctx: Ctx): Promise<boolean> {
  authorise(ctx, 'reconciliation.view');
  return inTransaction(ctx, selectHasOpenWork);
}
