import type { Readable } from 'node:stream';
import { recordAudit } from '../../audit/index.ts';
import { getPartner } from '../../partners/index.ts';
import { officeDay, putQueueItem } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { keepFile } from '../../../platform/files.ts';
import type { KeptFile } from '../../../platform/files.ts';
import { newId } from '../../../platform/ids.ts';
import { emit } from '../../../platform/outbox.ts';
import { recordReceipt } from '../evidence/record-receipt.ts';
import { receiptsOfMessage, findReceipt } from '../evidence/receipt.store.ts';
import { senderIdOf } from '../messages/message.ts';
import type { Message } from '../messages/message.ts';
import { asGateway } from './actors.ts';
import { findConversation, lockPartner, touchConversation, updateFileNumbers } from './conversation.store.ts';
import { gathered } from './gather.ts';
import { ARRIVAL_BYTES_MAX, isBlocked, judgePartner } from './judge.rules.ts';
import { addVolume, findBySenderId, findBySerial, findSameBytes, findSameContent, insertMessage, tieReplies } from './message.store.ts';
import type { Channel, MessageRow } from './message.store.ts';
import { PARKED_ITEM } from './parked-item.ts';
import { readArrival } from './read-arrival.ts';
import type { Arrival, KeptArrival } from './read-arrival.ts';
import { conversationOfReceipt, resolveConversation } from './resolve-conversation.ts';
import { refuseTooMuch, withRoom } from './room.ts';
import { inTurn } from './turns.ts';
import type { Resolved } from './resolve-conversation.ts';
import { awaiting, insertWork, updateWork } from './work.store.ts';

export interface MessageReceipt {
  readonly partnerId: string;
  readonly channel: Channel;
  readonly source: Readable | Uint8Array;
  /** How long it is, where that is known before it is read. */
  readonly byteCount?: number | null;
  readonly fileName?: string;
  readonly mediaType?: string;
  /** Written on a page of ours: its serial number is none of the partner's own, and is held against none of them. */
  readonly isFromPage?: boolean;
  /** The day on which papers reached the agency, where they are filed later. Whatever a partner sends itself comes today. */
  readonly receivedOn?: CalendarDate | null;
}

export interface ReceivedMessage {
  readonly messageId: string;
  readonly kind: string;
  readonly state: 'stored' | 'refused';
  readonly receiptId: string;
  /** Signed, and to be verified by anybody. */
  readonly receipt: Uint8Array;
  /** What the bytes themselves say, and why it was refused. */
  readonly findings: readonly Finding[];
  readonly alreadyReceived: boolean;
  /** By the id that both sides use. */
  readonly conversation: string | null;
}

/**
 * The one door for everything that comes in, by whatever channel. The bytes are kept, encrypted, before anybody looks at them; the message is judged by what it
 * says and by what came before; its row and a signed receipt are one transaction. What is then done about it is the work of a job. The same content gives the
 * receipt that it was given first, whatever its form and however often and at once it comes.
 *
 * @throws AppError `exchange.not_your_partner`, `exchange.empty`, `exchange.received_day_invalid`, `exchange.too_much_today`, `exchange.too_many_at_once`, `file.too_large`, `partner.unknown`, `access.forbidden`, `database.busy`, `exchange.busy`.
 */
export async function receiveMessage(ctx: Ctx, given: MessageReceipt): Promise<ReceivedMessage> {
  authorise(ctx, 'messages.receive');
  const { partnerId } = getPartner(given.partnerId);
  if (ctx.actor.partner !== null && ctx.actor.partner !== partnerId) throw new AppError('forbidden', 'exchange.not_your_partner');
  checkDay(ctx, given.receivedOn ?? null);
  const filing = asGateway(ctx);
  const { source, sha256 } = await gathered(given.source);
  const arriving = { partnerId, sha256, isPartners: ctx.actor.partner !== null };
  if (sha256 !== null) return inTurn(() => take(filing, given, source, arriving));
  // Whoever sends something large slowly holds nobody else up: only what is here takes a turn.
  const keepAndJudge = async (): Promise<ReceivedMessage> => {
    const kept = await keepArrival(filing, source, partnerId);
    return inTurn(() => judge(filing, given, kept, arriving));
  };
  return arriving.isPartners ? withRoom(filing, partnerId, given.byteCount ?? null, keepAndJudge) : keepAndJudge();
}

