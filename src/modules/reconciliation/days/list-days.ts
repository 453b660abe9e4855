import { endAlarms, raiseAlarm } from '../../../platform/alarms.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { addDays, calendarDate, isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate, OfficeDays } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { pageOf } from '../../../platform/list-page.ts';
import type { ListPage } from '../../../platform/list-page.ts';
import { reasonsAad, reopenAad } from './close-day.ts';
import { readDaySettings } from './day-settings.ts';
import type { DaySettings } from './day-settings.ts';
import type { DayBalance } from './day.rules.ts';
import { hasAnyMoney, selectActive, selectBalances, selectDays, selectLastSigned, selectLate, selectVersions } from './day.store.ts';
import type { CloseRow, DayOrder, DayState, LateRow } from './day.store.ts';
import { cutOffOf, lookAtDay } from './look-at-day.ts';
import type { DayFigures, Reasons } from './look-at-day.ts';

const PAGE_SIZE = 50;
const LATE_MAX = 100;
const BACK_DAYS = 30;
const HOUR_MS = 3_600_000;

/** A close, with its reasons to read. */
export type DayClose = Omit<CloseRow, 'reasons' | 'reopenReason'> & { readonly reasons: Reasons; readonly reopenReason: string | null };

function readable(ctx: Ctx, { reasons, reopenReason, ...row }: CloseRow): DayClose {
  return {
    ...row,
    reasons: reasons === null ? {} : (JSON.parse(ctx.keys.decrypt(reasons, reasonsAad(ctx.actor.agency, row.closingId)).toString('utf8')) as Reasons),
    reopenReason: reopenReason === null ? null : ctx.keys.decrypt(reopenReason, reopenAad(ctx.actor.agency, row.closingId)).toString('utf8'),
  };
}

function assertMay(ctx: Ctx): void {
  authorise(ctx, 'days.view');
  if (ctx.actor.counties !== 'all') throw new AppError('forbidden', 'reconciliation.all_counties_needed');
}

/** The last day on which the offices were open and whose cut-off has passed. */
function lastEnded(settings: DaySettings, office: OfficeDays, now: Date): CalendarDate | null {
  let day = calendarDate(now, settings.timeZone);
  for (let steps = 0; steps < BACK_DAYS; steps++, day = addDays(day, -1)) {
    if (office.isOfficeOpen(settings.calendar, day) && cutOffOf(settings, day) <= now) return day;
  }
  return null;
}

/** The closes, the newest day first, and the day that is to be closed now, if any. */
export async function listDays(ctx: Ctx, office: OfficeDays, wanted: { page?: number; after?: string; sort?: DayOrder; state?: DayState | undefined } = {}): Promise<Omit<ListPage<CloseRow>, 'rows'> & { days: DayClose[]; toClose: CalendarDate | null; settings: DaySettings }> {
  assertMay(ctx);
  const settings = readDaySettings(ctx);
  const ended = lastEnded(settings, office, ctx.clock.now());
  return inTransaction(ctx, async (tx) => {
    const order = wanted.sort ?? { by: 'day' as const, isDescending: true };
    const { rows, ...page } = await pageOf({ page: wanted.page, after: wanted.after }, { usual: PAGE_SIZE, most: PAGE_SIZE }, (place) => selectDays(tx, wanted.state ?? null, order, place), ({ closingId }) => closingId);
    const isClosed = ended !== null && ((await selectActive(tx, ended)) !== null || ((await selectLastSigned(tx))?.day ?? '') > ended);
    return { ...page, days: rows.map((row) => readable(ctx, row)), toClose: isClosed ? null : ended, settings };
  });
}

export interface DayView {
  readonly day: CalendarDate;
  /** The close that stands, or the last that was reopened; null while there is none. */
  readonly close: DayClose | null;
  readonly balances: readonly DayBalance[];
  readonly late: readonly LateRow[];
  /** All that there was, the newest first. */
  readonly versions: readonly DayClose[];
  /** How the day looks now, while nobody has signed it; null before its cut-off. */
  readonly figures: DayFigures | null;
  readonly windowUntil: Date;
}

/** One day: its close as it was written down, and how it looks now as long as it is not signed. @throws AppError invalid `days.date_invalid`. */
export async function getDay(ctx: Ctx, office: OfficeDays, day: CalendarDate): Promise<DayView> {
  assertMay(ctx);
  if (!isCalendarDate(day)) throw new AppError('invalid', 'days.date_invalid');
  const settings = readDaySettings(ctx);
  const windowUntil = cutOffOf(settings, day);
  return inTransaction(ctx, async (tx) => {
    const versions = await selectVersions(tx, day);
    const close = versions.find((each) => each.state === 'prepared' || each.state === 'signed') ?? null;
    const last = await selectLastSigned(tx);
    const isOpen = close?.state !== 'signed' && (last === null || last.day < day) && windowUntil <= ctx.clock.now();
    const figures = isOpen ? await lookAtDay(tx, office, { day, settings, isFenced: false }) : null;
    const before = versions.length > 0 && close !== null ? close.windowFrom : null;
    const late = close === null || before === null ? [] : await selectLate(tx, { from: before, until: close.windowUntil, lastDay: calendarDate(before, settings.timeZone) }, LATE_MAX);
    return {
      day, close: close === null ? null : readable(ctx, close), balances: close === null ? (figures?.balances ?? []) : await selectBalances(tx, close.closingId),
      late, versions: versions.map((each) => readable(ctx, each)), figures, windowUntil,
    };
  });
}

/** Raises an alarm for the last day that ended and is not closed, or closed and not signed, some hours after its cut-off. Returns whether one is new. */
export async function remindOfClose(ctx: Ctx, office: OfficeDays): Promise<boolean> {
  assertMay(ctx);
  const settings = readDaySettings(ctx);
  const day = lastEnded(settings, office, new Date(ctx.clock.now().getTime() - settings.remindAfterHours * HOUR_MS));
  if (day === null) return false;
  return inTransaction(ctx, async (tx) => {
    const [active, last] = [await selectActive(tx, day), await selectLastSigned(tx)];
    if ((last !== null && last.day >= day) || !(await hasAnyMoney(tx))) return false;
    if (active !== null) await endAlarms(tx, { code: 'days.not_closed', subject: 'day', upTo: day, by: active.closingId });
    return raiseAlarm(tx, { code: active === null ? 'days.not_closed' : 'days.not_signed', subject: 'day', aboutOn: day });
  });
}
