import { inTransaction, operatorActor, withActor } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { selectStanding } from './accounts/account.store.ts';

/** A session that somebody holds open: by the id under which the table has it, and whose it was with which rights when that began. */
export interface HeldSession {
  readonly sid: string;
  readonly userId: string;
  readonly epoch: number;
  /** The account's, which every change of its rights raises. */
  readonly revision: number;
}

/**
 * Which of these sessions still count, by their ids: not signed out, not ended by anybody, not run out, of an open account of the same epoch with the same rights. One query for all.
 * It tells of nobody who does not hold such a session.
 */
export async function standingSessions(ctx: Ctx, held: readonly HeldSession[]): Promise<Set<string>> {
  if (held.length === 0) return new Set();
  return inTransaction(withActor(ctx, operatorActor(ctx.config)), (tx) => selectStanding(tx, held));
}
