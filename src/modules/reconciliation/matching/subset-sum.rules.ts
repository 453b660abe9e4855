// Which of many amounts make up a sum: exact, and only worth something when it is proven that no other choice does.

export type Part = { readonly id: string; readonly minor: bigint };
export type Makeup =
  | { readonly found: 'one'; readonly ids: readonly string[] }
  | { readonly found: 'none' | 'several' | 'too_many_parts' };

/** Half of the parts is tried in all its choices, then the other half: 2^15 of each at most. */
export const PARTS_MAX = 30;

type Half = { readonly sum: bigint; readonly mask: number };

function choices(parts: readonly Part[], target: bigint): Half[] {
  let all: Half[] = [{ sum: 0n, mask: 0 }];
  parts.forEach((p, i) => {
    const more = all.map((c) => ({ sum: c.sum + p.minor, mask: c.mask | (1 << i) })).filter((c) => c.sum <= target);
    all = all.concat(more);
  });
  return all;
}

/**
 * The parts that sum up to the target, when they are the only ones that do. Equal amounts that stand for one another make it several.
 * Parts that are nothing or less than nothing are left out.
 *
 * @param atLeast How many parts it has to be: 2 for a lump.
 */
export function makeUp(parts: readonly Part[], target: bigint, atLeast = 1): Makeup {
  const fitting = parts.filter((p) => p.minor > 0n && p.minor <= target).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (fitting.length > PARTS_MAX) return { found: 'too_many_parts' };
  const middle = Math.ceil(fitting.length / 2);
  const [left, right] = [fitting.slice(0, middle), fitting.slice(middle)];
  const bySum = new Map<bigint, number[]>();
  for (const c of choices(left, target)) {
    const masks = bySum.get(c.sum);
    // Three of one sum are enough to know that it is not the only one, whatever is asked of the number of parts.
    if (masks === undefined) bySum.set(c.sum, [c.mask]);
    else if (masks.length < MASKS_MAX) masks.push(c.mask);
  }
  const found: string[][] = [];
  for (const c of choices(right, target)) {
    for (const mask of bySum.get(target - c.sum) ?? []) {
      const ids = [...left.filter((_, i) => mask & (1 << i)), ...right.filter((_, i) => c.mask & (1 << i))].map((p) => p.id);
      if (ids.length >= atLeast) found.push(ids);
      if (found.length > 1) return { found: 'several' };
    }
  }
  const [only] = found;
  return only === undefined ? { found: 'none' } : { found: 'one', ids: only };
}

const MASKS_MAX = 3 + PARTS_MAX;
