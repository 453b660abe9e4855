// An amount in suspense beside what a candidate asks for: like with like, in one currency, with the rate that made it so. Pure: says how things stand, decides nothing.
import { convert, isCurrency, parseDecimal } from '../../../platform/money.ts';
import type { CalendarDate } from '../../../platform/dates.ts';

export type Sum = { readonly amountMinor: bigint; readonly currency: string };
/** Units of `quote` for one of `base`, as published for a day. */
export type PublishedPair = { readonly base: string; readonly quote: string; readonly rate: string; readonly source: string; readonly quotedOn: CalendarDate };
/** Whose rate made the amount comparable: the partner's own, as printed, or a published one. */
export type RateUsed = { readonly by: 'partner'; readonly rate: string | null; readonly on: CalendarDate | null } | { readonly by: 'published'; readonly rate: string; readonly on: CalendarDate; readonly source: string; readonly pair: string };
/** `rounding`: a unit; `about`: as near as rates of other days and sources lie; the fees: the difference is exactly that, or no more than the profile allows. */
export type WhyClose = 'rounding' | 'about' | 'partner_fee' | 'transfer_fee' | 'both_fees' | 'within_fee_limit';

export type LineMoney = {
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
  readonly settledMinor: bigint | null;
  readonly settledCurrency: string | null;
  readonly rate: string | null;
  /** What the partner kept, in the currency that it paid out or remitted. */
  readonly feeMinor: bigint | null;
  /** By how much the bank's credit fell short of the transfer's lines. */
  readonly transferFee: Sum | null;
  /** By how much a credit may fall short, by the partner's profile. */
  readonly feeLimit: Sum | null;
  readonly happenedOn: string | null;
};

export type AmountBeside = {
  readonly verdict: 'same' | 'close' | 'other' | 'unknown';
  /** The line's amount in the currency of what it is held against; null where nothing makes it comparable. */
  readonly compared: Sum | null;
  /** Null where no rate was needed. */
  readonly rate: RateUsed | null;
  /** What the candidate asks for, less what the line has; null where nothing could be compared. */
  readonly gap: Sum | null;
  readonly why: WhyClose | null;
  /** There are two amounts, and no rate between their currencies. */
  readonly lacksRate: boolean;
};

/** A published rate is of another day and source than the one at which money moved: so near, in percent, they may be the same amount. */
const ABOUT_PERCENT = 5n;
const UNIT = 1n;
const NOTHING: AmountBeside = { verdict: 'unknown', compared: null, rate: null, gap: null, why: null, lacksRate: false };

const size = (minor: bigint): bigint => (minor < 0n ? -minor : minor);

const sumOf = (amountMinor: bigint | null, currency: string | null): Sum | null => (amountMinor === null || currency === null || !isCurrency(currency) ? null : { amountMinor, currency });

/** At the first of the published rates that lies between the two currencies. */
function byPublished(from: Sum, currency: string, published: readonly PublishedPair[]): { readonly sum: Sum; readonly rate: RateUsed } | null {
  for (const one of published) {
    const operation = one.base === from.currency && one.quote === currency ? 'multiply' : one.quote === from.currency && one.base === currency ? 'divide' : null;
    const rate = operation === null ? null : parseDecimal(one.rate);
    if (operation === null || rate === null || rate.digits <= 0n) continue;
    return { sum: { amountMinor: convert(from.amountMinor, from.currency, rate, currency, operation), currency }, rate: { by: 'published', rate: one.rate, on: one.quotedOn, source: one.source, pair: `${one.quote}/${one.base}` } };
  }
  return null;
}

/** The amounts as which the line may be read in a currency: as it stands, as the partner converted it, or by a published rate. */
function readingIn(line: LineMoney, currency: string, published: readonly PublishedPair[]): { readonly sum: Sum; readonly rate: RateUsed | null } | null {
  if (line.amountMinor !== null && line.currency === currency) return { sum: { amountMinor: line.amountMinor, currency }, rate: null };
  if (line.settledMinor !== null && line.settledCurrency === currency) return { sum: { amountMinor: line.settledMinor, currency }, rate: { by: 'partner', rate: line.rate, on: line.happenedOn } };
  for (const from of [sumOf(line.amountMinor, line.currency), sumOf(line.settledMinor, line.settledCurrency)]) {
    const reading = from === null || !isCurrency(currency) ? null : byPublished(from, currency, published);
    if (reading !== null) return reading;
  }
  return null;
}

/** Which fee a difference is, where it is exactly one; the partner's own limit explains a smaller one. */
function feeThatExplains(line: LineMoney, gap: Sum): WhyClose | null {
  if (gap.amountMinor <= 0n) return null;
  const own = line.feeMinor !== null && line.feeMinor > 0n && line.settledCurrency === gap.currency ? line.feeMinor : null;
  const bank = line.transferFee !== null && line.transferFee.currency === gap.currency && line.transferFee.amountMinor > 0n ? line.transferFee.amountMinor : null;
  if (gap.amountMinor === own) return 'partner_fee';
  if (gap.amountMinor === bank) return 'transfer_fee';
  if (own !== null && bank !== null && gap.amountMinor === own + bank) return 'both_fees';
  return line.feeLimit !== null && line.feeLimit.currency === gap.currency && gap.amountMinor <= line.feeLimit.amountMinor ? 'within_fee_limit' : null;
}

function against(line: LineMoney, known: Sum, published: readonly PublishedPair[]): AmountBeside | null {
  const reading = readingIn(line, known.currency, published);
  if (reading === null) return null;
  const gap: Sum = { amountMinor: known.amountMinor - reading.sum.amountMinor, currency: known.currency };
  const base = { compared: reading.sum, rate: reading.rate, gap, lacksRate: false };
  if (reading.rate?.by === 'published') {
    const isAbout = 100n * size(gap.amountMinor) <= ABOUT_PERCENT * size(known.amountMinor);
    return { ...base, verdict: isAbout ? 'close' : 'other', why: isAbout ? 'about' : null };
  }
  if (gap.amountMinor === 0n) return { ...base, verdict: 'same', why: null };
  const why = feeThatExplains(line, gap) ?? (reading.rate !== null && size(gap.amountMinor) <= UNIT ? 'rounding' : null);
  return { ...base, verdict: why === null ? 'other' : 'close', why };
}

const ORDER: readonly AmountBeside['verdict'][] = ['same', 'close', 'other'];

/** The line against the nearest of the amounts that a candidate asks for. Where no rate lies between the currencies it says so, and no difference. */
export function amountBeside(line: LineMoney, known: readonly Sum[], published: readonly PublishedPair[]): AmountBeside {
  if (known.length === 0 || (line.amountMinor === null && line.settledMinor === null)) return NOTHING;
  const found = known.map((one) => against(line, one, published)).filter((one) => one !== null);
  const nearer = (a: AmountBeside, b: AmountBeside): number => {
    const [x, y] = [size(a.gap?.amountMinor ?? 0n), size(b.gap?.amountMinor ?? 0n)];
    return ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) || (x < y ? -1 : x > y ? 1 : 0);
  };
  return found.toSorted(nearer)[0] ?? { ...NOTHING, lacksRate: true };
}
