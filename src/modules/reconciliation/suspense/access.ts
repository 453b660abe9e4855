import { readFileSync } from 'node:fs';
import { authorise } from '../../../platform/authorise.ts';
import type { Permission } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { keepRunsOut } from '../runs/run.store.ts';
import { claimItem } from './claim.store.ts';
import { isTouchedByOthers, lockDecisions } from './decision.store.ts';
import type { FourEyes } from './suspense.rules.ts';

let rule: FourEyes | undefined;

/** When a second person has to agree, and how long an item is somebody's. */
export function fourEyes(): FourEyes {
  rule ??= Object.freeze(JSON.parse(readFileSync(new URL('./four-eyes.json', import.meta.url), 'utf8')) as FourEyes);
  return rule;
}

/** Money in suspense belongs to no county yet: whoever sees only some would decide about others' cases. @throws AppError forbidden `suspense.all_counties_needed`. */
export function authoriseSuspense(ctx: Ctx, permission: Permission): void {
  authorise(ctx, permission);
  if (ctx.actor.counties !== 'all' || ctx.actor.partner !== null) throw new AppError('forbidden', 'suspense.all_counties_needed');
}

/** No run and no other decision changes the world until this transaction has ended. @throws AppError conflict `suspense.run_in_progress`. */
export async function standStill(ctx: TxCtx): Promise<void> {
  if (!(await keepRunsOut(ctx))) throw new AppError('conflict', 'suspense.run_in_progress');
  await lockDecisions(ctx);
}

/** The actor's own item, or one that is free: taken, or its lease renewed. @throws AppError conflict `suspense.taken_by_other`. */
export async function ensureClaim(ctx: TxCtx, itemKey: string): Promise<Date> {
  const until = new Date(ctx.clock.now().getTime() + fourEyes().leaseMinutes * 60_000);
  if ((await claimItem(ctx, itemKey, until)) === null) throw new AppError('conflict', 'suspense.taken_by_other');
  return until;
}

/**
 * Whoever decides has seen what others wrote and decided: what came since the page was opened is looked at first. In the transaction of the
 * decision, after which nobody writes or decides anything before it has ended.
 *
 * @throws AppError conflict `suspense.touched_meanwhile`.
 */
export async function assertSeen(ctx: Ctx, itemKey: string, seenAt: Date): Promise<void> {
  authoriseSuspense(ctx, 'suspense.decide');
  await inTransaction(ctx, async (tx) => {
    await lockDecisions(tx);
    if (await isTouchedByOthers(tx, itemKey, seenAt)) throw new AppError('conflict', 'suspense.touched_meanwhile');
  });
}
