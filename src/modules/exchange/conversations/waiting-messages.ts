import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { selectOutgoing } from './waiting.store.ts';
import type { OutgoingLine, OutgoingSort } from './waiting.store.ts';
import type { ListOrder } from '../../../platform/list-order.ts';
import { pageOf } from '../../../platform/list-page.ts';
import type { ListPage, PageAsked } from '../../../platform/list-page.ts';

const NEW_SHOWN = 100;
const SIZES = { usual: 50, most: 200 };

export type OutgoingPage = ListPage<OutgoingLine>;

/** What lies ready for a partner and was not fetched yet, the newest first; a hundred at most. @throws AppError `exchange.not_your_partner`, `access.forbidden`. */
export async function listNewMessages(ctx: Ctx, partnerId: string): Promise<readonly OutgoingLine[]> {
  authorise(ctx, 'messages.view');
  if (ctx.actor.partner !== null && ctx.actor.partner !== partnerId) throw new AppError('forbidden', 'exchange.not_your_partner');
  const { rows } = await inTransaction(ctx, (tx) => selectOutgoing(tx, { states: ['delivered'], partnerId }, { after: null, offset: 0, limit: NEW_SHOWN }));
  return rows.map((row) => ({ ...row, county: null, cause: null }));
}

export interface WaitingQuery extends PageAsked {
  readonly partnerId?: string | undefined;
  readonly order?: ListOrder<OutgoingSort> | undefined;
}

/** Messages that were written and have not left, the newest first. @throws AppError `access.forbidden`. */
export async function listDrafts(ctx: Ctx, query: WaitingQuery = {}): Promise<OutgoingPage> {
  authorise(ctx, 'messages.send');
  return waiting(ctx, ['draft'], query);
}

/** Messages on their way, the newest first: those of which a person sends papers by courier are among them, unless asked otherwise. @throws AppError `access.forbidden`. */
export async function listOnTheirWay(ctx: Ctx, query: WaitingQuery & { readonly isPaper?: boolean } = {}): Promise<OutgoingPage> {
  authorise(ctx, 'exchange.view');
  return waiting(ctx, ['queued'], query);
}

function waiting(ctx: Ctx, states: readonly string[], { partnerId, order, isPaper, ...asked }: WaitingQuery & { readonly isPaper?: boolean }): Promise<OutgoingPage> {
  return inTransaction(ctx, (tx) => pageOf(asked, SIZES, (place) => selectOutgoing(tx, { states, partnerId: partnerId ?? null, isPaper }, place, order), ({ messageId }) => messageId));
}
