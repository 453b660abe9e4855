import { authorise, isAllowed } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { selectMoneyOfCase } from './money-of-case.store.ts';
import type { CaseMoneyRow } from './money-of-case.store.ts';

export type { CaseMoneyRow } from './money-of-case.store.ts';

/** So many lines stand on a case at a glance; the statement has them all. */
const LINES_MAX = 50;

/**
 * What partners have said lately of money of a case, the newest first. What is in suspense and may be the case's stands there for those who see suspense
 * (which belongs to no county). @throws AppError `access.forbidden`.
 */
export async function moneyOfCase(ctx: Ctx, caseId: string, limit: number): Promise<readonly CaseMoneyRow[]> {
  authorise(ctx, 'reconciliation.view');
  const seesSuspense = isAllowed(ctx, 'suspense.view') && ctx.actor.counties === 'all';
  return inTransaction(ctx, (tx) => selectMoneyOfCase(tx, caseId, seesSuspense, Math.min(Math.max(1, limit), LINES_MAX)));
}
