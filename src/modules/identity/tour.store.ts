import type { TxCtx } from '../../platform/context.ts';

export interface TourAnswer {
  readonly step: string;
  readonly answer: number;
  readonly answeredAt: Date;
}

/** The person's own, the earliest first. */
export async function selectTourAnswers(ctx: TxCtx): Promise<TourAnswer[]> {
  return ctx.tx.query<TourAnswer[]>('select step, answer, answered_at as "answeredAt" from tour_answers where agency_id = $1 and user_id = $2 order by answered_at, step', [ctx.actor.agency, ctx.actor.id]);
}

export async function upsertTourAnswer(ctx: TxCtx, step: string, answer: number): Promise<void> {
  await ctx.tx.query(
    `insert into tour_answers (agency_id, user_id, step, answer, answered_at) values ($1, $2, $3, $4, $5)
     on conflict (agency_id, user_id, step) do update set answer = excluded.answer, answered_at = excluded.answered_at`,
    [ctx.actor.agency, ctx.actor.id, step, answer, ctx.clock.now()]);
}
