import { authorise } from '../../../platform/authorise.ts';
import { inTransaction, operatorActor, withActor } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { countMoney, selectMoneyFigures } from './money-figure.store.ts';
import type { MoneyFigure } from './money-figure.store.ts';

/** The figures go back this many months, the present one with them. */
export const FIGURE_MONTHS = 12;

/** Counts anew what became of partners' lines by month, for all counties; lines tied to no case are seen by who sees all counties. */
export async function renewMoneyFigures(ctx: Ctx): Promise<void> {
  authorise(ctx, 'overview.view');
  const today = ctx.clock.now();
  const from = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - (FIGURE_MONTHS - 1), 1)).toISOString().slice(0, 7);
  await inTransaction(withActor(ctx, operatorActor(ctx.config)), (tx) => countMoney(tx, from));
}

/** Money by partner, month and outcome of the actor's counties, as it was counted last. */
export async function readMoneyFigures(ctx: Ctx): Promise<{ readonly countedAt: Date | null; readonly rows: readonly MoneyFigure[] }> {
  authorise(ctx, 'overview.view');
  return inTransaction(ctx, selectMoneyFigures);
}
