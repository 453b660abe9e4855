import { withActor, writingFor } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';

/** Partners write no row: the gateway writes for them, under their name, once it has been looked whether they may. */
export function asGateway(ctx: Ctx): Ctx {
  const { actor } = ctx;
  return withActor(ctx, writingFor(actor));
}

/** The gateway acting on what somebody sent, by the leave that jobs have, under the name of whoever sent it. */
export function actingFor(ctx: Ctx, storedBy: string): Ctx {
  const { actor } = ctx;
  return withActor(ctx, { ...writingFor(actor), kind: 'system', id: `for:${storedBy}`.slice(0, 100), name: 'exchange', roles: ['operator'] });
}
