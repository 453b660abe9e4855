import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { OpenClockQuery, OpenClockRow } from './open-clock.rules.ts';
import type { ClockPause, ClockRow } from './referral-clock.rules.ts';

/** Of which referral; county and partner stand in each row, so that its scope needs no other table. */
export interface ClockOwner {
  readonly referralId: string;
  readonly county: string;
  readonly partnerId: string;
}

const COLUMNS = `position, clock, started_by as "startedBy", started_on::text as "startedOn", due_on::text as "dueOn", promised_on::text as "promisedOn",
  satisfied_on::text as "satisfiedOn", paused_on::text as "pausedOn", pauses, stopped_on::text as "stoppedOn", stopped_by as "stoppedBy"`;

export async function selectClocks(ctx: TxCtx, referralId: string): Promise<ClockRow[]> {
  return ctx.tx.query<ClockRow[]>(`select ${COLUMNS} from referral_clocks where agency_id = $1 and referral_id = $2 order by position`, [ctx.actor.agency, referralId]);
}

/** The clocks of many referrals at once, for lists. */
export async function selectClocksOf(ctx: TxCtx, referralIds: readonly string[]): Promise<(ClockRow & { referralId: string })[]> {
  return ctx.tx.query<(ClockRow & { referralId: string })[]>(
    `select referral_id as "referralId", ${COLUMNS} from referral_clocks where agency_id = $1 and referral_id = any($2) order by referral_id, position`,
    [ctx.actor.agency, referralIds],
  );
}

/** Clocks of these names that run and are not paused, by referral and position. */
export async function selectOpenClocks(ctx: TxCtx, { clocks, countsBy, after, limit }: OpenClockQuery): Promise<OpenClockRow[]> {
  return ctx.tx.query<OpenClockRow[]>(
    `select c.position, c.clock, c.started_by as "startedBy", c.started_on::text as "startedOn", c.due_on::text as "dueOn", c.promised_on::text as "promisedOn",
            c.satisfied_on::text as "satisfiedOn", c.paused_on::text as "pausedOn", c.pauses, c.stopped_on::text as "stoppedOn", c.stopped_by as "stoppedBy", c.referral_id as "referralId", r.partner_id as "partnerId", r.county, r.case_id as "caseId", r.status, r.direction
       from referral_clocks c join referrals r on r.agency_id = c.agency_id and r.referral_id = c.referral_id
      where c.agency_id = $1 and c.clock = any($2) and c.stopped_on is null and c.paused_on is null and coalesce(c.promised_on, c.due_on) <= $3
        and (c.referral_id, c.position) > ($4, $5)
      order by c.referral_id, c.position limit $6`,
    [ctx.actor.agency, clocks, countsBy, after?.referralId ?? '', after?.position ?? 0, limit],
  );
}

export async function insertClock(ctx: TxCtx, owner: ClockOwner, started: { clock: string; by: string; on: CalendarDate; dueOn: CalendarDate }): Promise<void> {
  await ctx.tx.query(
    `insert into referral_clocks (agency_id, referral_id, position, county, partner_id, clock, started_by, started_on, due_on)
     select $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5, $6, $7, $8 from referral_clocks where agency_id = $1 and referral_id = $2`,
    [ctx.actor.agency, owner.referralId, owner.county, owner.partnerId, started.clock, started.by, started.on, started.dueOn],
  );
}

/** What may change of a clock that runs. */
export interface ClockChange {
  readonly dueOn: CalendarDate;
  readonly promisedOn: CalendarDate | null;
  readonly satisfiedOn: CalendarDate | null;
  readonly pausedOn: CalendarDate | null;
  readonly pauses: readonly ClockPause[];
  readonly stoppedOn: CalendarDate | null;
  readonly stoppedBy: string | null;
}

export async function updateClock(ctx: TxCtx, referralId: string, position: number, change: ClockChange): Promise<void> {
  await ctx.tx.query(
    `update referral_clocks set due_on = $4, promised_on = $5, satisfied_on = $6, paused_on = $7, pauses = $8, stopped_on = $9, stopped_by = $10
      where agency_id = $1 and referral_id = $2 and position = $3`,
    [ctx.actor.agency, referralId, position, change.dueOn, change.promisedOn, change.satisfiedOn, change.pausedOn, JSON.stringify(change.pauses), change.stoppedOn, change.stoppedBy],
  );
}
