import fc from 'fast-check';
import { ACCOUNT_KINDS, BUCKETS, accountCode } from '../../../src/modules/ledger/index.ts';
import type { Leg } from '../../../src/modules/ledger/index.ts';
import { assertBalanced, mirrored, unbalancedCurrencies } from '../../../src/modules/ledger/posting.rules.ts';

const leg = fc.record({
  kind: fc.constantFrom(...ACCOUNT_KINDS), currency: fc.constantFrom('USD', 'MXN', 'KRW'), amountMinor: fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
  partnerId: fc.constant('mx-consulate-calexico'), caseId: fc.constant('2000001'),
}) as fc.Arbitrary<Leg>;

describe('the rules of posting', () => {
  it('names an account by its kind, its holder and its currency', () => {
    expect(accountCode({ kind: 'in_transit', partnerId: 'mx-consulate-calexico', currency: 'USD' })).toBe('in_transit:mx-consulate-calexico:USD');
    expect(accountCode({ kind: 'delivered', caseId: '2000004103714', partnerId: 'kr-kcsa', currency: 'USD' })).toBe('delivered:2000004103714:USD');
    expect(accountCode({ kind: 'bank', currency: 'USD' })).toBe('bank:USD');
    expect(() => accountCode({ kind: 'delivered', currency: 'USD' })).toThrow('ledger.leg_invalid');
  });

  it('names an account of proposed collections by its bucket, too, and no other kind', () => {
    const account = { kind: 'proposed_collection', caseId: '2000004103714', currency: 'USD' } as const;
    expect(accountCode(account)).toBe('proposed_collection:2000004103714:USD');
    expect(BUCKETS.map((bucket) => accountCode({ ...account, bucket }))).toContain('proposed_collection:2000004103714:arrears_assigned:USD');
    expect(() => accountCode({ ...account, kind: 'delivered', bucket: 'interest' })).toThrow('ledger.leg_invalid');
    expect(() => accountCode({ ...account, bucket: 'fines' as 'interest' })).toThrow('ledger.leg_invalid');
  });

  it('finds just the currencies that do not cancel out', () => {
    fc.assert(fc.property(fc.array(leg), (legs) => {
      const closing = unbalancedCurrencies(legs).map((currency): Leg => ({
        kind: 'bank', currency, amountMinor: -legs.filter((one) => one.currency === currency).reduce((sum, one) => sum + one.amountMinor, 0n),
      }));
      expect(closing.every((one) => one.amountMinor !== 0n)).toBe(true);
      expect(unbalancedCurrencies([...legs, ...closing])).toEqual([]);
    }));
  });

  it('undoes any legs by their mirror', () => {
    fc.assert(fc.property(fc.array(leg), (legs) => {
      expect(unbalancedCurrencies([...legs, ...mirrored(legs)])).toEqual([]);
      expect(mirrored(mirrored(legs))).toEqual(legs);
    }));
  });

  it('refuses a transfer of nothing', () => {
    const transfer = { transferKey: 'k', event: 'e.e', occurredOn: '2026-01-01' };
    expect(() => assertBalanced({ ...transfer, legs: [] })).toThrow('ledger.transfer_invalid');
    expect(() => assertBalanced({ ...transfer, legs: [{ kind: 'bank', currency: 'USD', amountMinor: 0n }, { kind: 'bank', currency: 'USD', amountMinor: 0n }] })).toThrow('ledger.transfer_invalid');
    expect(() => assertBalanced({ ...transfer, legs: [{ kind: 'bank', currency: 'USD', amountMinor: 1n }, { kind: 'bank', currency: 'MXN', amountMinor: -1n }] })).toThrow('ledger.unbalanced');
  });
});
