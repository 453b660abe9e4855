import { authorise } from '../../../platform/authorise.ts';
import { inTransaction, operatorActor, withActor } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { officeDay } from '../clocks/office-day.ts';
import { listSegments, segmentQuery } from '../queue/segments.ts';
import { daysWithin } from './figure.rules.ts';
import type { BacklogFigure, ClockState, PacketState, WorkFigures } from './figure.rules.ts';
import { countWork, selectWorkFigures } from './figure.store.ts';
import type { FigureRow } from './figure.store.ts';

/** Counts anew how it stands with the work, for all counties; each reader then sees those of the own. */
export async function renewWorkFigures(ctx: Ctx): Promise<void> {
  authorise(ctx, 'overview.view');
  const all = withActor(ctx, operatorActor(ctx.config));
  const segments = listSegments(all).map(({ segmentId }) => ({ segmentId, query: segmentQuery(all, segmentId) }));
  await inTransaction(all, (tx) => countWork(tx, officeDay(tx), segments));
}

/** How it stands with clocks, referrals, segments and packets of the actor's counties, as it was counted last. */
export async function readWorkFigures(ctx: Ctx): Promise<WorkFigures> {
  authorise(ctx, 'overview.view');
  const { countedAt, rows } = await inTransaction(ctx, selectWorkFigures);
  const of = (figure: string) => rows.filter((row) => row.figure === figure);
  const known = new Set(listSegments(ctx).map(({ segmentId }) => segmentId));
  return {
    countedAt,
    clocks: of('clock').map(({ partnerId, part, key, count }) => ({ partnerId, clock: part, state: key as ClockState, count: Number(count) })),
    backlog: of('backlog').map(({ partnerId, key, part, count }) => ({ partnerId, age: Number(key), direction: part as BacklogFigure['direction'], count: Number(count) })),
    segments: of('segment').filter(({ key }) => known.has(key)).map(({ key, count }) => ({ segmentId: key, count: Number(count) })),
    packets: of('packet').map(({ partnerId, key, count }) => ({ partnerId, state: key as PacketState, count: Number(count) })),
    acknowledgments: acknowledgmentsOf(of('acknowledgment')),
  };
}

function acknowledgmentsOf(rows: readonly FigureRow[]): WorkFigures['acknowledgments'] {
  const byPartner = new Map<string, { days: number; count: number }[]>();
  for (const { partnerId, key, count } of rows) byPartner.set(partnerId, [...byPartner.get(partnerId) ?? [], { days: Number(key), count: Number(count) }]);
  return [...byPartner].map(([partnerId, histogram]) => ({
    partnerId, count: histogram.reduce((sum, { count }) => sum + count, 0), medianDays: daysWithin(histogram, 0.5), p95Days: daysWithin(histogram, 0.95),
  }));
}
