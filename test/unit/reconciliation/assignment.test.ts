import fc from 'fast-check';
import { GROUP_MAX, shareOut } from '../../../src/modules/reconciliation/matching/assignment.rules.ts';
import type { Claim } from '../../../src/modules/reconciliation/matching/assignment.rules.ts';

/** Every way to share out, tried one by one: what the exact method must find. */
function bestTotal(claims: readonly Claim[], without?: { from: string; to: string }): number {
  const froms = [...new Set(claims.map((c) => c.from))];
  const bits = (from: string, to: string): number => Math.max(0, ...claims.filter((c) => c.from === from && c.to === to).map((c) => c.bits));
  const tos = [...new Set(claims.map((c) => c.to))];
  const search = (i: number, used: ReadonlySet<string>): number => {
    if (i === froms.length) return 0;
    const from = froms[i] as string;
    let best = search(i + 1, used);
    for (const to of tos) {
      if (used.has(to) || (without?.from === from && without.to === to)) continue;
      const gain = bits(from, to);
      if (gain > 0) best = Math.max(best, gain + search(i + 1, new Set([...used, to])));
    }
    return best;
  };
  return search(0, new Set());
}

const claims = fc.array(fc.record({ from: fc.constantFrom('a', 'b', 'c', 'd', 'e'), to: fc.constantFrom('1', '2', '3', '4', '5'), bits: fc.integer({ min: 1, max: 40 }) }), { maxLength: 14 });

describe('sharing out what several want', () => {
  it('finds the greatest total, and says by how much every other sharing is worse', () => {
    fc.assert(fc.property(claims, (all) => {
      const { shares } = shareOut(all);
      const best = bestTotal(all);
      const own = shares.reduce((sum, s) => sum + Math.max(...all.filter((c) => c.from === s.from && c.to === s.to).map((c) => c.bits)), 0);
      expect(own).toBe(best);
      expect(new Set(shares.map((s) => s.from)).size).toBe(shares.length);
      expect(new Set(shares.map((s) => s.to)).size).toBe(shares.length);
      for (const s of shares) expect(s.margin).toBe(best - bestTotal(all, s));
    }), { numRuns: 300 });
  });

  it('does not depend on the order of the claims', () => {
    fc.assert(fc.property(claims, fc.integer(), (all, turn) => {
      const turned = all.map((_, i) => all[(i + Math.abs(turn)) % all.length] as Claim);
      const sure = (sharing: ReturnType<typeof shareOut>) => sharing.shares.filter((s) => s.margin > 0);
      expect(sure(shareOut(turned))).toEqual(sure(shareOut(all)));
    }));
  });

  it('a double-claimed match: of two that want the same one only one gets it, and equals leave no margin', () => {
    expect(shareOut([{ from: 'a', to: '1', bits: 9 }, { from: 'b', to: '1', bits: 20 }]).shares).toEqual([{ from: 'b', to: '1', margin: 11 }]);
    expect(shareOut([{ from: 'a', to: '1', bits: 9 }, { from: 'b', to: '1', bits: 9 }]).shares).toMatchObject([{ margin: 0 }]);
  });

  it('is not greedy: what is best for one may be given to another for the good of both', () => {
    const { shares } = shareOut([{ from: 'a', to: '1', bits: 10 }, { from: 'a', to: '2', bits: 9 }, { from: 'b', to: '1', bits: 9 }]);
    expect(shares.map(({ from, to }) => from + to)).toEqual(['a2', 'b1']);
  });

  it('leaves a group alone that is too large to be shared exactly', () => {
    const many = Array.from({ length: GROUP_MAX + 1 }, (_, i) => ({ from: `f${i}`, to: '1', bits: 5 }));
    const { shares, unshared } = shareOut([...many, { from: 'x', to: '9', bits: 5 }]);
    expect(shares.map((s) => s.from)).toEqual(['x']);
    expect(unshared.size).toBe(GROUP_MAX + 1);
  });
});
