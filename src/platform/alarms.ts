import type { TxCtx } from './context.ts';
import type { CalendarDate } from './dates.ts';
import type { Param } from './errors.ts';
import { newId } from './ids.ts';
import { emit } from './outbox.ts';

export interface NewAlarm {
  /** A dotted code with words in `pickup:alarm.*`. */
  readonly code: string;
  readonly subject: string;
  readonly aboutOn: CalendarDate;
  readonly partnerId?: string | null;
  readonly params?: Readonly<Record<string, Param>>;
}

export interface AlarmRow {
  readonly alarmId: string;
  readonly code: string;
  readonly subject: string;
  readonly aboutOn: CalendarDate;
  readonly partnerId: string | null;
  readonly params: Readonly<Record<string, Param>>;
  readonly raisedAt: Date;
  readonly endedAt: Date | null;
  readonly endedBy: string | null;
}

const SHOWN_MAX = 200;

/** Raises an alarm, once for its code, subject and day (again when it had ended), and tells whoever waits for alarms. Returns whether it is new. */
export async function raiseAlarm(ctx: TxCtx, alarm: NewAlarm): Promise<boolean> {
  const alarmId = await insertAlarm(ctx, alarm);
  if (alarmId !== null) await emit(ctx, 'alarm.raised', { alarmId, code: alarm.code, subject: alarm.subject, aboutOn: alarm.aboutOn });
  return alarmId !== null;
}

/** Ends the open alarms of a subject: what they were about is in order again. */
export async function endAlarms(ctx: TxCtx, ended: { code: string; subject: string; aboutOn?: CalendarDate; upTo?: CalendarDate; by: string }): Promise<number> {
  // TypeORM returns [rows, count] for an UPDATE.
  const [, count] = await ctx.tx.query<[unknown[], number]>(
    `update office_alarms set ended_at = $5, ended_by = $6
      where agency_id = $1 and code = $2 and subject = $3 and ($4::date is null or about_on = $4::date) and ($7::date is null or about_on <= $7::date) and ended_at is null`,
    [ctx.actor.agency, ended.code, ended.subject, ended.aboutOn ?? null, ctx.clock.now(), ended.by, ended.upTo ?? null],
  );
  return count;
}

/** Alarms, those that stand first; ended ones of the last weeks behind them. */
export async function selectAlarms(ctx: TxCtx, onlyOpen: boolean): Promise<AlarmRow[]> {
  return ctx.tx.query<AlarmRow[]>(
    `select alarm_id as "alarmId", code, subject, about_on::text as "aboutOn", partner_id as "partnerId", params, raised_at as "raisedAt", ended_at as "endedAt", ended_by as "endedBy"
       from office_alarms where agency_id = $1 and (not $2::boolean or ended_at is null)
      order by ended_at is not null, coalesce(ended_at, raised_at) desc, alarm_id desc limit $3`,
    [ctx.actor.agency, onlyOpen, SHOWN_MAX],
  );
}

/** One of them, also ended. */
export async function selectAlarm(ctx: TxCtx, alarmId: string): Promise<AlarmRow | null> {
  const rows = await ctx.tx.query<AlarmRow[]>(
    `select alarm_id as "alarmId", code, subject, about_on::text as "aboutOn", partner_id as "partnerId", params, raised_at as "raisedAt", ended_at as "endedAt", ended_by as "endedBy"
       from office_alarms where agency_id = $1 and alarm_id = $2`,
    [ctx.actor.agency, alarmId],
  );
  return rows[0] ?? null;
}

async function insertAlarm(ctx: TxCtx, alarm: NewAlarm): Promise<string | null> {
  const rows = await ctx.tx.query<{ alarm_id: string }[]>(
    `insert into office_alarms (agency_id, alarm_id, code, subject, about_on, partner_id, params, raised_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (agency_id, code, subject, about_on) do update set raised_at = excluded.raised_at, params = excluded.params, ended_at = null, ended_by = null
      where office_alarms.ended_at is not null
     returning alarm_id`,
    [ctx.actor.agency, newId('alm'), alarm.code, alarm.subject, alarm.aboutOn, alarm.partnerId ?? null, JSON.stringify(alarm.params ?? {}), ctx.clock.now()],
  );
  return rows[0]?.alarm_id ?? null;
}
