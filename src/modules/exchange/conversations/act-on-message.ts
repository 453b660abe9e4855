import type { Readable } from 'node:stream';
import { recordAudit } from '../../audit/index.ts';
import { learnTheirNumber, LIFECYCLE, moveReferral, officeDay, putQueueItem, receivePacket, referralForExchange, removeQueueItem, SHARED_STATES } from '../../referrals/index.ts';
import type { ExchangedReferral, MoveGiven } from '../../referrals/index.ts';
import { requireAgreement } from '../../partners/index.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { raiseAlarm } from '../../../platform/alarms.ts';
import { authorise } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { openKeptFile, readKeptFile } from '../../../platform/files.ts';
import { emit } from '../../../platform/outbox.ts';
import { tieByRequestId } from '../documents/document-requests.ts';
import { keepPartnerReceipt } from '../evidence/keep-partner-receipt.ts';
import { messageToXml } from '../messages/message-xml.ts';
import { proposedMove } from '../messages/referral-move.ts';
import { receiptAgrees } from '../messages/receipt-agrees.rules.ts';
import { bodyOf, isMessageKind } from '../messages/message.ts';
import type { Message } from '../messages/message.ts';
import { actingFor } from './actors.ts';
import { findConversation } from './conversation.store.ts';
import type { ConversationRow } from './conversation.store.ts';
import { isDeterministicFault } from './deterministic-fault.rules.ts';
import { PARKED_ITEM } from './parked-item.ts';
import { recordHops } from './record-hops.ts';
import { tellRefused } from './tell-refused.ts';
import { findMessage, readContent } from './message.store.ts';
import type { MessageRow } from './message.store.ts';
import { findWork, parkedFor, updateWork, waitingBefore } from './work.store.ts';

/** Refusals that may pass when something else has come. */
const MAY_PASS = ['referral.move_refused', 'referral.move_not_now'];

/**
 * Does what a message that came in asks for: a move of the referral that it is about, a packet filed, an inquiry or a list handed on. What cannot be done by itself
 * is parked with its reason, for a person. Earlier messages of the same conversation come first, whichever of the jobs runs first. Acting twice changes nothing.
 */
export async function actOnMessage(ctx: Ctx, messageId: string): Promise<'acted' | 'parked'> {
  authorise(ctx, 'messages.settle');
  const row = await inTransaction(ctx, (tx) => findMessage(tx, messageId));
  if (!row || row.direction !== 'in' || row.state !== 'stored') throw new AppError('not_found', 'message.not_found');
  const { conversationId } = row;
  if (conversationId !== null) for (const earlier of await inTransaction(ctx, (tx) => waitingBefore(tx, conversationId, messageId))) await tryEarlier(ctx, earlier);
  return actOnOne(ctx, messageId);
}

/** An earlier message that cannot be acted on now has a job of its own, which tries again: what comes after it is not held up. */
async function tryEarlier(ctx: Ctx, messageId: string): Promise<void> {
  try {
    await actOnOne(ctx, messageId);
  } catch (error) {
    ctx.log.warn({ messageId, err: error }, 'exchange.earlier_not_acted');
  }
}

/** The job of a message that came in has been given up: what still waits goes to a person. */
export async function parkGivenUp(ctx: Ctx, messageId: string): Promise<void> {
  authorise(ctx, 'messages.settle');
  const row = await inTransaction(ctx, (tx) => findMessage(tx, messageId));
  if (row?.direction === 'in' && row.state === 'stored') await parkFaulty(actingFor(ctx, row.storedBy), row);
}

/** A fault of ours, not of the sender's: somebody acts on the message by hand, and somebody mends the fault. */
async function parkFaulty(acting: Ctx, row: MessageRow): Promise<'acted' | 'parked'> {
  return inTransaction(acting, async (tx) => {
    const over = await openWork(tx, row.messageId);
    if (over) return over;
    await raiseAlarm(tx, { code: 'exchange.fault', subject: row.messageId, aboutOn: officeDay(tx), partnerId: row.partnerId, params: { partner: row.partnerId } });
    return park(tx, row, ['exchange.fault']);
  });
}

async function actOnOne(ctx: Ctx, messageId: string): Promise<'acted' | 'parked'> {
  const row = await inTransaction(ctx, (tx) => findMessage(tx, messageId));
  if (!row) throw new Error('fault: a message with work is not there');
  const acting = actingFor(ctx, row.storedBy);
  try {
    if (!isMessageKind(row.kind) || row.kind === 'referral') return await fileArrival(acting, row);
    return await inTransaction(acting, (tx) => act(tx, row), { retries: 3 });
  } catch (error) {
    if (isDeterministicFault(error)) {
      ctx.log.error({ messageId, err: error }, 'exchange.fault');
      return parkFaulty(acting, row);
    }
    if (!(error instanceof AppError) || ['partner_unavailable'].includes(error.kind) || error.code === 'database.busy') throw error;
    return inTransaction(acting, (tx) => park(tx, row, [error.code]));
  }
}

