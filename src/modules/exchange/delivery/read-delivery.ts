import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { ListOrder } from '../../../platform/list-order.ts';
import { pageOf } from '../../../platform/list-page.ts';
import type { ListPage, PageAsked } from '../../../platform/list-page.ts';
import { attemptsOfMessage, findDelivery, findOutgoing, undeliveredMessages } from './delivery.store.ts';
import type { AttemptRow, DeliveryRow, OutgoingRow, UndeliveredRow, UndeliveredSort } from './delivery.store.ts';

const SIZES = { usual: 200, most: 200 };

export interface UndeliveredQuery extends PageAsked {
  readonly partnerId?: string | undefined;
  readonly order?: ListOrder<UndeliveredSort> | undefined;
}

/** What reached nobody, the newest first unless told otherwise. @throws AppError `access.forbidden`. */
export async function listUndelivered(ctx: Ctx, query: UndeliveredQuery = {}): Promise<ListPage<UndeliveredRow>> {
  authorise(ctx, 'exchange.view');
  const order = query.order ?? { by: 'stored' as const, isDescending: true };
  return inTransaction(ctx, (tx) => pageOf(query, SIZES, (place) => undeliveredMessages(tx, query.partnerId ?? null, order, place), ({ messageId }) => messageId));
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
