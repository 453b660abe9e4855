import { endAlarms } from '../../../platform/alarms.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate, OfficeDays } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { emit } from '../../../platform/outbox.ts';
import { recordAudit } from '../../audit/index.ts';
import { isSecondPerson } from '../../identity/index.ts';
import { readDaySettings } from './day-settings.ts';
import { unreasoned } from './day.rules.ts';
import { fence, insertClose, lockDays, markReopened, markSigned, selectActive, selectBalances, selectLastSigned, selectMovements, selectUnsigned } from './day.store.ts';
import type { CloseRow } from './day.store.ts';
import { cutOffOf, digestOf, lookAtDay } from './look-at-day.ts';
import type { DayFigures, Reasons } from './look-at-day.ts';

const REASON_CHARACTERS_MAX = 2_000;

export const reasonsAad = (agency: string, closingId: string): string => `day_closes:${agency}:${closingId}:reasons`;
export const reopenAad = (agency: string, closingId: string): string => `day_closes:${agency}:${closingId}:reopen`;

function assertDay(ctx: Ctx, day: string): void {
  if (ctx.actor.counties !== 'all') throw new AppError('forbidden', 'reconciliation.all_counties_needed');
  if (!isCalendarDate(day)) throw new AppError('invalid', 'days.date_invalid');
}

export interface ClosedDay {
  readonly closingId: string;
  readonly day: CalendarDate;
  readonly state: 'prepared' | 'signed';
  readonly hasExceptions: boolean;
  /** It stood already, just so. */
  readonly isUnchanged: boolean;
}

/**
 * Closes a day of money: its window ends at the cut-off, everything recorded later is of the next day. What should hold is checked; what does not
 * needs a reason, check by check. A second person signs. Called again it changes nothing, unless something has changed: then it is
 * prepared anew, until it is signed. Killed anywhere it leaves nothing behind.
 *
 * @throws AppError conflict `days.too_early`, `days.order` (a later day is signed), `days.unsigned_before`, `days.exceptions` (with the findings, and the
 *   checks that lack a reason); invalid `days.date_invalid`.
 */
export async function closeDay(ctx: Ctx, office: OfficeDays, wanted: { day: CalendarDate; reasons?: Reasons }): Promise<ClosedDay> {
  authorise(ctx, 'days.close');
  assertDay(ctx, wanted.day);
  const settings = readDaySettings(ctx);
  const until = cutOffOf(settings, wanted.day);
  if (ctx.clock.now() < until) throw new AppError('conflict', 'days.too_early', { params: { until: until.toISOString() } });
  const reasons = trimmed(wanted.reasons ?? {});
  return inTransaction(ctx, async (tx) => {
    await lockDays(tx);
    const active = await selectActive(tx, wanted.day);
    if (active?.state === 'signed') return { closingId: active.closingId, day: active.day, state: 'signed', hasExceptions: active.hasExceptions, isUnchanged: true };
    await assertInOrder(tx, wanted.day);
    const figures = await lookAtDay(tx, office, { day: wanted.day, settings, isFenced: true });
    const lacking = unreasoned(figures.checks, reasons);
    if (lacking.length > 0) throw new AppError('conflict', 'days.exceptions', { params: { checks: lacking.map((c) => c.check).join(' '), count: lacking.length }, findings: lacking.flatMap((c) => c.findings) });
    const hasExceptions = figures.checks.some((check) => !check.isFine);
    const figuresDigest = digestOf(figures, reasons);
    if (active?.figuresDigest === figuresDigest) return { closingId: active.closingId, day: active.day, state: 'prepared', hasExceptions, isUnchanged: true };
    return prepare(tx, figures, hasExceptions ? reasons : null, figuresDigest);
  });
}

async function assertInOrder(ctx: TxCtx, day: CalendarDate): Promise<void> {
  const last = await selectLastSigned(ctx);
  if (last !== null && day <= last.day) throw new AppError('conflict', 'days.order', { params: { last: last.day } });
  const unsigned = await selectUnsigned(ctx, day);
  if (unsigned !== null) throw new AppError('conflict', 'days.unsigned_before', { params: { day: unsigned } });
}

async function prepare(ctx: TxCtx, figures: DayFigures, reasons: Reasons | null, figuresDigest: string): Promise<ClosedDay> {
  const closingId = newId('day');
  const encrypted = reasons === null ? null : ctx.keys.encrypt(JSON.stringify(reasons), reasonsAad(ctx.actor.agency, closingId));
  await insertClose(ctx, {
    closingId, day: figures.day, windowFrom: figures.windowFrom, windowUntil: figures.windowUntil, checks: figures.checks, hasExceptions: reasons !== null, reasons: encrypted, figuresDigest,
  }, figures.balances);
  const failed = figures.checks.filter((check) => !check.isFine).map((check) => check.check);
  await recordAudit(ctx, { action: 'days.closed', subject: { type: 'day_close', id: closingId }, details: { day: figures.day, exceptions: failed, digest: figuresDigest } });
  await emit(ctx, 'days.closed', { closingId, day: figures.day });
  await endAlarms(ctx, { code: 'days.not_closed', subject: 'day', upTo: figures.day, by: closingId });
  return { closingId, day: figures.day, state: 'prepared', hasExceptions: reasons !== null, isUnchanged: false };
}

