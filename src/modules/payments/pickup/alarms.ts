import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { emit } from '../../../platform/outbox.ts';
import { closeAlarms, insertAlarm, selectAlarms } from './alarm.store.ts';
import type { AlarmRow, NewAlarm } from './alarm.store.ts';

/** Raises an alarm, once for its code, subject and day (again when it had ended), and tells whoever waits for alarms. Returns whether it is new. */
export async function raiseAlarm(ctx: TxCtx, alarm: NewAlarm): Promise<boolean> {
  const alarmId = await insertAlarm(ctx, alarm);
  if (alarmId !== null) await emit(ctx, 'alarm.raised', { alarmId, code: alarm.code, subject: alarm.subject, aboutOn: alarm.aboutOn });
  return alarmId !== null;
}

/** Ends the open alarms of a subject: what they were about is in order again. */
export async function endAlarms(ctx: TxCtx, ended: { code: string; subject: string; aboutOn?: CalendarDate; upTo?: CalendarDate; by: string }): Promise<number> {
  return closeAlarms(ctx, ended);
}

/** Alarms, those that stand first; ended ones of the last weeks behind them. */
export async function listAlarms(ctx: Ctx, wanted: { onlyOpen?: boolean } = {}): Promise<AlarmRow[]> {
  authorise(ctx, 'payments.view');
  return inTransaction(ctx, (tx) => selectAlarms(tx, wanted.onlyOpen ?? false));
}