const keepArrival = async (filing: Ctx, source: Readable | Uint8Array, partnerId: string): Promise<KeptArrival> => ({
  ...await keepFile(filing, { fileName: 'message', source, bytesMax: ARRIVAL_BYTES_MAX, partner: partnerId }), bytes: source instanceof Uint8Array ? source : null,
});

interface Arriving {
  readonly partnerId: string;
  readonly sha256: string | null;
  readonly isPartners: boolean;
}

async function take(filing: Ctx, given: MessageReceipt, source: Readable | Uint8Array, arriving: Arriving): Promise<ReceivedMessage> {
  const { partnerId, sha256, isPartners } = arriving;
  const before = sha256 === null ? null : await inTransaction(filing, async (tx) => {
    const same = await sameBytes(tx, partnerId, sha256);
    if (same === null && isPartners) await refuseTooMuch(tx, partnerId);
    return same;
  });
  if (before) return before;
  return judge(filing, given, await keepArrival(filing, source, partnerId), arriving);
}

async function judge(filing: Ctx, given: MessageReceipt, kept: KeptArrival, { partnerId }: Arriving): Promise<ReceivedMessage> {
  const again = kept.alreadyKept ? await inTransaction(filing, (tx) => sameBytes(tx, partnerId, kept.sha256)) : null;
  if (again) return again;
  const arrival = await readArrival(filing, kept, partnerId, given.mediaType);
  return persistently(() => inTransaction(filing, (tx) => file(tx, partnerId, given, kept, arrival), { retries: 3 }));
}

function checkDay(ctx: Ctx, receivedOn: CalendarDate | null): void {
  const today = officeDay(ctx);
  if (receivedOn === null) return;
  if (!isCalendarDate(receivedOn) || receivedOn > today || (ctx.actor.partner !== null && receivedOn !== today)) throw new AppError('invalid', 'exchange.received_day_invalid');
}

const BUSY_ATTEMPTS_MAX = 4;

/** Many at once wait for each other; whoever has waited too long waits once more, as nothing has been written. */
async function persistently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'database.busy' || attempt >= BUSY_ATTEMPTS_MAX) throw error;
    }
  }
}

async function sameBytes(tx: TxCtx, partnerId: string, sha256: string): Promise<ReceivedMessage | null> {
  const same = await findSameBytes(tx, partnerId, sha256);
  return same && answerOf(tx, same, true);
}

/** What was answered first, to the byte. */
async function answerOf(tx: TxCtx, row: Pick<MessageRow, 'messageId' | 'kind' | 'state' | 'findings' | 'conversationId'>, alreadyReceived: boolean): Promise<ReceivedMessage> {
  const [first] = await receiptsOfMessage(tx, row.messageId);
  const receipt = first ? await findReceipt(tx, first.receiptId) : null;
  if (!receipt) throw new Error('fault: a message was kept without its receipt');
  const conversation = row.conversationId === null ? null : (await findConversation(tx, row.conversationId))?.wireId ?? null;
  return {
    messageId: row.messageId, kind: row.kind, state: row.state === 'refused' ? 'refused' : 'stored', receiptId: receipt.receiptId, receipt: receipt.signed, findings: row.findings,
    alreadyReceived, conversation,
  };
}

async function file(tx: TxCtx, partnerId: string, given: MessageReceipt, kept: KeptFile, arrival: Arrival): Promise<ReceivedMessage> {
  await lockPartner(tx, partnerId);
  const same = await findSameContent(tx, partnerId, arrival.contentSha256);
  if (same) return answerOf(tx, same, true);
  const today = officeDay(tx);
  const findings = [...arrival.findings, ...judgePartner({ today, validUntil: getPartner(partnerId).validUntil ?? null })];
  if (!isBlocked(findings)) findings.push(...await againstEarlier(tx, partnerId, arrival, given));
  const resolved = isBlocked(findings) ? null : await resolvedOf(tx, partnerId, arrival);
  if (resolved?.finding) findings.push(resolved.finding);
  const row = rowOf(tx, { partnerId, given, kept, arrival, findings, resolved });
  await insertMessage(tx, row);
  await addVolume(tx, partnerId, today, kept.byteCount);
  if (row.state === 'stored') await follow(tx, row, arrival, resolved);
  const reasons = findings.filter(({ severity }) => severity === 'block').map(({ code }) => code);
  await recordReceipt(tx, { messageId: row.messageId, stage: row.state === 'stored' ? 'submitted' : 'refused', reasons });
  await recordAudit(tx, {
    action: 'message.received', subject: { type: 'message', id: row.messageId }, partner: partnerId, county: row.county,
    details: { kind: row.kind, state: row.state, channel: row.channel, findings: findings.map(({ code }) => code).join(' ').slice(0, 1000) },
  });
  return answerOf(tx, row, false);
}

