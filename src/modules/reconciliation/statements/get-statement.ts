import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { getPartner } from '../../partners/index.ts';
import { accountStatements } from './statement.rules.ts';
import type { MonthOutcome, PeriodStatement } from './statement.rules.ts';
import { selectCaseMovements, selectMonthOutcomes, selectPartnerMovements } from './statement.store.ts';

const YEARS_MAX = 10;

/**
 * A partner's account over a period (both days included), by the days on which things happened: the partner's own accounts and those of each case, opening, movements
 * by event, closing, on each account's normal side.
 *
 * @throws AppError invalid `statement.period`; forbidden `statement.all_counties_needed`; not_found `partner.unknown`.
 */
export async function periodStatement(ctx: Ctx, wanted: { partnerId: string; from: CalendarDate; to: CalendarDate }): Promise<PeriodStatement> {
  authorise(ctx, 'ledger.view');
  checkPeriod(wanted.from, wanted.to);
  const { partnerId } = getPartner(wanted.partnerId);
  // The partner's accounts hold the money of all counties: half of them would be no statement.
  if (ctx.actor.counties !== 'all') throw new AppError('forbidden', 'statement.all_counties_needed');
  return inTransaction(ctx, async (tx) => ({
    partnerId, from: wanted.from, to: wanted.to,
    partner: accountStatements(await selectPartnerMovements(tx, { ...wanted, partnerId })),
    cases: accountStatements(await selectCaseMovements(tx, { ...wanted, partnerId })),
  }));
}

/** Money by month and outcome, of one partner or of all. @throws AppError invalid `statement.period`. */
export async function moneyByMonth(ctx: Ctx, wanted: { partnerId: string | null; from: CalendarDate; to: CalendarDate }): Promise<MonthOutcome[]> {
  authorise(ctx, 'reconciliation.view');
  checkPeriod(wanted.from, wanted.to);
  if (wanted.partnerId !== null) getPartner(wanted.partnerId);
  return inTransaction(ctx, (tx) => selectMonthOutcomes(tx, wanted));
}

function checkPeriod(from: CalendarDate, to: CalendarDate): void {
  const isGood = isCalendarDate(from) && isCalendarDate(to) && from <= to && Number(to.slice(0, 4)) - Number(from.slice(0, 4)) <= YEARS_MAX;
  if (!isGood) throw new AppError('invalid', 'statement.period', { params: { yearsMax: YEARS_MAX } });
}
