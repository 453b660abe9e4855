import { compareReceipt, exchangeDifference } from './outgoing.rules.ts';
import type { FrozenRate, ReportedDelivery } from './outgoing.rules.ts';

// What each hand on the way kept, made of the rate or left over by rounding, by partner and month. Sums of what was told: nothing here books anything.

export const HOPS = ['partner_fee', 'transfer_fee', 'bank_charge', 'exchange', 'rounding'] as const;
export type Hop = (typeof HOPS)[number];

export interface HopSum {
  /** Null for what the bank charged on an entry that is no partner's. */
  readonly partnerId: string | null;
  readonly month: string;
  /** `out`: money to payees abroad; `in`: money collected abroad; null where the entry does not say. */
  readonly direction: 'out' | 'in' | null;
  readonly hop: Hop;
  /** Whose charge it is: of a transfer the partner's policy (OUR, SHA, BEN), of a bank's charge the bank's own code. */
  readonly bearer: string | null;
  readonly currency: string;
  readonly count: number;
  /** Of `exchange` and `rounding` more (positive) or less than expected. */
  readonly minor: bigint;
}

export interface LineHops extends ReportedDelivery {
  readonly partnerId: string;
  readonly month: string;
  readonly direction: 'out' | 'in';
  readonly frozen: FrozenRate | null;
}

type Found = Pick<HopSum, 'hop' | 'currency' | 'minor'>;

/** Of one line: the partner's fee, what its rate made against the frozen one, and the unit that rounding left over. */
export function hopsOfLine(line: LineHops): Found[] {
  const currency = line.deliveredCurrency;
  if (currency === null) return [];
  const { worthMinor, residueMinor, verdict } = compareReceipt(line);
  const found: Found[] = [
    { hop: 'partner_fee', currency, minor: line.feeMinor ?? 0n },
    { hop: 'exchange', currency, minor: exchangeDifference({ sentMinor: line.sentMinor, sentCurrency: line.sentCurrency, worthMinor, deliveredCurrency: currency }, line.frozen) ?? 0n },
    { hop: 'rounding', currency, minor: verdict === 'rounding' || verdict === 'fee_and_rounding' ? residueMinor ?? 0n : 0n },
  ];
  return found.filter((one) => one.minor !== 0n);
}

const keyOf = (sum: Omit<HopSum, 'count' | 'minor'>): string => [sum.month, sum.partnerId ?? '', sum.direction ?? '', HOPS.indexOf(sum.hop), sum.bearer ?? '', sum.currency].join(' ');

/** Sums that are alike as one, the latest month first. */
export function sumHops(sums: Iterable<HopSum>): HopSum[] {
  const all = new Map<string, HopSum>();
  for (const one of sums) {
    const before = all.get(keyOf(one));
    all.set(keyOf(one), before === undefined ? one : { ...before, count: before.count + one.count, minor: before.minor + one.minor });
  }
  return [...all.values()].sort((a, b) => (a.month !== b.month ? (a.month > b.month ? -1 : 1) : keyOf(a) < keyOf(b) ? -1 : 1));
}
