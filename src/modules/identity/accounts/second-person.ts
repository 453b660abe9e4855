import { raiseAlarm } from '../../../platform/alarms.ts';
import type { TxCtx } from '../../../platform/context.ts';
import { calendarDate } from '../../../platform/dates.ts';
import { pastTheWall } from '../past-the-wall.ts';
import { selectIntroductions } from './introduction.store.ts';
import { haveLetIn, INTRODUCTION_DAYS } from './second-person.rules.ts';

export const LEADER_MADE = 'identity.leader_made';
const AGENCY_ZONE = 'America/Los_Angeles';

/**
 * Whether the actor is somebody else than whoever prepared what a second person has to agree to: not the same account, and not one that either let
 * in within the last days, by making it or giving it a new start. Every place that asks for a second person asks here.
 */
export async function isSecondPerson(ctx: TxCtx, preparedBy: string): Promise<boolean> {
  if (preparedBy === ctx.actor.id) return false;
  const since = new Date(ctx.clock.now().getTime() - INTRODUCTION_DAYS * 24 * 60 * 60_000);
  return !haveLetIn(await pastTheWall(ctx, () => selectIntroductions(ctx, since)), preparedBy, ctx.actor.id);
}

/** Who leads hears of everybody who comes to lead: an alarm of the office, which stands at the beginning of their pages until somebody else confirms it (`account-alarms.ts`). Of what the command line did, the record alone tells. */
export async function tellOfLeader(ctx: TxCtx, userId: string, roles: { readonly before: readonly string[]; readonly after: readonly string[] }): Promise<void> {
  const isNew = ['administrator', 'supervisor'].some((role) => roles.after.includes(role) && !roles.before.includes(role));
  if (isNew && ctx.actor.kind === 'user') await raiseAlarm(ctx, { code: LEADER_MADE, subject: userId, aboutOn: calendarDate(ctx.clock.now(), AGENCY_ZONE), params: { by: ctx.actor.id } });
}
