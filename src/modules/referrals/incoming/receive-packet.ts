import { Readable } from 'node:stream';
import { recordAudit } from '../../audit/index.ts';
import { getPartner } from '../../partners/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction, withActor, writingFor } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { keepFile, readKeptFile } from '../../../platform/files.ts';
import type { KeptFile } from '../../../platform/files.ts';
import { newId } from '../../../platform/ids.ts';
import { emit } from '../../../platform/outbox.ts';
import { dueDate } from '../clocks/due-date.ts';
import { officeDay } from '../clocks/office-day.ts';
import { readReference } from '../printing/reference.rules.ts';
import { putQueueItem } from '../queue/queue.store.ts';
import { checkedCover, factsOfCover, INCOMING_BYTES_MAX, INCOMING_ITEM, isEmptyCover, isTooMuchToday, OPEN_STATES, PARTNER_BYTES_A_DAY_MAX, PARTNER_FILES_A_DAY_MAX, shownState } from './incoming.rules.ts';
import type { Cover, IncomingState, ShownState } from './incoming.rules.ts';
import { findSameBytes, findSameNumber, insertIncoming, insertProposal, sentSince } from './incoming.store.ts';
import type { IncomingRow, NewIncoming } from './incoming.store.ts';
import { interpret, inTime } from './interpret.ts';
import type { Interpreted } from './interpret.ts';
import { propose } from './propose.ts';
import type { Proposed } from './propose.ts';
import { withScannedReference } from './scanned-reference.ts';

const DAY_MS = 24 * 60 * 60_000;

export interface PacketReceipt {
  readonly partnerId: string;
  readonly fileName: string;
  readonly source: Readable | Uint8Array;
  /** What is typed with scanned papers. */
  readonly cover?: Cover;
  /** The day on which papers reached the agency, where they are filed later. An officer's come today. */
  readonly receivedOn?: CalendarDate | null;
  /** It came as a message, which has its own row and receipt. */
  readonly isMessage?: boolean;
}

export interface ReceivedPacket {
  readonly incomingId: string;
  readonly receivedAt: Date;
  readonly state: ShownState;
  /** What the bytes themselves say. Nothing here depends on which cases there are. */
  readonly findings: readonly Finding[];
  /** The very same bytes came before: this is the receipt of then. */
  readonly alreadyReceived: boolean;
}

/**
 * Takes what a partner sends. The bytes are kept, encrypted, before anybody looks at them, and filed whatever they are. Whoever sends is
 * told that it was received, and the same whether there is such a case or not.
 *
 * @throws AppError `incoming.not_your_partner`, `incoming.cover_invalid`, `incoming.empty`, `incoming.received_day_invalid`, `incoming.too_much_today`, `file.too_large`,
 *   `partner.unknown`, `access.forbidden`.
 */
export async function receivePacket(ctx: Ctx, receipt: PacketReceipt): Promise<ReceivedPacket> {
  authorise(ctx, 'incoming.send');
  const { actor } = ctx;
  if (actor.partner !== null && actor.partner !== receipt.partnerId) throw new AppError('forbidden', 'incoming.not_your_partner');
  const { partnerId } = getPartner(receipt.partnerId);
  const today = officeDay(ctx);
  const receivedOn = receipt.receivedOn ?? today;
  if (!isCalendarDate(receivedOn) || receivedOn > today || (actor.partner !== null && receivedOn !== today)) throw new AppError('invalid', 'incoming.received_day_invalid');
  const typed = receipt.cover ? checkedCover(receipt.cover, today) : null;
  // A partner's officer writes no row of the agency's: the gateway files for the officer, under the officer's name.
  const filing = withActor(ctx, writingFor(actor));
  if (actor.partner !== null) await refuseTooMuch(filing, partnerId);
  const kept = await keepFile(filing, { fileName: 'incoming', source: Readable.from(notEmpty(receipt.source), { objectMode: false }), bytesMax: INCOMING_BYTES_MAX, partner: partnerId });
  const before = await inTransaction(filing, (tx) => findSameBytes(tx, partnerId, kept.sha256));
  if (before) return receiptOf(before, true);
  const { cover, interpreted } = await oneAtATime(async () => read(ctx, await readKeptFile(filing, kept.fileId), { partnerId, fileName: receipt.fileName, typed, today }));
  const row = newRow(filing, { partnerId, cover, receivedOn, fileName: receipt.fileName }, kept, interpreted);
  const proposed = row.state === 'proposed' ? await propose(ctx, row) : null;
  return inTransaction(filing, (tx) => file(tx, row, proposed, { isPartners: actor.partner !== null, isMessage: receipt.isMessage === true }), { retries: 2 });
}

interface ToRead {
  readonly partnerId: string;
  readonly fileName: string;
  readonly typed: Cover | null;
  readonly today: CalendarDate;
}

/** What the bytes are; where they are scanned papers, with what a reference sheet among them tells. */
async function read(ctx: Ctx, bytes: Buffer, { partnerId, fileName, typed, today }: ToRead): Promise<{ readonly cover: Cover | null; readonly interpreted: Interpreted }> {
  const interpreted = await inTime(interpret(bytes, { partnerId, fileName, config: ctx.config, now: ctx.clock.now() }));
  if (interpreted.kind !== 'scan' || interpreted.outcome === 'refused') return { cover: typed, interpreted };
  const scanned = await withScannedReference(typed, bytes, today);
  return { cover: scanned.cover, interpreted: { ...interpreted, findings: [...interpreted.findings, ...scanned.findings] } };
}

