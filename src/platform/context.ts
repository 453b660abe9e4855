import type { Actor } from './actor.ts';
import type { Ctx } from './context.types.ts';

export { operatorActor, writingFor } from './actor.ts';
export type { Actor } from './actor.ts';
export type { Ctx, TxCtx } from './context.types.ts';
export { inTransaction } from './database/transaction.ts';

/** The same context for another actor; never inside a running transaction, whose row scope is already set. */
export function withActor(ctx: Ctx, actor: Actor): Ctx {
  if (ctx.tx) throw new Error('fault: the actor of a running transaction cannot change');
  return { ...ctx, actor };
}
