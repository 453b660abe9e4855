import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { selectConversationsAfter } from '../conversations/conversation.store.ts';
import type { ConversationRow } from '../conversations/conversation.store.ts';
import { selectAskedBefore } from './partner-pages.store.ts';
import type { AskedRow } from './partner-pages.store.ts';

const LIMIT_MAX = 200;

export interface PartnerPageQuery {
  readonly partnerId: string;
  /** The last one seen. */
  readonly after?: string | null | undefined;
  readonly limit?: number | undefined;
}

export interface PartnerPage<Row> {
  readonly items: readonly Row[];
  /** To be given as `after` for what follows; null where there is no more now. */
  readonly next: string | null;
}

/** A partner's conversations in the order in which they were opened, for programs that go through them. @throws AppError `exchange.not_your_partner`, `access.forbidden`. */
export async function listConversationsOf(ctx: Ctx, query: PartnerPageQuery): Promise<PartnerPage<ConversationRow>> {
  authorise(ctx, 'messages.view');
  const limit = checkedLimit(ctx, query);
  return inTransaction(ctx, async (tx) => {
    const rows = await selectConversationsAfter(tx, query.partnerId, query.after ?? null, limit + 1);
    const items = rows.slice(0, limit).map((row) => ({ ...row, county: null }));
    return { items, next: rows.length > limit ? items.at(-1)?.conversationId ?? null : null };
  });
}

/** What a partner has asked for people at its counter, the newest first, without whom it was about. @throws AppError `exchange.not_your_partner`, `access.forbidden`. */
export async function listAskedOf(ctx: Ctx, query: PartnerPageQuery): Promise<PartnerPage<AskedRow>> {
  authorise(ctx, 'inquiries.read');
  const limit = checkedLimit(ctx, query);
  const rows = await inTransaction(ctx, (tx) => selectAskedBefore(tx, query.partnerId, query.after ?? null, limit + 1));
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? items.at(-1)?.inquiryId ?? null : null };
}

function checkedLimit(ctx: Ctx, { partnerId, limit }: PartnerPageQuery): number {
  if (ctx.actor.partner !== null && ctx.actor.partner !== partnerId) throw new AppError('forbidden', 'exchange.not_your_partner');
  return Math.min(Math.max(Math.trunc(limit ?? 50), 1), LIMIT_MAX);
}
