// Who gets what when several want the same: the one-to-one sharing with the greatest total weight, exact, whatever the order of the rows.

export type Claim = { readonly from: string; readonly to: string; /** What speaks for it, in bits; claims without weight are none. */ readonly bits: number };
export type Share = { readonly from: string; readonly to: string; /** By how many bits every sharing without this pair is worse. */ readonly margin: number };
export type Sharing = { readonly shares: readonly Share[]; /** Those whose group was too large to be shared out exactly. */ readonly unshared: ReadonlySet<string> };

/** Beyond this many claimants in one group nobody is assigned anything. */
export const GROUP_MAX = 40;

const BLOCKED = -1e6;

/** Groups of claimants that no claim connects with another group. */
function groupsOf(claims: readonly Claim[]): Claim[][] {
  const parent = new Map<string, string>();
  const root = (x: string): string => {
    let at = x;
    while (parent.get(at) !== at) at = parent.get(at) as string;
    for (let y = x; parent.get(y) !== at; ) [y] = [parent.get(y) as string, parent.set(y, at)];
    return at;
  };
  const add = (x: string): string => { if (!parent.has(x)) parent.set(x, x); return root(x); };
  for (const c of claims) parent.set(add(`f:${c.from}`), add(`t:${c.to}`));
  return [...Map.groupBy(claims, (c) => root(`f:${c.from}`)).values()];
}

/** The Hungarian method on a square table of weights, for the greatest total. Returns the column of each row. */
function greatest(weights: readonly (readonly number[])[]): number[] {
  const n = weights.length;
  const u = new Array<number>(n + 1).fill(0);
  const v = new Array<number>(n + 1).fill(0);
  const rowOf = new Array<number>(n + 1).fill(0);
  for (let i = 1; i <= n; i++) augment(weights, i, n, u, v, rowOf);
  const columns = new Array<number>(n).fill(0);
  for (let j = 1; j <= n; j++) columns[(rowOf[j] as number) - 1] = j - 1;
  return columns;
}

function augment(weights: readonly (readonly number[])[], row: number, n: number, u: number[], v: number[], rowOf: number[]): void {
  const way = new Array<number>(n + 1).fill(0);
  const least = new Array<number>(n + 1).fill(Infinity);
  const used = new Array<boolean>(n + 1).fill(false);
  rowOf[0] = row;
  let j0 = 0;
  do {
    used[j0] = true;
    const i0 = rowOf[j0] as number;
    let delta = Infinity;
    let j1 = 0;
    for (let j = 1; j <= n; j++) {
      if (used[j]) continue;
      const cost = -((weights[i0 - 1] as number[])[j - 1] as number) - (u[i0] as number) - (v[j] as number);
      if (cost < (least[j] as number)) [least[j], way[j]] = [cost, j0];
      if ((least[j] as number) < delta) [delta, j1] = [least[j] as number, j];
    }
    for (let j = 0; j <= n; j++) {
      if (used[j]) {
        u[rowOf[j] as number] = (u[rowOf[j] as number] as number) + delta;
        v[j] = (v[j] as number) - delta;
      } else least[j] = (least[j] as number) - delta;
    }
    j0 = j1;
  } while (rowOf[j0] !== 0);
  do {
    const j1 = way[j0] as number;
    rowOf[j0] = rowOf[j1] as number;
    j0 = j1;
  } while (j0 !== 0);
}

function total(weights: readonly (readonly number[])[], columns: readonly number[]): number {
  return columns.reduce((sum, j, i) => sum + ((weights[i] as number[])[j] as number), 0);
}

// Each row may also stay alone, at no weight: as many empty columns as rows, and rows for the columns that stay over.
function tableOf(group: readonly Claim[], froms: readonly string[], tos: readonly string[]): number[][] {
  const size = froms.length + tos.length;
  const best = new Map<string, number>();
  for (const c of group) best.set(`${c.from}\n${c.to}`, Math.max(best.get(`${c.from}\n${c.to}`) ?? 0, c.bits));
  return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (__, j) => {
    if (i >= froms.length || j >= tos.length) return 0;
    return best.get(`${froms[i]}\n${tos[j]}`) ?? BLOCKED;
  }));
}

function shareGroup(group: readonly Claim[]): Share[] {
  const froms = [...new Set(group.map((c) => c.from))].sort();
  const tos = [...new Set(group.map((c) => c.to))].sort();
  const weights = tableOf(group, froms, tos);
  const columns = greatest(weights);
  const optimum = total(weights, columns);
  return froms.flatMap((from, i): Share[] => {
    const j = columns[i] as number;
    if (j >= tos.length || ((weights[i] as number[])[j] as number) <= 0) return [];
    const without = weights.map((row, r) => (r === i ? row.map((w, k) => (k === j ? BLOCKED : w)) : row));
    return [{ from, to: tos[j] as string, margin: optimum - total(without, greatest(without)) }];
  });
}

/** Shares targets out among claimants, each to one at most. A pair whose margin is small is as good as undecided: another sharing is as likely. */
export function shareOut(claims: readonly Claim[]): Sharing {
  const wanted = claims.filter((c) => c.bits > 0);
  const unshared = new Set<string>();
  const shares: Share[] = [];
  for (const group of groupsOf(wanted)) {
    const froms = new Set(group.map((c) => c.from));
    const tos = new Set(group.map((c) => c.to));
    if (froms.size > GROUP_MAX || tos.size > GROUP_MAX) for (const from of froms) unshared.add(from);
    else shares.push(...shareGroup(group));
  }
  return { shares: shares.sort((a, b) => (a.from < b.from ? -1 : 1)), unshared };
}