/** An account that was taken over, or a program that went wild, fills no disk. The agency's own people file what comes by mail without a bound. */
async function refuseTooMuch(ctx: Ctx, partnerId: string): Promise<void> {
  const sent = await inTransaction(ctx, (tx) => sentSince(tx, partnerId, new Date(ctx.clock.now().getTime() - DAY_MS)));
  if (!isTooMuchToday(sent)) return;
  throw new AppError('conflict', 'incoming.too_much_today', { params: { files: PARTNER_FILES_A_DAY_MAX, megabytes: PARTNER_BYTES_A_DAY_MAX / 1024 / 1024 } });
}

let last: Promise<unknown> = Promise.resolve();

/** However many send at once, this process holds one file. */
async function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work, work);
  last = mine.catch(() => undefined);
  return mine;
}

/** Of nothing, nothing is kept. */
async function* notEmpty(source: Readable | Uint8Array): AsyncGenerator<Uint8Array> {
  let count = 0;
  for await (const chunk of source instanceof Uint8Array ? [source] : source) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : (chunk as Uint8Array);
    count += bytes.length;
    yield bytes;
  }
  if (count === 0) throw new AppError('invalid', 'incoming.empty');
}

interface Filed {
  readonly partnerId: string;
  readonly cover: Cover | null;
  readonly receivedOn: CalendarDate;
  readonly fileName: string;
}

function newRow(ctx: Ctx, { partnerId, cover, receivedOn, fileName }: Filed, { fileId, sha256, byteCount }: KeptFile, interpreted: Interpreted): NewIncoming {
  const { kind, mediaType, outcome, message, sender, messageSha256, signer } = interpreted;
  const findings = [...interpreted.findings, ...(kind === 'scan' ? coverFindings(cover) : [])];
  const hasCover = outcome !== 'refused' && cover !== null && !isEmptyCover(cover);
  const facts = message?.facts ?? (outcome !== 'refused' && cover !== null ? factsOfCover(cover) : null);
  const isSought = message !== null || hasCover;
  const state: IncomingState = outcome === 'refused' ? 'refused' : isSought ? 'proposed' : 'filed';
  return {
    incomingId: newId('inc', ctx.clock.now().getTime()), partnerId, kind, state, fileId, sha256, byteCount, mediaType, receivedOn, sender,
    senderPacketId: message?.packetId ?? null, senderReferralId: message?.referralId ?? null, messageSha256, findings, duplicateOf: null,
    fileName: fileName.replace(/[\p{Cc}\p{Cf}]/gu, '').slice(0, 300) || 'unnamed', cover, facts,
    signer: signer && { subject: signer.subject, fingerprint: signer.fingerprint, signedAt: signer.signedAt, trust: signer.trust },
  };
}

/** What a cover alone tells: a code that was misread is worth typing again, whatever it belongs to. */
function coverFindings(cover: Cover | null): Finding[] {
  if (cover === null || isEmptyCover(cover)) return [{ code: 'incoming.cover_missing', severity: 'warn', path: '/cover' }];
  return cover.reference ? readReference(cover.reference).findings.map((finding) => ({ ...finding, severity: 'warn', path: '/cover/reference' })) : [];
}

async function file(ctx: TxCtx, row: NewIncoming, proposed: Proposed | null, { isPartners, isMessage }: { readonly isPartners: boolean; readonly isMessage: boolean }): Promise<ReceivedPacket> {
  const judged = await againstEarlier(ctx, row);
  if (!await insertIncoming(ctx, judged)) {
    const first = await findSameBytes(ctx, row.partnerId, row.sha256);
    if (!first) throw new Error('fault: the same bytes were filed and are not there');
    return receiptOf(first, true);
  }
  if (proposed && judged.state === 'proposed') await insertProposal(ctx, row.incomingId, proposed.proposal, proposed.findings);
  const { incomingId, kind, state, sha256, findings } = judged;
  if (OPEN_STATES.includes(state)) {
    await putQueueItem(ctx, {
      kind: INCOMING_ITEM, subjectId: incomingId, county: null, caseId: null, partnerId: row.partnerId, reason: 'registry.intake',
      dueOn: dueDate('registry.intake', row.receivedOn).due, availableOn: row.receivedOn,
    });
  }
  await recordAudit(ctx, {
    action: 'incoming.received', subject: { type: 'incoming', id: incomingId }, partner: row.partnerId,
    details: { kind, state, sha256, findings: findings.map(({ code }) => code).join(' ').slice(0, 1000) },
  });
  await emit(ctx, 'incoming.received', { incomingId, kind, state, isPartners, isMessage });
  return receiptOf({ ...judged, receivedAt: ctx.clock.now() }, false);
}

/** A sender's packet number names one content: the same again is a duplicate, another one under it is refused. */
async function againstEarlier(ctx: TxCtx, row: NewIncoming): Promise<NewIncoming> {
  if (row.state !== 'proposed' || row.senderPacketId === null || row.sender !== 'theirs') return row;
  const earlier = await findSameNumber(ctx, row.partnerId, row.senderPacketId);
  if (!earlier) return row;
  if (earlier.messageSha256 === row.messageSha256) {
    return { ...row, state: 'duplicate', duplicateOf: earlier.incomingId, findings: [...row.findings, { code: 'incoming.same_message', severity: 'info', params: { receipt: earlier.incomingId } }] };
  }
  return { ...row, state: 'refused', findings: [...row.findings, { code: 'incoming.packet_number_reused', severity: 'block', params: { receipt: earlier.incomingId } }] };
}

function receiptOf(row: Pick<IncomingRow, 'incomingId' | 'receivedAt' | 'state' | 'findings'>, alreadyReceived: boolean): ReceivedPacket {
  return { incomingId: row.incomingId, receivedAt: row.receivedAt, state: shownState(row.state), findings: row.findings, alreadyReceived };
}
