import type { CalendarDate } from '../../../platform/dates.ts';
import { convert, parseDecimal } from '../../../platform/money.ts';

// Money that went out: where it is, how long it has been there, and whether what arrived is what was sent.

export const OUTGOING_STATES = ['in_transit', 'pending', 'delivered', 'returned', 'recovered'] as const;
export type OutgoingState = (typeof OUTGOING_STATES)[number];

/** The States in which the money still lies with the partner. */
export const OPEN_STATES: readonly OutgoingState[] = ['in_transit', 'pending'];

export interface OutgoingFacts {
  readonly outcome: 'posted' | 'returned' | null;
  readonly isPending: boolean;
  readonly isRecovered: boolean;
}

export function stateOf({ outcome, isPending, isRecovered }: OutgoingFacts): OutgoingState {
  if (outcome === 'posted') return 'delivered';
  if (outcome === 'returned') return isRecovered ? 'recovered' : 'returned';
  return isPending ? 'pending' : 'in_transit';
}

/** Age of open money in days on which an office was open; `upTo` null: older than all. */
export interface AgeBand {
  readonly from: number;
  readonly upTo: number | null;
}

/** Bands between upper limits: `[2, 5]` are 0–2, 3–5 and 6 or more. */
export function ageBands(limits: readonly number[]): AgeBand[] {
  return [...limits, null].map((upTo, i) => ({ from: i === 0 ? 0 : (limits[i - 1] as number) + 1, upTo }));
}

export function bandOf(days: number, limits: readonly number[]): number {
  const found = limits.findIndex((limit) => days <= limit);
  return found < 0 ? limits.length : found;
}

export interface ReportedDelivery {
  readonly sentMinor: bigint;
  readonly sentCurrency: string;
  /** As the partner writes it. */
  readonly rate: string | null;
  readonly rateOperation: 'multiply' | 'divide';
  /** What the partner kept, in the currency delivered. */
  readonly feeMinor: bigint | null;
  readonly deliveredMinor: bigint | null;
  readonly deliveredCurrency: string | null;
}

export type ReceiptVerdict = 'equal' | 'fee' | 'rounding' | 'fee_and_rounding' | 'unexplained' | 'not_told';

export interface SentVersusReceived {
  /** What was sent, at the rate that the partner reports, before anything was kept. */
  readonly worthMinor: bigint | null;
  /** Delivered, plus what was kept, less what it was worth: what conversion left over. */
  readonly residueMinor: bigint | null;
  readonly verdict: ReceiptVerdict;
}

/** A cent, or the won that has none: one unit of the currency delivered, as partners round. */
const RESIDUE_MAX = 1n;

/** Whether what was delivered equals what was sent, or the reason for the difference (Hague Conference, 2019). Amounts stay in the currencies in which they were. */
export function compareReceipt(told: ReportedDelivery): SentVersusReceived {
  const { deliveredMinor, deliveredCurrency } = told;
  if (deliveredMinor === null || deliveredCurrency === null) return { worthMinor: null, residueMinor: null, verdict: 'not_told' };
  const rate = told.rate === null ? null : parseDecimal(told.rate);
  const isSame = deliveredCurrency === told.sentCurrency;
  if (!isSame && (rate === null || rate.digits <= 0n)) return { worthMinor: null, residueMinor: null, verdict: 'not_told' };
  const worthMinor = isSame || rate === null ? told.sentMinor : convert(told.sentMinor, told.sentCurrency, rate, deliveredCurrency, told.rateOperation);
  const feeMinor = told.feeMinor ?? 0n;
  const residueMinor = deliveredMinor + feeMinor - worthMinor;
  const size = residueMinor < 0n ? -residueMinor : residueMinor;
  if (size > RESIDUE_MAX) return { worthMinor, residueMinor, verdict: 'unexplained' };
  const verdict = feeMinor > 0n ? (size > 0n ? 'fee_and_rounding' : 'fee') : size > 0n ? 'rounding' : 'equal';
  return { worthMinor, residueMinor, verdict };
}

export type ClockState = 'running' | 'overdue' | 'kept' | 'late';

/** A published rate as it was frozen for a line: units of `quote` for one of `base`. */
export interface FrozenRate {
  readonly rate: string;
  readonly base: string;
  readonly quote: string;
  readonly source: string;
  readonly quotedOn: CalendarDate;
}

/**
 * What the partner's rate made of the money, more or less than the frozen one would have, in the currency delivered; null where no rate was
 * frozen for these two currencies. It books nothing: what was reported stands.
 */
export function exchangeDifference(sent: { readonly sentMinor: bigint; readonly sentCurrency: string; readonly worthMinor: bigint | null; readonly deliveredCurrency: string | null }, frozen: FrozenRate | null): bigint | null {
  const { worthMinor, deliveredCurrency, sentCurrency } = sent;
  const rate = frozen === null ? null : parseDecimal(frozen.rate);
  if (frozen === null || rate === null || rate.digits <= 0n || worthMinor === null || deliveredCurrency === null) return null;
  if (frozen.base === sentCurrency && frozen.quote === deliveredCurrency) return worthMinor - convert(sent.sentMinor, sentCurrency, rate, deliveredCurrency, 'multiply');
  if (frozen.quote === sentCurrency && frozen.base === deliveredCurrency) return worthMinor - convert(sent.sentMinor, sentCurrency, rate, deliveredCurrency, 'divide');
  return null;
}

/** How a clock stands: due and stopped are calendar dates, both in the agency's days. */
export function clockState(due: CalendarDate, stoppedOn: CalendarDate | null, today: CalendarDate): ClockState {
  if (stoppedOn !== null) return stoppedOn <= due ? 'kept' : 'late';
  return today <= due ? 'running' : 'overdue';
}