function trimmed(reasons: Reasons): Reasons {
  return Object.fromEntries(Object.entries(reasons).map(([check, text]) => [check, text.trim().slice(0, REASON_CHARACTERS_MAX)]).filter(([, text]) => text !== ''));
}

/**
 * Signs a closed day, as somebody else than who closed it. From now on nothing can be recorded in its window.
 *
 * @throws AppError not_found `days.not_closed`; forbidden `days.same_person`; conflict `days.figures_changed` (something was recorded in the
 *   window after it was closed: close it again), `days.seen_other` (it is not the close that the signer has seen).
 */
export async function signDay(ctx: Ctx, wanted: { day: CalendarDate; closingId?: string }): Promise<void> {
  authorise(ctx, 'days.sign');
  assertDay(ctx, wanted.day);
  await inTransaction(ctx, async (tx) => {
    await lockDays(tx);
    const close = await selectActive(tx, wanted.day);
    if (close === null) throw new AppError('not_found', 'days.not_closed', { params: { day: wanted.day } });
    if (wanted.closingId !== undefined && wanted.closingId !== close.closingId) throw new AppError('conflict', 'days.seen_other');
    if (close.state === 'signed') return;
    if (!(await isSecondPerson(tx, close.preparedBy))) throw new AppError('forbidden', 'days.same_person');
    await fence(tx);
    await assertUnchanged(tx, close);
    await markSigned(tx, close.closingId);
    await recordAudit(tx, { action: 'days.signed', subject: { type: 'day_close', id: close.closingId }, details: { day: close.day, digest: close.figuresDigest } });
    await emit(tx, 'days.signed', { closingId: close.closingId, day: close.day });
    for (const code of ['days.not_closed', 'days.not_signed']) await endAlarms(tx, { code, subject: 'day', upTo: close.day, by: close.closingId });
  });
}

async function assertUnchanged(ctx: TxCtx, close: CloseRow): Promise<void> {
  const before = await selectLastSigned(ctx);
  const now = await selectMovements(ctx, { from: close.windowFrom, until: close.windowUntil, lastDay: before?.day ?? null });
  const moved = (await selectBalances(ctx, close.closingId)).filter((b) => b.entryCount > 0);
  const text = (rows: readonly { account: string; partnerId: string | null; currency: string; debitMinor: bigint; creditMinor: bigint; entryCount: number }[]): string =>
    rows.map((b) => `${b.account} ${b.partnerId ?? ''} ${b.currency} ${b.debitMinor} ${b.creditMinor} ${b.entryCount}`).sort().join('\n');
  if (text(now) !== text(moved) || (before?.windowUntil.getTime() ?? null) !== (close.windowFrom?.getTime() ?? null)) throw new AppError('conflict', 'days.figures_changed', { params: { day: close.day } });
}

/**
 * Opens the last signed day again, with a reason. The signature and everything before stay to be read; the day is then closed anew.
 *
 * @throws AppError not_found `days.not_closed`; conflict `days.order` (a later day was closed), invalid `days.reason_missing`.
 */
export async function reopenDay(ctx: Ctx, wanted: { day: CalendarDate; reason: string }): Promise<void> {
  authorise(ctx, 'days.reopen');
  assertDay(ctx, wanted.day);
  const reason = wanted.reason.trim().slice(0, REASON_CHARACTERS_MAX);
  if (reason.length < 3) throw new AppError('invalid', 'days.reason_missing');
  await inTransaction(ctx, async (tx) => {
    await lockDays(tx);
    const close = await selectActive(tx, wanted.day);
    if (close?.state !== 'signed') throw new AppError('not_found', 'days.not_closed', { params: { day: wanted.day } });
    const last = await selectLastSigned(tx);
    if (last?.day !== wanted.day) throw new AppError('conflict', 'days.order', { params: { last: last?.day ?? '' } });
    const unsigned = await selectUnsigned(tx, wanted.day);
    if (unsigned !== null) throw new AppError('conflict', 'days.unsigned_before', { params: { day: unsigned } });
    await markReopened(tx, close.closingId, tx.keys.encrypt(reason, reopenAad(ctx.actor.agency, close.closingId)));
    await recordAudit(tx, { action: 'days.reopened', subject: { type: 'day_close', id: close.closingId }, details: { day: close.day } });
    await emit(tx, 'days.reopened', { closingId: close.closingId, day: close.day });
  });
}
