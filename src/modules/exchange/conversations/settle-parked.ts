import { Readable } from 'node:stream';
import { fileDialect } from '../../partners/index.ts';
import { bodyOf } from '../messages/message.ts';
import type { Message } from '../messages/message.ts';
import { tableOfForwarding, tableOfRemittance } from './list-of-message.ts';
import { recordAudit } from '../../audit/index.ts';
import { MOVE_REASONS, officeDay, referralForExchange, removeQueueItem } from '../../referrals/index.ts';
import { asGateway } from './actors.ts';
import { mayHandOut } from '../delivery/withdraw-message.ts';
import { endAlarms } from '../../../platform/alarms.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { openKeptFile } from '../../../platform/files.ts';
import { emit } from '../../../platform/outbox.ts';
import { park } from './act-on-message.ts';
import { PARKED_ITEM } from './parked-item.ts';
import { sendMessage } from './compose-message.ts';
import type { ListOrder } from '../../../platform/list-order.ts';
import { pageOf } from '../../../platform/list-page.ts';
import type { ListPage, PageAsked } from '../../../platform/list-page.ts';
import { findConversation, lockPartner, selectConversationsByIds } from './conversation.store.ts';
import type { ConversationRow } from './conversation.store.ts';
import { findMessage, readContent, selectMessages } from './message.store.ts';
import type { MessageRow } from './message.store.ts';
import { filedAs } from './read-conversation.ts';
import type { FiledAs } from './read-conversation.ts';
import { tieToReferral } from './tie-incoming.ts';
import { findWork, selectParked, updateWork } from './work.store.ts';
import type { ParkedSort, WorkRow } from './work.store.ts';

const SIZES = { usual: 50, most: 200 };

export interface ParkedMessage extends WorkRow {
  readonly message: MessageRow;
  readonly conversation: ConversationRow | null;
}

export interface ParkedQuery extends PageAsked {
  readonly partnerId?: string | undefined;
  /** One of the kinds of message. */
  readonly kind?: string | undefined;
  readonly order?: ListOrder<ParkedSort> | undefined;
}

/** What waits for a person, the oldest first unless told otherwise. @throws AppError `access.forbidden`. */
export async function listParked(ctx: Ctx, query: ParkedQuery = {}): Promise<ListPage<ParkedMessage>> {
  authorise(ctx, 'messages.settle');
  const filter = { partnerId: query.partnerId ?? null, kind: query.kind ?? null, order: query.order ?? { by: 'since' as const, isDescending: false } };
  return inTransaction(ctx, async (tx) => {
    const { rows, ...page } = await pageOf(query, SIZES, (place) => selectParked(tx, filter, place), ({ messageId }) => messageId);
    const messages = new Map((await selectMessages(tx, rows.map(({ messageId }) => messageId))).map((message) => [message.messageId, message]));
    const told = [...messages.values()].flatMap(({ conversationId }) => conversationId ?? []);
    const conversations = new Map((await selectConversationsByIds(tx, told)).map((conversation) => [conversation.conversationId, conversation]));
    const found = rows.flatMap((work): ParkedMessage[] => {
      const message = messages.get(work.messageId);
      return message === undefined ? [] : [{ ...work, message, conversation: conversations.get(message.conversationId ?? '') ?? null }];
    });
    return { rows: found, ...page };
  });
}

/**
 * What a person decides about a message that waits. `done`: it has been seen to. `refuse`: the sender is told no, with a code. `notRecognised`: the sender is told
 * that we know no such case. `tie`: it is about this request of ours or theirs, and is acted on once more. `again`: what stood in its way is gone.
 */
export type Settlement =
  | { readonly outcome: 'done' | 'again' | 'not_recognised' }
  | { readonly outcome: 'refuse'; readonly reason: string }
  | { readonly outcome: 'tie'; readonly referralId: string };

