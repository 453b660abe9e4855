import fc from 'fast-check';
import { allocate, creditFor, monthlyMinor, orderOn, singlePart } from '../../../src/modules/payments/allocation/allocation.rules.ts';
import type { Bucket, CaseClaims } from '../../../src/modules/payments/allocation/allocation.rules.ts';
import { allocationLaw } from '../../../src/modules/payments/allocation/law.ts';
import { splitByWeights } from '../../../src/platform/money.ts';

const law = allocationLaw();
const claim = (bucket: Bucket, dueMinor: bigint, obligationId: string | null = null) => ({ bucket, dueMinor, obligationId });
const one = (assistance: string, ...claims: CaseClaims['claims']): CaseClaims[] => [{ caseId: 'A', assistance, claims }];
const told = (amountMinor: bigint, cases: readonly CaseClaims[], receivedOn = '2026-03-10') =>
  allocate(law, { caseId: 'A', amountMinor, receivedOn }, cases).map((part) => `${part.caseId} ${part.bucket ?? '-'} ${part.amountMinor}`);

it('pays current support, then arrears, then interest (Cal. Code Civ. Proc. 695.221)', () => {
  const cases = one('never', claim('interest', 5_000n), claim('arrears_unassigned', 20_000n), claim('current_support', 30_000n));
  expect(told(10_000n, cases)).toEqual(['A current_support 10000']);
  expect(told(45_000n, cases)).toEqual(['A current_support 30000', 'A arrears_unassigned 15000']);
  expect(told(60_000n, cases)).toEqual(['A current_support 30000', 'A arrears_unassigned 20000', 'A interest 5000', 'A - 5000']);
});

it('paid interest before principal until the end of 2008', () => {
  const cases = one('never', claim('interest', 5_000n), claim('arrears_unassigned', 20_000n));
  expect(told(6_000n, cases, '2008-12-31')).toEqual(['A interest 5000', 'A arrears_unassigned 1000']);
  expect(told(6_000n, cases, '2009-01-01')).toEqual(['A arrears_unassigned 6000']);
  expect(orderOn(law, '2008-12-31').ruleId).toBe('us_ca_before_2009');
});

it('serves the family first in cases with former assistance, the State first while assistance is paid', () => {
  const claims = [claim('arrears_assigned', 10_000n), claim('arrears_unassigned', 10_000n)];
  expect(told(12_000n, one('former', ...claims))).toEqual(['A arrears_unassigned 10000', 'A arrears_assigned 2000']);
  expect(told(12_000n, one('current', ...claims))).toEqual(['A arrears_assigned 10000', 'A arrears_unassigned 2000']);
});

it('serves current and medical support together, by what is due', () => {
  expect(told(10_000n, one('never', claim('current_support', 30_000n), claim('medical', 10_000n)))).toEqual(['A current_support 7500', 'A medical 2500']);
});

it('prorates over the cases of one payer, whatever their assistance, and says what it is', () => {
  const cases: CaseClaims[] = [{ caseId: 'B', assistance: 'current', claims: [claim('current_support', 10_000n)] }, { caseId: 'A', assistance: 'never', claims: [claim('current_support', 20_000n), claim('arrears_unassigned', 90_000n)] }];
  expect(told(10_000n, cases)).toEqual(['A current_support 6667', 'B current_support 3333']);
  expect(told(31_000n, cases)).toEqual(['A current_support 20000', 'B current_support 10000', 'A arrears_unassigned 1000']);
  expect(law.proration.confirmed).toBe(false);
});

it('mirrors what is taken back', () => {
  expect(told(-45_000n, one('never', claim('current_support', 30_000n)))).toEqual(['A current_support -30000', 'A - -15000']);
});

