import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { afterTrying, tryNow } from './circuit.rules.ts';
import { lockCircuit, selectCircuits, setCircuit } from './circuit.store.ts';
import type { CircuitRow } from './circuit.store.ts';

export interface Tried {
  readonly partnerId: string;
  readonly channel: string;
}

/**
 * Tries to reach a partner, unless it has not answered again and again: then nobody tries for a while, and after that one alone. All
 * processes share this. A partner that answers, even with a refusal, is there: `work` says so.
 *
 * @throws AppError `delivery.circuit_open` (partner_unavailable); whatever `work` throws.
 */
export async function throughCircuit<T extends { readonly isAnswering: boolean }>(ctx: Ctx, { partnerId, channel }: Tried, work: () => Promise<T>): Promise<T> {
  const isAllowed = await inTransaction(ctx, async (tx) => {
    const before = await lockCircuit(tx, partnerId, channel);
    const tried = tryNow(before, ctx.clock.now());
    if (tried.circuit !== before) await setCircuit(tx, partnerId, channel, tried.circuit);
    return tried.isAllowed;
  });
  if (!isAllowed) throw new AppError('partner_unavailable', 'delivery.circuit_open', { params: { partner: partnerId, channel } });
  let isAnswering = false;
  try {
    const done = await work();
    isAnswering = done.isAnswering;
    return done;
  } finally {
    await inTransaction(ctx, async (tx) => {
      const before = await lockCircuit(tx, partnerId, channel);
      await setCircuit(tx, partnerId, channel, afterTrying(before, isAnswering, ctx.clock.now(), Math.random()));
    });
  }
}

/** Which partners are not tried now, those first. */
export async function listCircuits(ctx: Ctx): Promise<CircuitRow[]> {
  authorise(ctx, 'exchange.view');
  return inTransaction(ctx, selectCircuits);
}
