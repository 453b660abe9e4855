import type { TxCtx } from '../../../platform/context.ts';
import { newId } from '../../../platform/ids.ts';
import type { Introduction } from './second-person.rules.ts';

export async function insertIntroduction(ctx: TxCtx, userId: string): Promise<void> {
  await ctx.tx.query('insert into account_introductions (agency_id, introduction_id, user_id, introduced_by, introduced_at) values ($1, $2, $3, $4, $5)',
    [ctx.actor.agency, newId('int'), userId, ctx.actor.id, ctx.clock.now()]);
}

export async function selectIntroductions(ctx: TxCtx, since: Date): Promise<Introduction[]> {
  return ctx.tx.query<Introduction[]>(
    'select distinct user_id as "userId", introduced_by as "introducedBy" from account_introductions where agency_id = $1 and introduced_at > $2', [ctx.actor.agency, since]);
}
