// Fellegi–Sunter: each field of a comparison says by log2(m/u) how much more often it looks so for the right case than for another one.

export type Likelihood = { readonly m: number; readonly u: number };

export type Weights = {
  /** Named by every decision that was weighed. */
  readonly version: string;
  readonly calibratedOn: string;
  readonly thresholds: {
    /** Probability in bits (log2 of the odds) below which a scored line waits for a person. */
    readonly postBits: number;
    /** By how many bits the best candidate must stand before the next one. */
    readonly marginBits: number;
    /** Bits from which names alone outweigh a number that is two slips away from the case's. */
    readonly overwhelmingBits: number;
  };
  /** By field and level. */
  readonly fields: Readonly<Record<string, Readonly<Record<string, Likelihood>>>>;
};

/** One field of a line held against one candidate. */
export type Comparison = {
  readonly field: string;
  readonly level: string;
  /** For names that agree: the share of the caseload that bears such a name. It takes the place of `u`. */
  readonly rarity?: number;
};

export type WeighedField = { readonly field: string; readonly level: string; readonly bits: number };
export type Weighed = { readonly bits: number; readonly probability: number; readonly fields: readonly WeighedField[] };

/** What a decision keeps of its weights. Codes and figures only. */
export type WeightReport = {
  readonly version: string;
  readonly bits: number;
  readonly probability: number;
  /** Bits between this candidate and the next one; null where there was no other. */
  readonly margin: number | null;
  readonly fields: readonly WeighedField[];
};

const BITS_MAX = 60;

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

function bitsOf(weights: Weights, c: Comparison): number {
  const known = weights.fields[c.field]?.[c.level];
  if (known === undefined) return 0;
  const u = c.rarity ?? known.u;
  return Math.max(-BITS_MAX, Math.min(BITS_MAX, Math.log2(known.m / u)));
}

/** @param among How many cases it could be, before anything was compared. */
export function weigh(weights: Weights, comparisons: readonly Comparison[], among: number): Weighed {
  const fields = comparisons.map((c): WeighedField => ({ field: c.field, level: c.level, bits: rounded(bitsOf(weights, c), 2) }));
  const bits = fields.reduce((sum, f) => sum + f.bits, -Math.log2(Math.max(among, 1)));
  return { bits: rounded(bits, 2), probability: rounded(1 / (1 + 2 ** -bits), 6), fields };
}

export type Ranked<T> = { readonly candidate: T; readonly weighed: Weighed };

/** The heaviest first; equals in the order of their names, so that no order of rows shows. */
export function rankByWeight<T>(candidates: readonly Ranked<T>[], nameOf: (candidate: T) => string): Ranked<T>[] {
  return [...candidates].sort((a, b) => b.weighed.bits - a.weighed.bits || (nameOf(a.candidate) < nameOf(b.candidate) ? -1 : 1));
}

/** Weights of one candidate among all that were compared. */
export function reportOf<T>(weights: Weights, ranked: readonly Ranked<T>[], of: T): WeightReport | null {
  const own = ranked.find((r) => r.candidate === of);
  if (own === undefined) return null;
  const others = ranked.filter((r) => r.candidate !== of).map((r) => r.weighed.bits);
  const margin = others.length === 0 ? null : rounded(own.weighed.bits - Math.max(...others), 2);
  return { version: weights.version, ...own.weighed, margin };
}
