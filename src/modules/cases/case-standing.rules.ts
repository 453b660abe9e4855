import type { CalendarDate } from '../../platform/dates.ts';
import { parseMajor } from '../../platform/money.ts';
import { PAYING_ROLES } from './support-case.rules.ts';
import type { Bucket, HistoryEntry, SupportCase } from './support-case.rules.ts';

/** How a case has been paid of late: sums by month, the newest first. */
export interface CaseStanding {
  /** The month (its first day) that the first sums are of; null where there is no history, or one in several currencies. */
  readonly throughMonth: CalendarDate | null;
  readonly currency: string | null;
  /** Support that fell due. */
  readonly charged: readonly bigint[];
  /** Everything paid. */
  readonly paid: readonly bigint[];
  /** What of that was paid on support that fell due. */
  readonly paidCurrent: readonly bigint[];
  readonly hasDebtorAddress: boolean;
}

export const STANDING_MONTHS = 12;
const CURRENT: readonly Bucket[] = ['current_support', 'medical'];

/**
 * The figures are counted back from the month of the county's own statement (the newest balance, else the newest entry), not from
 * today: an extract that is late must not make payers look like debtors.
 */
export function standingOf(supportCase: Pick<SupportCase, 'participants' | 'balances' | 'history'>): CaseStanding {
  const hasDebtorAddress = supportCase.participants.some(({ role, residence }) => PAYING_ROLES.includes(role) && residence !== undefined && residence.lines.length > 0);
  const history = (supportCase.history ?? []).filter(({ kind }) => kind === 'charge' || kind === 'payment');
  const currencies = new Set(history.map((entry) => entry.currency));
  const [currency] = currencies;
  const unknown = { throughMonth: null, currency: null, charged: [], paid: [], paidCurrent: [], hasDebtorAddress };
  if (currency === undefined || currencies.size > 1) return unknown;
  const dates = supportCase.balances.length > 0 ? supportCase.balances.map(({ asOf }) => asOf) : history.map(({ on }) => on);
  const through = dates.reduce((last, date) => (date > last ? date : last), '').slice(0, 7);
  const sums = { charged: zeros(), paid: zeros(), paidCurrent: zeros() };
  for (const entry of history) addEntry(sums, monthsBefore(entry.on, through), entry);
  return { throughMonth: `${through}-01`, currency, ...sums, hasDebtorAddress };
}

const zeros = (): bigint[] => Array.from({ length: STANDING_MONTHS }, () => 0n);

function addEntry(sums: { charged: bigint[]; paid: bigint[]; paidCurrent: bigint[] }, month: number, entry: HistoryEntry): void {
  const amount = parseMajor(entry.amount, entry.currency);
  if (amount === null || month < 0 || month >= STANDING_MONTHS) return;
  const isCurrent = CURRENT.includes(entry.bucket);
  const add = (list: bigint[]): void => void (list[month] = (list[month] ?? 0n) + amount);
  if (entry.kind === 'payment') add(sums.paid);
  if (isCurrent) add(entry.kind === 'payment' ? sums.paidCurrent : sums.charged);
}

/** How many months a date lies before a month. */
function monthsBefore(on: CalendarDate, through: string): number {
  return (Number(through.slice(0, 4)) - Number(on.slice(0, 4))) * 12 + Number(through.slice(5, 7)) - Number(on.slice(5, 7));
}
