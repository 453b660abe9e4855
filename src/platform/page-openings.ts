import type { TxCtx } from './context.ts';

/** So long somebody who has opened a page has it open: turning pages is no further opening. */
export const OPEN_MINUTES = 15;

/** Opens it for this person, unless it is open; true when it was opened now. Two pages asked for at once open it once. */
export async function openForReading(ctx: TxCtx, subjectId: string, minutes: number): Promise<boolean> {
  const rows: unknown[] = await ctx.tx.query(
    `insert into page_openings as o (agency_id, user_id, subject_id, opened_at) values ($1, $2, $3, $4)
     on conflict (agency_id, user_id, subject_id) do update set opened_at = excluded.opened_at
       where o.opened_at <= excluded.opened_at - make_interval(mins => $5) or o.opened_at > excluded.opened_at
     returning subject_id`,
    [ctx.actor.agency, ctx.actor.id, subjectId, ctx.clock.now(), minutes],
  );
  return rows.length === 1;
}
