import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { selectOutgoing } from './waiting.store.ts';
import type { OutgoingLine, OutgoingSort } from './waiting.store.ts';
import type { ListOrder } from '../../../platform/list-order.ts';

const NEW_SHOWN = 100;
const PAGE_SIZE_MAX = 200;

export interface OutgoingPage {
  readonly rows: readonly OutgoingLine[];
  readonly total: number;
}

/** What lies ready for a partner and was not fetched yet, the newest first; a hundred at most. @throws AppError `exchange.not_your_partner`, `access.forbidden`. */
export async function listNewMessages(ctx: Ctx, partnerId: string): Promise<readonly OutgoingLine[]> {
  authorise(ctx, 'messages.view');
  if (ctx.actor.partner !== null && ctx.actor.partner !== partnerId) throw new AppError('forbidden', 'exchange.not_your_partner');
  const { rows } = await inTransaction(ctx, (tx) => selectOutgoing(tx, { states: ['delivered'], partnerId }, 0, NEW_SHOWN));
  return rows.map((row) => ({ ...row, county: null, cause: null }));
}

export interface WaitingQuery {
  readonly partnerId?: string | undefined;
  readonly order?: ListOrder<OutgoingSort> | undefined;
  readonly page?: number | undefined;
  readonly pageSize?: number | undefined;
}

/** Messages that were written and have not left, the newest first. @throws AppError `access.forbidden`. */
export async function listDrafts(ctx: Ctx, query: WaitingQuery = {}): Promise<OutgoingPage> {
  authorise(ctx, 'messages.send');
  return pageOf(ctx, ['draft'], query);
}

/** Messages on their way, the newest first: those of which a person sends papers by courier are among them. @throws AppError `access.forbidden`. */
export async function listOnTheirWay(ctx: Ctx, query: WaitingQuery = {}): Promise<OutgoingPage> {
  authorise(ctx, 'exchange.view');
  return pageOf(ctx, ['queued'], query);
}

async function pageOf(ctx: Ctx, states: readonly string[], query: WaitingQuery): Promise<OutgoingPage> {
  const pageSize = Math.min(Math.max(Math.trunc(query.pageSize ?? 50), 1), PAGE_SIZE_MAX);
  const page = Math.max(Math.trunc(query.page ?? 1), 1);
  return inTransaction(ctx, (tx) => selectOutgoing(tx, { states, partnerId: query.partnerId ?? null }, (page - 1) * pageSize, pageSize, query.order));
}
