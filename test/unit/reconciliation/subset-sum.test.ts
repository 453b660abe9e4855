import fc from 'fast-check';
import { makeUp, PARTS_MAX } from '../../../src/modules/reconciliation/matching/subset-sum.rules.ts';

const parts = (minors: readonly number[]) => minors.map((minor, i) => ({ id: String(i).padStart(2, '0'), minor: BigInt(minor) }));

function allWays(minors: readonly number[], target: number, atLeast: number): string[][] {
  const ways: string[][] = [];
  for (let mask = 1; mask < 1 << minors.length; mask++) {
    const ids = minors.flatMap((_, i) => (mask & (1 << i) ? [i] : []));
    if (ids.length >= atLeast && ids.reduce((sum, i) => sum + (minors[i] as number), 0) === target) ways.push(ids.map((i) => String(i).padStart(2, '0')));
  }
  return ways;
}

describe('what makes up a sum', () => {
  it('is found when it is the only way, and never when it is not', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 11 }), fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 2 }), (minors, target, atLeast) => {
      const ways = allWays(minors, target, atLeast);
      const made = makeUp(parts(minors), BigInt(target), atLeast);
      expect(made.found).toBe(ways.length === 0 ? 'none' : ways.length === 1 ? 'one' : 'several');
      if (made.found === 'one') expect([...made.ids].sort()).toEqual(ways[0]);
    }), { numRuns: 500 });
  });

  it('equal amounts that stand for one another prove nothing', () => { expect(makeUp(parts([500, 500, 300]), 800n).found).toBe('several'); });
  it('finds one way among as many parts as are tried', () => { expect(makeUp(parts(Array.from({ length: PARTS_MAX }, (_, i) => 2 ** Math.min(i, 30) + (i > 30 ? i * 7_000_000_000 : 0))), 2n ** 20n + 5n, 2)).toMatchObject({ found: 'one', ids: ['00', '02', '20'] }); });
  it('says when there are more', () => { expect(makeUp(parts(Array.from({ length: PARTS_MAX + 1 }, (_, i) => i + 1)), 40n).found).toBe('too_many_parts'); });
  it('leaves out what is nothing or less', () => { expect(makeUp(parts([0, -5, 7]), 7n)).toEqual({ found: 'one', ids: ['02'] }); });
});
