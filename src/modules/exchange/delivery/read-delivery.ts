import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { attemptsOfMessage, findDelivery, findOutgoing, undeliveredMessages } from './delivery.store.ts';
import type { AttemptRow, DeliveryRow, OutgoingRow, UndeliveredRow } from './delivery.store.ts';

const PAGE_MAX = 200;

/** What reached nobody, the newest first; `before` is the last message of the page before. */
export async function listUndelivered(ctx: Ctx, query: { readonly partnerId?: string; readonly before?: string; readonly limit?: number } = {}): Promise<UndeliveredRow[]> {
  authorise(ctx, 'exchange.view');
  const limit = Math.min(Math.max(query.limit ?? PAGE_MAX, 1), PAGE_MAX);
  return inTransaction(ctx, (tx) => undeliveredMessages(tx, { partnerId: query.partnerId ?? null, before: query.before ?? null, limit }));
}

export interface DeliveryView {
  readonly message: OutgoingRow;
  readonly delivery: DeliveryRow | null;
  readonly attempts: readonly AttemptRow[];
}

/** Where a message of ours is, and everything that was tried, the newest first. @throws AppError `message.not_found`, `access.forbidden`. */
export async function deliveryOf(ctx: Ctx, messageId: string): Promise<DeliveryView> {
  authorise(ctx, 'exchange.view');
  return inTransaction(ctx, async (tx) => {
    const message = await findOutgoing(tx, messageId);
    if (!message) throw new AppError('not_found', 'message.not_found');
    return { message, delivery: await findDelivery(tx, messageId), attempts: await attemptsOfMessage(tx, messageId) };
  });
}