it('names the bucket in the export where all of the money goes there, and the obligation where that is one', () => {
  const parts = (amountMinor: bigint) => allocate(law, { caseId: 'A', amountMinor, receivedOn: '2026-03-10' }, one('never', claim('current_support', 10_000n, 'O1')));
  expect(singlePart(parts(10_000n))).toMatchObject({ bucket: 'current_support', obligationId: 'O1' });
  const two = allocate(law, { caseId: 'A', amountMinor: 100n, receivedOn: '2026-03-10' }, one('never', claim('current_support', 60n, 'O1'), claim('current_support', 40n, 'O2')));
  expect(singlePart(two)).toEqual({ bucket: 'current_support', obligationId: null });
  expect([singlePart(parts(10_001n)), singlePart(allocate(law, { caseId: 'A', amountMinor: 1n, receivedOn: '2026-03-10' }, []))]).toEqual([null, null]);
});

it('credits an order in its own currency and converts nothing', () => {
  const line = { settledMinor: 10_000n, settledCurrency: 'USD', tenderedMinor: 200_000n, tenderedCurrency: 'MXN' };
  expect([creditFor('USD', line), creditFor('MXN', line), creditFor('KRW', line)]).toEqual([10_000n, 200_000n, null]);
});

it.each([['monthly', 10_000n], ['semimonthly', 20_000n], ['biweekly', 21_667n], ['weekly', 43_333n], ['one_time', null]] as const)('reckons 100.00 %s as %s a month', (frequency, minor) => {
  expect(monthlyMinor(10_000n, frequency)).toBe(minor);
});

const buckets: Bucket[] = ['current_support', 'arrears_unassigned', 'arrears_assigned', 'interest', 'medical'];
const claimsOf = fc.array(fc.record({ bucket: fc.constantFrom(...buckets), obligationId: fc.constantFrom(null, 'O1', 'O2'), dueMinor: fc.bigInt({ min: 0n, max: 1_000_000n }) }), { maxLength: 6 });
const world = fc.uniqueArray(fc.record({ caseId: fc.constantFrom('A', 'B', 'C'), assistance: fc.constantFrom('never', 'former', 'current', 'foster_care', 'unheard_of'), claims: claimsOf }), { selector: ({ caseId }) => caseId, maxLength: 3 });

it('gives out exactly what came in, to nobody more than is due, whatever the order of the cases', () => {
  fc.assert(fc.property(world, fc.bigInt({ min: 1n, max: 5_000_000n }), fc.constantFrom('2005-05-05', '2026-03-10'), (cases, amountMinor, receivedOn) => {
    const parts = allocate(law, { caseId: 'A', amountMinor, receivedOn }, cases);
    expect(parts.reduce((all, part) => all + part.amountMinor, 0n)).toBe(amountMinor);
    expect(parts.every((part) => part.amountMinor > 0n)).toBe(true);
    expect(allocate(law, { caseId: 'A', amountMinor, receivedOn }, cases.toReversed())).toEqual(parts);
    for (const { caseId, claims } of cases) {
      for (const bucket of buckets) {
        const given = parts.filter((part) => part.caseId === caseId && part.bucket === bucket).reduce((all, part) => all + part.amountMinor, 0n);
        expect(given <= claims.filter((c) => c.bucket === bucket).reduce((all, c) => all + c.dueMinor, 0n)).toBe(true);
      }
    }
  }));
});

it('splits by largest remainder: the parts come to the whole, each within one unit of its exact share', () => {
  fc.assert(fc.property(fc.bigInt({ min: -1_000_000n, max: 1_000_000n }), fc.array(fc.bigInt({ min: 0n, max: 10_000n }), { minLength: 1, maxLength: 9 }), (total, weights) => {
    const parts = splitByWeights(total, weights);
    expect(parts.reduce((all, part) => all + part, 0n)).toBe(total);
    const sum = weights.reduce((all, weight) => all + weight, 0n);
    parts.forEach((part, index) => {
      const [share, whole] = sum === 0n ? [1n, BigInt(weights.length)] : [weights[index] as bigint, sum];
      const off = part * whole - total * share;
      expect((off < 0n ? -off : off) < whole).toBe(true);
    });
  }));
  expect(() => splitByWeights(1n, [])).toThrow(RangeError);
});
