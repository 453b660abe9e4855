import { createHash } from 'node:crypto';

/** The end of one chain of batches: how many it has, and the digest that stands for them all. */
export interface ChainEnd {
  readonly chain: number;
  readonly number: bigint;
  readonly digest: Uint8Array;
}

const CHAINS_MAX = 64;

/**
 * One line that stands for everything posted so far: the length of each chain, and a digest over their ends. Kept outside of the
 * database, it shows when batches are taken from the end of a chain, or all of it is made anew. Null for a ledger without batches.
 */
export function anchorOf(ends: readonly ChainEnd[]): string | null {
  if (ends.length === 0) return null;
  const numbers: bigint[] = Array<bigint>(Math.max(...ends.map((end) => end.chain)) + 1).fill(0n);
  const hash = createHash('sha256');
  for (const end of [...ends].sort((a, b) => a.chain - b.chain)) {
    numbers[end.chain] = end.number;
    hash.update(end.digest);
  }
  return `${numbers.join('.')}:${hash.digest('hex')}`;
}

/** The lengths of the chains that an anchor names, by chain; null when it is no anchor. */
export function readAnchor(anchor: string): bigint[] | null {
  const match = /^(\d{1,18}(?:\.\d{1,18})*):[0-9a-f]{64}$/.exec(anchor);
  const numbers = match?.[1]?.split('.').map(BigInt) ?? null;
  return numbers === null || numbers.length > CHAINS_MAX ? null : numbers;
}
