const SHORT_MAX = 64;
// Rows of the table, made once: words are compared by the hundred thousand.
const rows = Array.from({ length: 3 }, () => new Int32Array(SHORT_MAX + 1));

const isLost = (code: number): boolean => code === 0x3f || code === 0xfffd;

/** Edits (insert, delete, replace, swap neighbours) between two words, counted no further than `max`. A lost letter (? or �) costs nothing. */
export function editDistance(a: string, b: string, max: number): number {
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) > max) return max + 1;
  let [before, previous, current] = (b.length <= SHORT_MAX ? rows : Array.from({ length: 3 }, () => new Int32Array(b.length + 1))) as [Int32Array, Int32Array, Int32Array];
  for (let j = 0; j <= b.length; j++) previous[j] = j;
  for (let i = 1; i <= a.length; i++) {
    current[0] = i;
    let best = i;
    const x = a.charCodeAt(i - 1);
    for (let j = 1; j <= b.length; j++) {
      const y = b.charCodeAt(j - 1);
      const same = x === y || isLost(x) || isLost(y);
      let cost = Math.min((previous[j] as number) + 1, (current[j - 1] as number) + 1, (previous[j - 1] as number) + (same ? 0 : 1));
      if (i > 1 && j > 1 && x === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === y) cost = Math.min(cost, (before[j - 2] as number) + 1);
      current[j] = cost;
      if (cost < best) best = cost;
    }
    if (best > max) return max + 1;
    [before, previous, current] = [previous, current, before];
  }
  return previous[b.length] as number;
}
