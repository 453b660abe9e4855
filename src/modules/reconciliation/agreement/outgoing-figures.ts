import { authorise } from '../../../platform/authorise.ts';
import type { Ctx } from '../../../platform/context.ts';
import type { OfficeDays } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { officeDay } from '../../cases/index.ts';
import { keptFigures } from '../figures/keep-figures.ts';
import type { Freshness, Standing } from '../figures/keep-figures.ts';
import type { HopSum } from './hop.rules.ts';
import { feesByHop } from './list-hops.ts';
import { outgoingTotals, sentVersusReceived } from './list-outgoing.ts';
import type { OutgoingTotal } from './list-outgoing.ts';
import type { MonthRow } from './outgoing.store.ts';

export interface OutgoingFigures {
  readonly totals: readonly OutgoingTotal[];
  readonly months: readonly MonthRow[];
  readonly hops: readonly HopSum[];
}

/**
 * All sums over what went out through partners: where it lies, sent against received, what each hand took. Ages are those of today's office day.
 *
 * @throws AppError forbidden `reconciliation.all_counties_needed`; not_found `partner.unknown`.
 */
export async function outgoingFigures(ctx: Ctx, days: OfficeDays, wanted: { partnerId?: string } = {}, freshness: Freshness = 'fresh'): Promise<OutgoingFigures & { readonly standing: Standing }> {
  authorise(ctx, 'reconciliation.view');
  // Kept figures are seen by who sees all counties; the three below ask the same, also of whoever computes.
  if (ctx.actor.counties !== 'all') throw new AppError('forbidden', 'reconciliation.all_counties_needed');
  const partner = wanted.partnerId === undefined ? {} : { partnerId: wanted.partnerId };
  return keptFigures(ctx, { figure: 'outgoing', scope: `${officeDay(ctx.clock)} ${wanted.partnerId ?? ''}`, freshness }, async (tx) => ({
    totals: await outgoingTotals(tx, days, partner), months: await sentVersusReceived(tx, partner), hops: await feesByHop(tx, partner),
  }));
}