async function resolvedOf(tx: TxCtx, partnerId: string, { message, statement }: Arrival): Promise<Resolved | null> {
  return message ? resolveConversation(tx, partnerId, message) : statement && conversationOfReceipt(tx, partnerId, statement);
}

/** A sender's id and a sender's serial each name one content, for ever. */
async function againstEarlier(tx: TxCtx, partnerId: string, { message }: Arrival, { isFromPage = false }: MessageReceipt): Promise<Finding[]> {
  if (message === null) return [];
  const id = senderIdOf(message);
  if (id !== null && await findBySenderId(tx, partnerId, id)) return [{ code: 'message.id_reused', severity: 'block', path: message.messageId === undefined ? '/packetId' : '/messageId' }];
  if (!isFromPage && message.serial !== undefined && await findBySerial(tx, partnerId, message.serial)) return [{ code: 'message.serial_reused', severity: 'block', path: '/serial' }];
  return [];
}

interface Filing {
  readonly partnerId: string;
  readonly given: MessageReceipt;
  readonly kept: KeptFile;
  readonly arrival: Arrival;
  readonly findings: readonly Finding[];
  readonly resolved: Resolved | null;
}

function rowOf(tx: TxCtx, { partnerId, given, kept, arrival, findings, resolved }: Filing) {
  const { message } = arrival;
  const found = resolved?.finding === null ? resolved : null;
  const senderId = message ? senderIdOf(message) : null;
  return {
    messageId: newId('msg', tx.clock.now().getTime()), conversationId: found?.conversation.conversationId ?? null, partnerId, county: found?.conversation.county ?? null, direction: 'in' as const,
    senderMessageId: senderId !== null && /^[A-Za-z0-9._-]{1,64}$/.test(senderId) ? senderId : arrival.contentSha256, serial: given.isFromPage ? null : message?.serial ?? null, kind: arrival.kind, code: arrival.code,
    inReplyTo: found?.answered?.messageId ?? null, replyTo: message?.inReplyTo ?? null, hop: message?.via?.at(-1)?.hop ?? null, cause: null,
    state: isBlocked(findings) ? 'refused' as const : 'stored' as const, channel: given.channel, contentSha256: arrival.contentSha256, content: arrival.content, fileId: kept.fileId,
    byteCount: kept.byteCount, findings, statedAt: message?.sentAt === undefined ? null : new Date(message.sentAt), expiresOn: null,
  };
}

/** What a message that was taken brings with it: work, the other side's number, and whoever has waited for it. */
async function follow(tx: TxCtx, row: ReturnType<typeof rowOf>, { message }: Arrival, resolved: Resolved | null): Promise<void> {
  const found = resolved?.finding === null ? resolved : null;
  const awaits = found?.isAnswerAwaited ? message?.inReplyTo ?? null : null;
  await insertWork(tx, { messageId: row.messageId, county: row.county, state: awaits === null ? 'waiting' : 'parked', reasons: awaits === null ? [] : ['exchange.answers_unknown'], awaits });
  if (awaits !== null) {
    const today = officeDay(tx);
    await putQueueItem(tx, { kind: PARKED_ITEM, subjectId: row.messageId, county: row.county, caseId: null, partnerId: row.partnerId, reason: 'exchange.answers_unknown', dueOn: today, availableOn: today });
  }
  if (found) {
    await touchConversation(tx, found.conversation.conversationId);
    await updateFileNumbers(tx, found.conversation.conversationId, { theirs: ownNumberOf(row.partnerId, message) });
  }
  await emit(tx, 'message.stored', { messageId: row.messageId, partnerId: row.partnerId, kind: row.kind });
  await tieReplies(tx, row);
  for (const messageId of await awaiting(tx, row.partnerId, row.senderMessageId)) {
    await updateWork(tx, messageId, { state: 'waiting', reasons: [] });
    await emit(tx, 'message.stored', { messageId, partnerId: row.partnerId, kind: row.kind });
  }
}

/** The number of the partner itself, also where it hands over what another office of its chain says. */
function ownNumberOf(partnerId: string, message: Message | null): string | null {
  if (message === null) return null;
  return (message.from.partnerId === partnerId ? message.from.fileNumber : message.via?.find((relay) => relay.partnerId === partnerId)?.fileNumber) ?? null;
}
