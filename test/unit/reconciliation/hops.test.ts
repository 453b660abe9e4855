import { hopsOfLine, sumHops } from '../../../src/modules/reconciliation/agreement/hop.rules.ts';
import type { HopSum, LineHops } from '../../../src/modules/reconciliation/agreement/hop.rules.ts';

const line = (more: Partial<LineHops> = {}): LineHops => ({
  partnerId: 'p', month: '2026-03', direction: 'in', sentMinor: 1_000_000n, sentCurrency: 'MXN', rate: '0.054', rateOperation: 'multiply', feeMinor: 0n, deliveredMinor: 54_001n, deliveredCurrency: 'USD', frozen: null, ...more,
});

describe('what each hand on the way took', () => {
  it('the cent that rounding left over of a line is seen, exact and signed', () => {
    expect(hopsOfLine(line())).toEqual([{ hop: 'rounding', currency: 'USD', minor: 1n }]);
    expect(hopsOfLine(line({ deliveredMinor: 53_999n }))).toEqual([{ hop: 'rounding', currency: 'USD', minor: -1n }]);
    expect(hopsOfLine(line({ deliveredMinor: 54_000n }))).toEqual([]);
  });
  it('more than a unit is no rounding', () => { expect(hopsOfLine(line({ deliveredMinor: 54_002n }))).toEqual([]); });
  it('fee, exchange difference and rounding stand apart, in the currency delivered', () => {
    const frozen = { rate: '0.055', base: 'MXN', quote: 'USD', source: 'BANXICO', quotedOn: '2026-03-01' };
    expect(hopsOfLine(line({ feeMinor: 500n, deliveredMinor: 53_499n, frozen }))).toEqual([
      { hop: 'partner_fee', currency: 'USD', minor: 500n }, { hop: 'exchange', currency: 'USD', minor: -1_000n }, { hop: 'rounding', currency: 'USD', minor: -1n }]);
  });
  it('a line that tells no amount delivered tells nothing', () => { expect(hopsOfLine(line({ deliveredMinor: null, deliveredCurrency: null }))).toEqual([]); });
  it('sums never mix partners, months, directions, bearers or currencies', () => {
    const one: HopSum = { partnerId: 'p', month: '2026-03', direction: 'in', hop: 'bank_charge', bearer: 'SHAR', currency: 'USD', count: 1, minor: 5n };
    const others = [{ partnerId: 'q' }, { month: '2026-04' }, { direction: 'out' as const }, { bearer: 'CRED' }, { currency: 'MXN' }, { hop: 'partner_fee' as const }];
    const sums = sumHops([one, one, ...others.map((more) => ({ ...one, ...more }))]);
    expect(sums).toHaveLength(7);
    expect(sums[0]?.month).toBe('2026-04');
    expect(sums).toContainEqual({ ...one, count: 2, minor: 10n });
  });
});
