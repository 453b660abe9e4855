// Lines without usable numbers that want the same disbursement under different names: at most one of them can be right.
import { shareOut } from './assignment.rules.ts';
import { suspense } from './reason.rules.ts';
import type { Decision } from './reason.rules.ts';

export type Contender = { readonly place: number; readonly printedName: string; readonly decision: Decision };

/**
 * The decisions again, without those that another line disputes: the sharing-out of disbursements must give the line the same one, and
 * every other sharing must be worse by the margin. Lines that print the same name are no rivals: the first by date is the one, the
 * next a second delivery (contract 3).
 */
export function settleCompetition(contenders: readonly Contender[], marginBits: number): Map<number, Decision> {
  const scored = contenders.filter((c) => c.decision.method === 'scored' && c.decision.disbursementId !== null && (c.decision.weights?.bits ?? 0) > 0);
  const disputed = [...Map.groupBy(scored, (c) => c.decision.disbursementId as string).values()].filter((all) => new Set(all.map((c) => c.printedName)).size > 1).flat();
  if (disputed.length === 0) return new Map();
  const { shares } = shareOut(disputed.map((c) => ({ from: String(c.place), to: c.decision.disbursementId as string, bits: c.decision.weights?.bits ?? 0 })));
  const sure = new Set(shares.filter((s) => s.margin >= marginBits).map((s) => s.from));
  return new Map(disputed.filter((c) => !sure.has(String(c.place))).map((c) => [c.place, { ...suspense([...c.decision.reasons, 'assignment.disputed'], c.decision.caseId), weights: c.decision.weights ?? null }]));
}
