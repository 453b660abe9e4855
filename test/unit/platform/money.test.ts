import fc from 'fast-check';
import { AppError } from '../../../src/platform/errors.ts';
import { convert, decimalToMinor, divideRounded, formatMajor, minorDigits, parseDecimal, parseMajor } from '../../../src/platform/money.ts';
import type { Decimal } from '../../../src/platform/money.ts';
import { typedAmount } from '../../../src/platform/typed-amount.rules.ts';

const rate = (text: string) => parseDecimal(text) as Decimal;

describe('amounts', () => {
  it('reads what it writes, for every currency size', () => {
    fc.assert(fc.property(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), fc.constantFrom('USD', 'KRW', 'KWD'), (minor, currency) => {
      expect(parseMajor(formatMajor(minor, currency), currency)).toBe(minor);
    }));
  });

  it('keeps integers that floating point would lose', () => {
    expect(parseMajor('90071992547409.93', 'USD')).toBe(9_007_199_254_740_993n);
  });

  it.each([['1,234.50', 'USD'], ['1e3', 'USD'], [' 1', 'USD'], ['1.005', 'USD'], ['1000.50', 'KRW'], ['', 'USD'], ['.5', 'USD'], ['１２', 'USD'], ['9'.repeat(60), 'USD']])('refuses %j as %s', (text, currency) => {
    expect(parseMajor(text, currency)).toBeNull();
  });

  it('takes needless zeros and nothing finer', () => {
    expect(parseMajor('1000.00', 'KRW')).toBe(1000n);
    expect(decimalToMinor(rate('12.50000'), 'USD')).toBe(1250n);
    expect(decimalToMinor(rate('12.50001'), 'USD')).toBeNull();
  });

  it('knows no currency that ISO 4217 does not list', () => {
    expect(() => minorDigits('XXX')).toThrow(AppError);
    expect(() => minorDigits('toString')).toThrow(AppError);
  });
});

describe('conversion', () => {
  it('follows the samples: 5251.20 MXN at 0.054319 is 285.24 USD', () => {
    expect(convert(525_120n, 'MXN', rate('0.054319'), 'USD')).toBe(28_524n);
  });

  it('takes currencies without decimals', () => {
    expect(convert(641_400n, 'KRW', rate('0.00071718'), 'USD')).toBe(46_000n);
    expect(convert(46_000n, 'USD', rate('0.00071718'), 'KRW', 'divide')).toBe(641_401n);
  });

  it('rounds halves up, or to even where the policy says so', () => {
    expect(divideRounded(5n, 2n)).toBe(3n);
    expect(divideRounded(-5n, 2n)).toBe(-3n);
    expect(divideRounded(5n, 2n, 'half_even')).toBe(2n);
    expect(divideRounded(7n, 2n, 'half_even')).toBe(4n);
  });

  it('is never further than half a unit from the exact quotient', () => {
    fc.assert(fc.property(fc.bigInt(-(10n ** 15n), 10n ** 15n), fc.bigInt(1n, 10n ** 6n), (numerator, divisor) => {
      const error = divideRounded(numerator, divisor) * divisor - numerator;
      expect((error < 0n ? -error : error) * 2n <= divisor).toBe(true);
    }));
  });
});

describe('amounts as people type them', () => {
  it.each([
    ['1234.56', 'USD', 123_456n], ['1,234.56', 'USD', 123_456n], ['1.234,56', 'USD', 123_456n], ['1 234,56', 'MXN', 123_456n], ['１，２３４．５６', 'USD', 123_456n], [' $1,234.50 ', 'USD', 123_450n], ['USD 12', 'USD', 1_200n],
    ['12,50', 'USD', 1_250n], ['12.5 usd', 'USD', 1_250n], ['1,234', 'USD', 123_400n], ['12,345,678원', 'KRW', 12_345_678n], ['₩1,000', 'KRW', 1_000n], ['1.234', 'KWD', 1_234n], ['0', 'USD', 0n],
  ])('reads %j as %s', (text, currency, minor) => {
    expect(typedAmount(text, currency)).toBe(minor);
  });
  it.each([
    ['1.234', 'USD'], ['1.230', 'USD'], ['1,23,456', 'USD'], ['1.234.56', 'USD'], ['12,345.678', 'USD'], ['1.234', 'KRW'], ['₩12', 'USD'], ['12 EUR', 'USD'], ['-5', 'USD'], ['=1+1', 'USD'], ['1e3', 'USD'], ['', 'USD'],
    ['<script>', 'USD'], ['💰', 'USD'], ['\u202e12', 'USD'], ['٣', 'USD'], ['9'.repeat(10_000), 'USD'], ['1,2', 'KRW'],
  ])('does not guess at %j as %s', (text, currency) => {
    expect(typedAmount(text, currency)).toBeNull();
  });
});