/** What is yet to be done, or null where that is over. The row stays locked until the transaction ends. */
async function openWork(tx: TxCtx, messageId: string): Promise<'acted' | 'parked' | null> {
  const work = await findWork(tx, messageId, 'lock');
  if (!work) throw new Error('fault: a message that came in has no work');
  if (work.state === 'waiting') return null;
  return work.state === 'parked' ? 'parked' : 'acted';
}

async function act(tx: TxCtx, row: MessageRow): Promise<'acted' | 'parked'> {
  const over = await openWork(tx, row.messageId);
  if (over) return over;
  const content = await readContent(tx, row.messageId);
  const conversation = row.conversationId === null ? null : await findConversation(tx, row.conversationId);
  if (content === null || conversation === null) return park(tx, row, ['exchange.nothing_to_read']);
  const message = JSON.parse(content) as Message;
  const referral = conversation.referralId === null ? null : await referralForExchange(tx, row.partnerId, conversation.referralId);
  await recordHops(tx, conversation, row, message);
  const event = HANDED_ON[row.kind];
  if (event !== undefined) return handOn(tx, row, event);
  if (row.kind === 'receiptConfirmation') return confirmReceipt(tx, row, message);
  if (referral === null) return park(tx, row, ['exchange.case_not_recognised']);
  await requireAgreement(tx, { partnerId: row.partnerId, county: referral.county, services: referral.services, on: officeDay(tx) });
  if (message.from.partnerId === row.partnerId && message.from.fileNumber !== undefined) await learnTheirNumber(tx, referral, message.from.fileNumber);
  return actOnReferral(tx, row, message, conversation, referral);
}

/** What other rooms and modules do something about: they hear of it, and this is done. */
const HANDED_ON: Readonly<Record<string, string>> = {
  inquiry: 'inquiry.arrived', application: 'application.arrived', remittanceAdvice: 'payments.arrived', forwardingReport: 'payments.arrived',
  caseloadReconciliation: 'caseload.arrived',
};

async function handOn(tx: TxCtx, row: MessageRow, event: string): Promise<'acted'> {
  await emit(tx, event, { messageId: row.messageId, partnerId: row.partnerId, kind: row.kind });
  return done(tx, row, [event]);
}

/** Where all that our advice told has come there is nothing to do. What the partner says it was sent is not believed: our own message tells that. */
async function confirmReceipt(tx: TxCtx, row: MessageRow, message: Message): Promise<'acted' | 'parked'> {
  const receipt = bodyOf(message, 'receiptConfirmation');
  const sent = row.inReplyTo === null ? null : await findMessage(tx, row.inReplyTo);
  const content = sent?.direction === 'out' && sent.partnerId === row.partnerId ? await readContent(tx, sent.messageId) : null;
  const advice = content === null ? null : bodyOf(JSON.parse(content) as Message, 'remittanceAdvice');
  return receipt && advice && receiptAgrees(receipt, advice) ? done(tx, row, ['exchange.received_in_full']) : park(tx, row, ['exchange.task_compare_receipt']);
}

async function actOnReferral(tx: TxCtx, row: MessageRow, message: Message, conversation: ConversationRow, referral: ExchangedReferral): Promise<'acted' | 'parked'> {
  const inReplyTo = await tieByRequestId(tx, row, message);
  const answered = inReplyTo === null ? null : await findMessage(tx, inReplyTo);
  const answers = answered && isMessageKind(answered.kind) ? answered.kind : impliedAnswer(row, referral);
  const proposed = proposedMove(message, { direction: referral.direction, by: 'partner', status: referral.status, answers });
  if (proposed === null) return done(tx, row, []);
  if ('task' in proposed) return park(tx, row, [`exchange.task_${proposed.task}`]);
  refuseNotTheirs(referral, proposed.move);
  await moved(tx, row, referral, proposed.move, { reason: proposed.reason, hop: proposed.hop });
  for (const messageId of await parkedFor(tx, conversation.conversationId, MAY_PASS)) {
    await updateWork(tx, messageId, { state: 'waiting', reasons: [] });
    await emit(tx, 'message.stored', { messageId, partnerId: row.partnerId, kind: row.kind });
  }
  return done(tx, row, [`exchange.moved_${proposed.move}`]);
}

/** An acknowledgment or a refusal that names no message of ours answers the request itself. */
function impliedAnswer(row: MessageRow, { direction }: ExchangedReferral): 'referral' | null {
  return direction === 'outgoing' && ['acknowledgment', 'refusal'].includes(row.kind) ? 'referral' : null;
}

