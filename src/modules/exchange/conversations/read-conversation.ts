import { recordAudit } from '../../audit/index.ts';
import { getReferral, incomingForExchange, LIFECYCLE, officeDay } from '../../referrals/index.ts';
import type { Direction } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import { pageOf, pageWith } from '../../../platform/list-page.ts';
import type { ListPage, PageAsked } from '../../../platform/list-page.ts';
import { attemptsOfMessage } from '../delivery/delivery.store.ts';
import type { AttemptRow } from '../delivery/delivery.store.ts';
import { receiptsOfMessage } from '../evidence/receipt.store.ts';
import type { ReceiptRow } from '../evidence/receipt.store.ts';
import { findByReferral, findByWireId, findConversation, selectConversations, selectHops } from './conversation.store.ts';
import type { ConversationFilter, ConversationRow, HopRow } from './conversation.store.ts';
import { messagesOf, selectLatestAbout } from './message.store.ts';
import type { MessageRow } from './message.store.ts';
import { timelineOf } from './timeline.rules.ts';
import type { TimelineEntry } from './timeline.rules.ts';
import { workOfConversation } from './work.store.ts';
import type { WorkRow } from './work.store.ts';

const SIZES = { usual: 50, most: 200 };
const MESSAGES_SHOWN = 500;

export interface ConversationQuery extends PageAsked {
  readonly partnerId?: string | undefined;
  readonly referralId?: string | undefined;
  readonly subject?: ConversationFilter['subject'];
  readonly order?: ConversationFilter['order'];
}

export type ConversationPage = ListPage<ConversationRow>;

/** The newest first. A partner's people and programs see their own. @throws AppError `access.forbidden`. */
export async function listConversations(ctx: Ctx, query: ConversationQuery = {}): Promise<ConversationPage> {
  authorise(ctx, 'messages.view');
  const found = await inTransaction(ctx, (tx) => pageOf(query, SIZES, (place) => selectConversations(tx, query, place), ({ conversationId }) => conversationId));
  return pageWith(found, (row) => asSeen(ctx, row));
}

/** The newest messages about referrals, without what they say: for a case at a glance. @throws AppError `access.forbidden`. */
export async function latestMessagesAbout(ctx: Ctx, referralIds: readonly string[], limit: number): Promise<readonly MessageRow[]> {
  authorise(ctx, 'messages.view');
  return referralIds.length === 0 ? [] : inTransaction(ctx, (tx) => selectLatestAbout(tx, referralIds, Math.min(limit, SIZES.most)));
}

/** A message with its receipts; how it travelled and what is done about it are the agency's own. */
export interface ConversationMessage extends MessageRow {
  readonly receipts: readonly ReceiptRow[];
  readonly attempts: readonly AttemptRow[];
  readonly work: WorkRow | null;
  /** As what it was filed among what came in, and what became of that; null for those who may not see it. */
  readonly filed: FiledAs | null;
}

export interface FiledAs {
  readonly incomingId: string;
  readonly state: string;
}

/** For the agency's people alone. */
export async function filedAs(tx: TxCtx, work: WorkRow | null): Promise<FiledAs | null> {
  const incoming = work?.incomingId && tx.actor.partner === null ? await incomingForExchange(tx, work.incomingId) : null;
  return incoming && { incomingId: incoming.incomingId, state: incoming.state };
}

export interface ConversationView extends ConversationRow {
  readonly messages: readonly ConversationMessage[];
  readonly hops: readonly HopRow[];
  /** Everything in the order in which it happened. */
  readonly timeline: readonly TimelineEntry[];
}

/** By our id, or by that on the wire. @throws AppError `conversation.not_found`, `access.forbidden`. */
export async function getConversation(ctx: Ctx, conversationId: string): Promise<ConversationView> {
  authorise(ctx, 'messages.view');
  const row = await inTransaction(ctx, async (tx) =>
    (isId('cnv', conversationId) ? await findConversation(tx, conversationId) : null) ?? (ctx.actor.partner === null ? null : await findByWireId(tx, ctx.actor.partner, conversationId)));
  if (!row) throw new AppError('not_found', 'conversation.not_found');
  return viewOf(ctx, row);
}

/** What was said about a referral, with its moves and, for the agency, its clocks; null where nothing was. @throws AppError `referral.not_found`, `access.forbidden`. */
export async function conversationOfReferral(ctx: Ctx, referralId: string): Promise<ConversationView | null> {
  authorise(ctx, 'messages.view');
  const row = await inTransaction(ctx, (tx) => findByReferral(tx, referralId));
  return row && viewOf(ctx, row);
}

async function viewOf(ctx: Ctx, row: ConversationRow): Promise<ConversationView> {
  const referral = row.referralId === null ? null : await getReferral(ctx, row.referralId).catch((error: unknown) => {
    if (error instanceof AppError && ['not_found', 'forbidden'].includes(error.kind)) return null;
    throw error;
  });
  const isAgency = ctx.actor.partner === null;
  const { messages, hops } = await inTransaction(ctx, async (tx) => {
    if (ctx.actor.kind !== 'system') {
      await recordAudit(tx, { action: 'conversation.viewed', subject: { type: 'conversation', id: row.conversationId }, partner: row.partnerId, county: row.county }, { isOncePerHour: true });
    }
    return { messages: await messagesWith(tx, row.conversationId, isAgency), hops: await selectHops(tx, row.conversationId) };
  });
  return { ...asSeen(ctx, row), messages, hops, timeline: timelineOf({ messages, hops, moves: (referral?.moves ?? []).map((move) => ({ ...move, by: moverOf(referral?.direction ?? 'outgoing', move.move) })), clocks: referral?.clocks ?? [] }, (at) => officeDay(ctx, at)) };
}

/** Whose step a move is: what a partner may make is the partner's, also where the agency only writes it down. */
function moverOf(direction: Direction, move: string | null): 'us' | 'partner' {
  return move === 'receive' || LIFECYCLE.some((row) => row.direction === direction && row.move === move && row.who.includes('partner_officer')) ? 'partner' : 'us';
}

async function messagesWith(tx: TxCtx, conversationId: string, isAgency: boolean): Promise<ConversationMessage[]> {
  const work = new Map((isAgency ? await workOfConversation(tx, conversationId) : []).map((one) => [one.messageId, one]));
  const found: ConversationMessage[] = [];
  for (const row of await messagesOf(tx, conversationId, MESSAGES_SHOWN)) {
    const receipts = await receiptsOfMessage(tx, row.messageId);
    const attempts = isAgency && row.direction === 'out' ? await attemptsOfMessage(tx, row.messageId) : [];
    found.push({ ...row, ...(isAgency ? {} : { storedBy: '', cause: null, fileId: null }), receipts, attempts, work: work.get(row.messageId) ?? null, filed: await filedAs(tx, work.get(row.messageId) ?? null) });
  }
  return found;
}

function asSeen(ctx: Ctx, row: ConversationRow): ConversationRow {
  return ctx.actor.partner === null ? row : { ...row, county: null };
}
