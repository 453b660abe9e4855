import type { Ctx } from '../../../platform/context.ts';
import { authoriseSuspense } from '../suspense/access.ts';
import { suspenseTotals } from '../suspense/list-suspense.ts';
import type { SuspenseTotal } from '../suspense/list-suspense.ts';
import { keptFigures } from './keep-figures.ts';
import type { Freshness, Standing } from './keep-figures.ts';

/** What lies in suspense by partner and currency, as `suspenseTotals`, kept until money moves. */
export async function keptSuspenseTotals(ctx: Ctx, freshness: Freshness = 'kept'): Promise<{ readonly totals: readonly SuspenseTotal[]; readonly standing: Standing }> {
  authoriseSuspense(ctx, 'suspense.view');
  return keptFigures(ctx, { figure: 'suspense_totals', scope: '', freshness }, async (tx) => ({ totals: await suspenseTotals(tx) }));
}