/** The gateway makes the move, but only one that the partner's people could make themselves. */
function refuseNotTheirs(referral: ExchangedReferral, move: string): void {
  if (!SHARED_STATES.includes(referral.status)) throw new AppError('conflict', 'referral.move_not_now');
  const row = LIFECYCLE.find((one) => one.direction === referral.direction && one.move === move && one.from.includes(referral.status));
  if (!row) throw new AppError('conflict', 'referral.move_refused', { params: { status: referral.status, move } });
  if (!row.who.includes('partner_officer')) throw new AppError('forbidden', 'referral.move_not_yours', { params: { move } });
}

/** The day of the move is the day on which the message came, whenever the job runs, unless something of a later day is on record. */
async function moved(tx: TxCtx, row: MessageRow, referral: ExchangedReferral, move: string, given: MoveGiven): Promise<void> {
  const on = officeDay(tx, row.storedAt);
  try {
    await moveReferral(tx, referral.referralId, move, { ...given, on, saidBy: row.messageId });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'referral.move_day_too_early') throw error;
    await moveReferral(tx, referral.referralId, move, { ...given, saidBy: row.messageId });
  }
}

async function done(tx: TxCtx, row: MessageRow, reasons: readonly string[]): Promise<'acted'> {
  await updateWork(tx, row.messageId, { state: 'acted', reasons });
  await removeQueueItem(tx, PARKED_ITEM, row.messageId);
  await recordAudit(tx, {
    action: 'message.acted', subject: { type: 'message', id: row.messageId }, partner: row.partnerId, county: row.county, details: { kind: row.kind, done: reasons.join(' ') },
  });
  await emit(tx, 'message.acted', { messageId: row.messageId, partnerId: row.partnerId, kind: row.kind });
  return 'acted';
}

/** Nothing is lost: it waits for a person, with the reason. */
export async function park(tx: TxCtx, row: MessageRow, reasons: readonly string[]): Promise<'acted' | 'parked'> {
  const over = await openWork(tx, row.messageId);
  if (over) return over;
  const referralId = row.conversationId === null ? null : (await findConversation(tx, row.conversationId))?.referralId ?? null;
  const referral = referralId === null ? null : await referralForExchange(tx, row.partnerId, referralId);
  await updateWork(tx, row.messageId, { state: 'parked', reasons });
  const today = officeDay(tx, row.storedAt);
  await putQueueItem(tx, {
    kind: PARKED_ITEM, subjectId: row.messageId, county: row.county, caseId: referral?.caseId ?? null, partnerId: row.partnerId, reason: reasons[0] ?? 'exchange.parked', dueOn: today, availableOn: today,
  });
  await recordAudit(tx, {
    action: 'message.parked', subject: { type: 'message', id: row.messageId }, partner: row.partnerId, county: row.county, details: { kind: row.kind, reasons: reasons.join(' ') },
  });
  await emit(tx, 'message.parked', { messageId: row.messageId, partnerId: row.partnerId, kind: row.kind });
  return 'parked';
}

/** A request that came as a message is filed in its XML form, whichever it came in: both are one. */
async function sourceOf(acting: Ctx, row: MessageRow): Promise<Readable | Uint8Array> {
  const content = await inTransaction(acting, (tx) => readContent(tx, row.messageId));
  return content === null ? openKeptFile(acting, row.fileId ?? '') : messageToXml(JSON.parse(content) as Message);
}

/** Packets, papers and requests as messages go where a person ties them to a case; lists go to those who book them; receipts to the evidence. */
async function fileArrival(acting: Ctx, row: MessageRow): Promise<'acted' | 'parked'> {
  if (row.kind === 'list') return inTransaction(acting, async (tx) => await openWork(tx, row.messageId) ?? handOn(tx, row, 'payments.arrived'));
  const over = await inTransaction(acting, (tx) => openWork(tx, row.messageId));
  if (over) return over;
  if (row.kind === 'receipt') {
    const { standing } = await keepPartnerReceipt(acting, { partnerId: row.partnerId, bytes: await readKeptFile(acting, row.fileId ?? '') });
    return inTransaction(acting, async (tx) => await openWork(tx, row.messageId) ?? done(tx, row, [`exchange.receipt_${standing}`]));
  }
  const { incomingId, state, findings } = await receivePacket(acting, {
    partnerId: row.partnerId, fileName: row.messageId, source: await sourceOf(acting, row), receivedOn: officeDay(acting, row.storedAt), isMessage: true,
  });
  return inTransaction(acting, async (tx) => {
    const again = await openWork(tx, row.messageId);
    if (again) return again;
    await updateWork(tx, row.messageId, { state: 'waiting', reasons: [], incomingId });
    if (state !== 'refused') return done(tx, row, ['exchange.filed']);
    await tellRefused(tx, row, incomingId, findings);
    return done(tx, row, ['exchange.filed_refused']);
  });
}
