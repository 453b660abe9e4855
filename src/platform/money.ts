import { AppError } from './errors.ts';

/**
 * Money is `bigint` minor units plus an ISO 4217 code; nothing here ever touches a floating-point number.
 * The digits are pinned (ISO 4217:2015, list one) because the runtime's locale data can differ from the standard.
 */
const MINOR_DIGITS: Readonly<Record<string, number>> = Object.freeze({
  USD: 2, MXN: 2, KRW: 0, EUR: 2, CAD: 2, GBP: 2, JPY: 0, CHF: 2, AUD: 2, NZD: 2, CNY: 2, PHP: 2, GTQ: 2, HNL: 2,
  CRC: 2, COP: 2, BRL: 2, PEN: 2, CLP: 0, DOP: 2, NOK: 2, SEK: 2, DKK: 2, PLN: 2, CZK: 2, HUF: 2, ISK: 0, KWD: 3, VND: 0,
});

export interface Money {
  amountMinor: bigint;
  currency: string;
}

/** An exact decimal: `digits / 10^scale`. */
export interface Decimal {
  digits: bigint;
  scale: number;
}

export type Rounding = 'half_up' | 'half_even';

/** Longest number read from outside, in characters: 18 digits of ISO 20022 amounts and room for signs and separators. */
const DECIMAL_CHARS_MAX = 40;

export function isCurrency(code: string): boolean {
  return Object.hasOwn(MINOR_DIGITS, code);
}

/** How many decimals a currency has. @throws AppError `money.currency_unknown`. */
export function minorDigits(currency: string): number {
  const digits = Object.hasOwn(MINOR_DIGITS, currency) ? MINOR_DIGITS[currency] : undefined;
  if (digits === undefined) throw new AppError('invalid', 'money.currency_unknown', { params: { currency: currency.slice(0, 8) } });
  return digits;
}

/** Reads a plain decimal such as `-12.5`; null when it is anything else (no separators, no exponent, no blanks). */
export function parseDecimal(text: string): Decimal | null {
  if (text.length > DECIMAL_CHARS_MAX) return null;
  const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return null;
  const fraction = match[3] ?? '';
  const digits = BigInt(`${match[2]}${fraction}`);
  return { digits: match[1] === '-' ? -digits : digits, scale: fraction.length };
}

/** Reads an amount in major units (`"362.00"`) into minor units; null when unreadable or finer than the currency allows (zeros may follow). */
export function parseMajor(text: string, currency: string): bigint | null {
  const decimal = parseDecimal(text);
  return decimal ? decimalToMinor(decimal, currency) : null;
}

/** Minor units of an exact decimal in major units; null when the currency has fewer decimals than the value needs. */
export function decimalToMinor(decimal: Decimal, currency: string): bigint | null {
  const places = minorDigits(currency);
  if (decimal.scale <= places) return decimal.digits * 10n ** BigInt(places - decimal.scale);
  const divisor = 10n ** BigInt(decimal.scale - places);
  return decimal.digits % divisor === 0n ? decimal.digits / divisor : null;
}

/** Minor units as a decimal string in major units, as contracts write them: `36200n, 'USD'` → `"362.00"`. */
export function formatMajor(amountMinor: bigint, currency: string): string {
  const places = minorDigits(currency);
  const sign = amountMinor < 0n ? '-' : '';
  const digits = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(places + 1, '0');
  return places === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** Divides and rounds; the sign of a half follows the quotient. @throws RangeError on a zero divisor. */
export function divideRounded(numerator: bigint, divisor: bigint, rounding: Rounding = 'half_up'): bigint {
  if (divisor === 0n) throw new RangeError('division by zero');
  const negative = numerator < 0n !== divisor < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = divisor < 0n ? -divisor : divisor;
  const quotient = n / d;
  const twice = (n % d) * 2n;
  const up = twice > d || (twice === d && (rounding === 'half_up' || quotient % 2n === 1n));
  const magnitude = up ? quotient + 1n : quotient;
  return negative ? -magnitude : magnitude;
}

/**
 * Converts once, from the exact rational, into the other currency's minor units.
 * `multiply`: the rate is units of `toCurrency` for one unit of `fromCurrency`; `divide`: the other way round.
 */
export function convert(amountMinor: bigint, fromCurrency: string, rate: Decimal, toCurrency: string,
  direction: 'multiply' | 'divide' = 'multiply', rounding: Rounding = 'half_up'): bigint {
  const from = 10n ** BigInt(minorDigits(fromCurrency));
  const to = 10n ** BigInt(minorDigits(toCurrency));
  const scale = 10n ** BigInt(rate.scale);
  return direction === 'multiply'
    ? divideRounded(amountMinor * rate.digits * to, from * scale, rounding)
    : divideRounded(amountMinor * scale * to, from * rate.digits, rounding);
}

/**
 * Splits a total by weights, to the last minor unit, by largest remainder; of equal remainders the earlier part gets the unit. The parts come to the
 * total, and each lies within one unit of its exact share. Weights are not negative; where all are zero, the parts are equal.
 */
export function splitByWeights(totalMinor: bigint, weights: readonly bigint[]): bigint[] {
  if (weights.length === 0 || weights.some((weight) => weight < 0n)) throw new RangeError('a total is split by one weight or more, none negative');
  const sign = totalMinor < 0n ? -1n : 1n;
  const total = totalMinor * sign;
  const sum = weights.reduce((all, weight) => all + weight, 0n);
  const shares = sum === 0n ? weights.map(() => 1n) : weights;
  const whole = sum === 0n ? BigInt(weights.length) : sum;
  const parts = shares.map((share) => (total * share) / whole);
  let left = total - parts.reduce((all, part) => all + part, 0n);
  const byRemainder = shares.map((share, index) => ({ index, remainder: (total * share) % whole })).sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of byRemainder) {
    if (left === 0n) break;
    parts[index] = (parts[index] as bigint) + 1n;
    left -= 1n;
  }
  return parts.map((part) => part * sign);
}