/** @throws AppError `message.not_found`, `message.not_parked`, `message.reason_unknown`, `message.no_conversation`, `referral.not_found`, and those of `sendMessage`. */
export async function settleParked(ctx: Ctx, messageId: string, settlement: Settlement): Promise<WorkRow> {
  authorise(ctx, 'messages.settle');
  return inTransaction(ctx, async (tx) => {
    const row = await findMessage(tx, messageId);
    if (!row || row.direction !== 'in') throw new AppError('not_found', 'message.not_found');
    await lockPartner(tx, row.partnerId);
    const work = await findWork(tx, messageId, 'lock');
    if (work?.state !== 'parked') throw new AppError('conflict', 'message.not_parked', { params: { state: work?.state ?? row.state } });
    await settle(tx, row, settlement);
    await removeQueueItem(tx, PARKED_ITEM, messageId);
    await endAlarms(tx, { code: 'exchange.fault', subject: messageId, by: tx.actor.id });
    await recordAudit(tx, {
      action: 'message.settled', subject: { type: 'message', id: messageId }, partner: row.partnerId, county: row.county,
      details: { kind: row.kind, outcome: settlement.outcome, reason: settlement.outcome === 'refuse' ? settlement.reason : '' },
    });
    await emit(tx, 'message.settled', { messageId, partnerId: row.partnerId, kind: row.kind, outcome: settlement.outcome });
    const after = await findWork(tx, messageId);
    if (!after) throw new Error('fault: work was settled and is not there');
    return after;
  });
}

async function settle(tx: TxCtx, row: MessageRow, settlement: Settlement): Promise<void> {
  const { messageId } = row;
  switch (settlement.outcome) {
    case 'done': return updateWork(tx, messageId, { state: 'settled', reasons: ['exchange.settled_done'] });
    case 'again': return actAgain(tx, row);
    case 'tie': return tie(tx, row, settlement.referralId);
    case 'not_recognised':
      await reply(tx, row, 'acknowledgment', { status: 'case_not_recognised', receivedOn: officeDay(tx, row.storedAt), ...await numbersOf(tx, row) });
      return updateWork(tx, messageId, { state: 'settled', reasons: ['exchange.settled_not_recognised'] });
    case 'refuse':
      if (!(MOVE_REASONS.refuse ?? []).includes(settlement.reason)) throw new AppError('invalid', 'message.reason_unknown', { params: { reasons: (MOVE_REASONS.refuse ?? []).join(', ') } });
      await reply(tx, row, 'refusal', { of: row.senderMessageId, reason: [{ code: settlement.reason }] });
      return updateWork(tx, messageId, { state: 'settled', reasons: ['exchange.settled_refused'] });
  }
}

async function actAgain(tx: TxCtx, row: MessageRow): Promise<void> {
  await updateWork(tx, row.messageId, { state: 'waiting', reasons: [] });
  await emit(tx, 'message.stored', { messageId: row.messageId, partnerId: row.partnerId, kind: row.kind });
}

async function tie(tx: TxCtx, row: MessageRow, referralId: string): Promise<void> {
  const conversation = row.conversationId === null ? null : await findConversation(tx, row.conversationId);
  if (!conversation) throw new AppError('conflict', 'message.no_conversation');
  const referral = await referralForExchange(tx, row.partnerId, referralId);
  if (!referral) throw new AppError('not_found', 'referral.not_found');
  if (conversation.referralId !== null && conversation.referralId !== referralId) throw new AppError('conflict', 'conversation.tied_elsewhere');
  if (conversation.referralId === null) await tieToReferral(tx, conversation, referral);
  await actAgain(tx, row);
}

/** Which numbers we do not know: as they were stated. */
async function numbersOf(tx: TxCtx, row: MessageRow): Promise<{ notRecognised?: string[] }> {
  const content = await readContent(tx, row.messageId);
  const message = content === null ? null : JSON.parse(content) as { referralId?: string; to?: { fileNumber?: string } };
  const numbers = [message?.to?.fileNumber, message?.referralId].filter((one) => one !== undefined);
  return numbers.length > 0 ? { notRecognised: numbers } : {};
}

