// Why a line has the outcome that it has. Codes only: their words are in locales/*/reconciliation.json under "reason".
import type { WeightReport } from './weights/weights.rules.ts';

/** Changes with every change of a rule that can change an outcome; kept with each decision. */
export const RULE_VERSION = '2026-11-22.7';

export const OUTCOMES = ['posted', 'returned', 'pending', 'suspense', 'duplicate', 'rejected'] as const;
export type Outcome = (typeof OUTCOMES)[number];
export type Method = 'reference' | 'exact' | 'scored';

export type Decision = {
  readonly outcome: Outcome;
  readonly caseId: string | null;
  readonly disbursementId: string | null;
  readonly county: string | null;
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
  readonly feeMinor: bigint;
  readonly method: Method | null;
  readonly score: number | null;
  readonly reasons: readonly string[];
  readonly candidateCaseId: string | null;
  /** What a scored decision was weighed with; others rest on no weights. */
  readonly weights?: WeightReport | null;
};

export const SUSPENSE_BASE = {
  outcome: 'suspense', caseId: null, disbursementId: null, county: null, amountMinor: null, currency: null, feeMinor: 0n, method: null, score: null,
  candidateCaseId: null,
} as const;

export function suspense(reasons: readonly string[], candidateCaseId: string | null = null): Decision {
  return { ...SUSPENSE_BASE, reasons: [...new Set(reasons)], candidateCaseId };
}
