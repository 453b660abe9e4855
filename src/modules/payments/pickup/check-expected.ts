import { endAlarms, raiseAlarm } from '../../../platform/alarms.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { calendarDate } from '../../../platform/dates.ts';
import type { CalendarDate, OfficeDays } from '../../../platform/dates.ts';
import { selectArrivals } from './picked-up.store.ts';
import { calendarsOf, readPickupFolders, zoneOf } from './pickup-settings.ts';
import type { PickupFolder } from './pickup-settings.ts';
import { occurrences, served } from './pickup.rules.ts';
import type { Occurrence } from './pickup.rules.ts';

export interface MissingFile {
  readonly pickupId: string;
  readonly partnerId: string | null;
  readonly on: CalendarDate;
  readonly dueAt: Date;
  /** Whether the hours of grace are over. */
  readonly isAlarm: boolean;
}

interface Standing {
  readonly folder: PickupFolder;
  readonly isOpenToday: boolean;
  readonly days: readonly { readonly day: Occurrence; readonly fileId: string | null }[];
}

async function standings(ctx: Ctx, office: OfficeDays): Promise<Standing[]> {
  const now = ctx.clock.now();
  const found: Standing[] = [];
  for (const folder of readPickupFolders(ctx).folders) {
    const { expected } = folder;
    if (expected === undefined) continue;
    const isOpen = (date: CalendarDate): boolean => calendarsOf(folder).every((calendarId) => office.isOfficeOpen(calendarId, date));
    const timeZone = zoneOf(folder);
    const days = occurrences({ ...expected, timeZone }, now, isOpen).filter((day) => day.dueAt <= now);
    const [first] = days;
    const arrivals = first === undefined ? [] : await inTransaction(ctx, (tx) => selectArrivals(tx, { pickupId: folder.pickupId, takes: folder.takes, partnerId: folder.partnerId ?? null }, first.opensAt));
    found.push({ folder, isOpenToday: isOpen(calendarDate(now, timeZone)), days: served(days, arrivals).map(({ day, by }) => ({ day, fileId: by?.fileId ?? null })) });
  }
  return found;
}

/** What was to be there by now and is not; it writes nothing. */
export async function listMissing(ctx: Ctx, office: OfficeDays): Promise<MissingFile[]> {
  authorise(ctx, 'payments.view');
  const now = ctx.clock.now();
  return (await standings(ctx, office)).flatMap(({ folder, days }) => days.filter(({ fileId }) => fileId === null).map(({ day }) => ({
    pickupId: folder.pickupId, partnerId: folder.partnerId ?? null, on: day.on, dueAt: day.dueAt, isAlarm: day.alarmAt <= now,
  })));
}

/**
 * Raises an alarm for every file that was expected and has not come in time, once for its day, and ends those of files that came. On the
 * sender's days off it raises none: the next open day is early enough.
 *
 * @returns how many alarms are new.
 */
export async function checkExpected(ctx: Ctx, office: OfficeDays): Promise<number> {
  authorise(ctx, 'payments.import');
  const now = ctx.clock.now();
  let raised = 0;
  for (const { folder, isOpenToday, days } of await standings(ctx, office)) {
    await inTransaction(ctx, async (tx) => {
      for (const { day, fileId } of days) {
        const about = { code: 'pickup.not_received', subject: folder.pickupId, aboutOn: day.on };
        if (fileId !== null) await endAlarms(tx, { ...about, by: fileId });
        else if (isOpenToday && day.alarmAt <= now && (await raiseAlarm(tx, { ...about, partnerId: folder.partnerId ?? null, params: { due: day.dueAt.toISOString() } }))) raised++;
      }
    });
  }
  return raised;
}