async function reply(tx: TxCtx, row: MessageRow, kind: string, body: Readonly<Record<string, unknown>>): Promise<void> {
  const target = row.conversationId === null ? { partnerId: row.partnerId } : { conversationId: row.conversationId };
  await sendMessage(tx, { ...target, kind, body, inReplyTo: row.messageId, cause: `settled:${row.messageId}` });
}

/** What a message says, as it was sent; it is written down who read it, the same person once within an hour. @throws AppError `message.not_found`, `message.withdrawn`, `access.forbidden`. */
export async function readMessageContent(ctx: Ctx, messageId: string): Promise<{ readonly message: MessageRow; readonly content: Readonly<Record<string, unknown>> | null; readonly filed: FiledAs | null }> {
  authorise(ctx, 'messages.view');
  if (ctx.actor.partner !== null) await refuseWithheld(ctx, messageId);
  return inTransaction(ctx, async (tx) => {
    const row = await findMessage(tx, messageId);
    if (!row) throw new AppError('not_found', 'message.not_found');
    const content = await readContent(tx, messageId);
    if (ctx.actor.kind !== 'system') {
      await recordAudit(tx, { action: 'message.viewed', subject: { type: 'message', id: messageId }, partner: row.partnerId, county: row.county, details: { kind: row.kind } }, { isOncePerHour: true });
    }
    return { message: ctx.actor.partner === null ? row : { ...row, storedBy: '', cause: null, fileId: null, county: null }, content: content === null ? null : JSON.parse(content) as Record<string, unknown>, filed: await filedAs(tx, await findWork(tx, messageId)) };
  });
}

/** On our pages a partner's people read what lies ready for them, too. */
async function refuseWithheld(ctx: Ctx, messageId: string): Promise<void> {
  const isSeen = await inTransaction(ctx, async (tx) => (await findMessage(tx, messageId))?.direction === 'out');
  if (isSeen && !(await inTransaction(asGateway(ctx), (tx) => mayHandOut(tx, messageId)))) throw new AppError('forbidden', 'message.withdrawn');
}

export interface ArrivedList {
  readonly partnerId: string;
  readonly fileName: string;
  readonly source: Readable;
}

/**
 * A list of payments that came in, as bytes to be imported: the very bytes of a file, or a message as the table that its partner would have sent.
 *
 * @throws AppError `message.not_found`, `partner.no_such_file`, `access.forbidden`.
 */
export async function openArrivedList(ctx: Ctx, messageId: string): Promise<ArrivedList> {
  authorise(ctx, 'messages.settle');
  const { row, content } = await inTransaction(ctx, async (tx) => ({ row: await findMessage(tx, messageId), content: await readContent(tx, messageId) }));
  if (!row || row.direction !== 'in' || row.fileId === null) throw new AppError('not_found', 'message.not_found');
  if (content === null) return { partnerId: row.partnerId, fileName: messageId, source: openKeptFile(ctx, row.fileId) };
  const message = JSON.parse(content) as Message;
  const [advice, report] = [bodyOf(message, 'remittanceAdvice'), bodyOf(message, 'forwardingReport')];
  const dialect = fileDialect(row.partnerId, advice ? 'remittance' : 'forwarding');
  const text = advice ? tableOfRemittance(advice, dialect) : report ? tableOfForwarding(report, dialect) : '';
  return { partnerId: row.partnerId, fileName: `${messageId}.csv`, source: Readable.from([Buffer.from(text, 'utf8')], { objectMode: false }) };
}

/** A job could not do what a message asks for: it waits for a person. */
export async function parkAgain(ctx: Ctx, messageId: string, reasons: readonly string[]): Promise<void> {
  authorise(ctx, 'messages.settle');
  await inTransaction(ctx, async (tx) => {
    const row = await findMessage(tx, messageId);
    const work = await findWork(tx, messageId, 'lock');
    if (!row || !work || work.state === 'settled') return;
    await updateWork(tx, messageId, { state: 'waiting', reasons: [] });
    await park(tx, row, reasons);
  });
}
