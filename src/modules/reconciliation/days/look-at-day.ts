import { createHash } from 'node:crypto';
import type { TxCtx } from '../../../platform/context.ts';
import { instantAt } from '../../../platform/dates.ts';
import type { CalendarDate, OfficeDays } from '../../../platform/dates.ts';
import type { Finding } from '../../../platform/errors.ts';
import { listMissing, statementGaps } from '../../payments/index.ts';
import { readAgreement } from '../agreement/check-agreement.ts';
import { keptFigures } from '../figures/keep-figures.ts';
import type { Standing } from '../figures/keep-figures.ts';
import type { Agreement } from '../agreement/check-agreement.ts';
import type { DaySettings } from './day-settings.ts';
import { carryFindings, carryForward, checkOf, DAY_CHECKS, figuresText, skippedDays } from './day.rules.ts';
import type { CheckResult, DayBalance, DayCheck } from './day.rules.ts';
import { fence, selectBalances, selectLastSigned, selectMovements, selectStanding } from './day.store.ts';
import type { CloseRow } from './day.store.ts';

export type Reasons = Readonly<Partial<Record<DayCheck, string>>>;

/** What a day of money looks like: its window, its checks, its figures. */
export interface DayFigures {
  readonly day: CalendarDate;
  readonly windowFrom: Date | null;
  readonly windowUntil: Date;
  readonly before: CloseRow | null;
  readonly checks: readonly CheckResult[];
  readonly balances: readonly DayBalance[];
  /** As of when the two sides were compared: who only looks is shown the last comparison while the next is being made. */
  readonly standing: Standing;
}

/** The instant at which a day ends. */
export function cutOffOf(settings: DaySettings, day: CalendarDate): Date {
  return instantAt(day, settings.cutOff, settings.timeZone);
}

/**
 * Looks at a day. Whoever means to write it down has it fenced: checks first, because they take time, then nothing is posted any more until the
 * transaction ends, and the figures are those of the whole window.
 */
export async function lookAtDay(ctx: TxCtx, office: OfficeDays, wanted: { day: CalendarDate; settings: DaySettings; isFenced: boolean }): Promise<DayFigures> {
  const { day, settings } = wanted;
  const before = await selectLastSigned(ctx);
  const windowUntil = cutOffOf(settings, day);
  const windowFrom = before?.windowUntil ?? null;
  const missing = (await listMissing(ctx, office)).filter((file) => file.dueAt <= windowUntil);
  const gaps = await statementGaps(ctx);
  const { standing, ...agreement } = await keptFigures(ctx, { figure: 'agreement', scope: ' ', freshness: wanted.isFenced ? 'fresh' : 'kept' }, (tx) => readAgreement(tx, { on: null, partnerId: null }));
  const skipped = skippedDays(before?.day ?? null, day, (date) => office.isOfficeOpen(settings.calendar, date));
  if (wanted.isFenced) await fence(ctx);
  const balances = await figuresOf(ctx, before, { from: windowFrom, until: windowUntil });
  const carry = carryFindings(balances, await selectStanding(ctx, windowUntil));
  const found: Record<DayCheck, CheckResult> = {
    files: checkOf('files', missing.map((file) => ({ code: 'days.file_missing', severity: 'warn', params: { folder: file.pickupId, on: file.on } }))),
    unheard: unheardCheck(agreement),
    statements: checkOf('statements', gaps.map((gap): Finding => ({ code: gap.code, severity: gap.severity, line: gap.line, path: gap.fileName, params: gap.params }))),
    agreement: agreementCheck(agreement),
    suspense: checkOf('suspense', agreement.rests.filter((rest) => rest.reason === 'unexplained').map((rest) => ({ code: 'days.rest_unexplained', severity: 'block', path: rest.transfer, params: { transfer: rest.transfer } }))),
    carry_forward: checkOf('carry_forward', carry),
    days_before: checkOf('days_before', skipped.map((on) => ({ code: 'days.skipped', severity: 'warn', params: { on } }))),
  };
  return { day, windowFrom, windowUntil, before, balances, standing, checks: DAY_CHECKS.map((check) => found[check]) };
}

async function figuresOf(ctx: TxCtx, before: CloseRow | null, window: { from: Date | null; until: Date }): Promise<DayBalance[]> {
  const opening = before === null ? [] : await selectBalances(ctx, before.closingId);
  return carryForward(opening, await selectMovements(ctx, { ...window, lastDay: before?.day ?? null }));
}

function unheardCheck({ unheard: { lines, credits, files } }: Agreement): CheckResult {
  const findings: Finding[] = files.map((file) => ({ code: 'days.file_not_reconciled', severity: 'warn', path: file }));
  if (credits > 0) findings.push({ code: 'days.credits_not_reconciled', severity: 'warn', params: { count: credits } });
  return checkOf('unheard', findings, Math.max(lines + credits, findings.length));
}

function agreementCheck({ accounts, differences, differenceCount }: Agreement): CheckResult {
  const apart = accounts.filter((a) => a.ledgerMinor !== a.toldMinor).map((a): Finding => ({ code: 'days.account_differs', severity: 'block', path: a.account, params: { account: a.account, currency: a.currency } }));
  const single = differences.map((d): Finding => ({ code: 'days.transfer_differs', severity: 'block', path: d.transferKey, ...(d.line === null ? {} : { line: d.line }), params: { transfer: d.transferKey } }));
  return checkOf('agreement', [...apart, ...single], apart.length + differenceCount);
}

export function digestOf(figures: DayFigures, reasons: Reasons): string {
  return createHash('sha256').update(`${figures.windowFrom?.toISOString() ?? ''} ${figures.windowUntil.toISOString()} ${figuresText(figures.balances, figures.checks, reasons)}`).digest('hex');
}
