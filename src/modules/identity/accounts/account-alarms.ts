import { recordAudit } from '../../audit/index.ts';
import { endAlarms, selectAlarm, selectAlarms } from '../../../platform/alarms.ts';
import type { AlarmRow } from '../../../platform/alarms.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { pastTheWall } from '../past-the-wall.ts';
import { selectNames } from './account.store.ts';
import { LEADER_MADE } from './second-person.ts';

export interface AccountAlarm {
  readonly alarmId: string;
  /** Who came to lead, and who made it so. */
  readonly userId: string;
  readonly name: string;
  readonly byName: string | null;
  readonly raisedAt: Date;
  /** Whoever it is about, and whoever did it, do not confirm that it was meant. */
  readonly mayAcknowledge: boolean;
}

/** What concerns accounts and nobody has looked at yet, for who leads: somebody came to lead. Of all counties, as an account of one county may be given all. */
export async function listAccountAlarms(ctx: Ctx): Promise<AccountAlarm[]> {
  authorise(ctx, 'accounts.watch');
  return inTransaction(ctx, (tx) => pastTheWall(tx, async () => {
    const alarms = (await selectAlarms(tx, true)).filter(({ code }) => code === LEADER_MADE);
    const names = await selectNames(tx, alarms.flatMap((alarm) => [alarm.subject, byOf(alarm) ?? '']));
    return alarms.map((alarm) => {
      const by = byOf(alarm);
      return {
        alarmId: alarm.alarmId, userId: alarm.subject, name: names.get(alarm.subject) ?? alarm.subject, byName: by === null ? null : (names.get(by) ?? by), raisedAt: alarm.raisedAt,
        mayAcknowledge: isOther(ctx, alarm),
      };
    });
  }));
}

/**
 * Says that it was meant; the alarm ends for everybody. Ended already: nothing happens.
 * @throws AppError `identity.alarm_unknown` (not_found); `identity.alarm_own` (forbidden): it takes another than who came to lead and who made it so.
 */
export async function acknowledgeAccountAlarm(ctx: Ctx, alarmId: string): Promise<void> {
  authorise(ctx, 'accounts.watch');
  await inTransaction(ctx, async (tx) => {
    const ended = await pastTheWall(tx, async () => {
      const alarm = await selectAlarm(tx, alarmId);
      if (alarm?.code !== LEADER_MADE) throw new AppError('not_found', 'identity.alarm_unknown');
      if (alarm.endedAt !== null) return null;
      if (!isOther(ctx, alarm)) throw new AppError('forbidden', 'identity.alarm_own');
      await endAlarms(tx, { code: LEADER_MADE, subject: alarm.subject, aboutOn: alarm.aboutOn, by: ctx.actor.id });
      return alarm;
    });
    if (ended !== null) await recordAudit(tx, { action: 'identity.leader_confirmed', subject: { type: 'user', id: ended.subject }, details: { alarmId } });
  });
}

const byOf = ({ params }: AlarmRow): string | null => (typeof params['by'] === 'string' ? params['by'] : null);
const isOther = ({ actor }: Ctx, alarm: AlarmRow): boolean => actor.id !== alarm.subject && actor.id !== byOf(alarm);
