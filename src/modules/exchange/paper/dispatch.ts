import { recordAudit } from '../../audit/index.ts';
import { calendarOf, officeDay, removeQueueItem } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { instantAt } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { keepFile } from '../../../platform/files.ts';
import { emit } from '../../../platform/outbox.ts';
import { COURIER_ITEM, endDelivery } from '../delivery/end-delivery.ts';
import { insertAttempt, lockOutgoing, setMessage } from '../delivery/delivery.store.ts';
import type { OutgoingRow } from '../delivery/delivery.store.ts';
import { recordReceipt } from '../evidence/record-receipt.ts';
import { dispatchFindings, isDay, trackingNumberOf } from './dispatch.rules.ts';
import type { Dispatch } from './dispatch.rules.ts';
import { dispatchesOf, insertDispatch, setReturned } from './paper.store.ts';
import type { DispatchRow } from './paper.store.ts';

const SCAN_BYTES_MAX = 50 * 1024 * 1024;
const CALENDAR = 'us-ca';
const SENT_STATES = ['queued', 'delivered', 'expired', 'failed', 'retrieved'];

/**
 * Records that papers of a message went by courier, under its number: the receipt `submitted` proves it. The same number again changes nothing.
 *
 * @throws AppError `paper.dispatch_invalid` (with findings), `message.not_found`, `paper.not_to_be_sent`, `access.forbidden`.
 */
export async function recordDispatch(ctx: Ctx, messageId: string, given: Dispatch): Promise<{ readonly position: number; readonly receiptId: string }> {
  authorise(ctx, 'exchange.manage');
  const dispatch = { ...given, courier: given.courier.trim(), trackingNumber: trackingNumberOf(given.trackingNumber) };
  const findings = dispatchFindings(dispatch, officeDay(ctx));
  if (findings.length > 0) throw new AppError('invalid', 'paper.dispatch_invalid', { findings });
  return inTransaction(ctx, async (tx) => {
    const message = await lockSent(tx, messageId);
    const before = await dispatchesOf(tx, messageId);
    const same = before.find((one) => one.trackingNumber === dispatch.trackingNumber && one.courier === dispatch.courier);
    const position = same?.position ?? before.length + 1;
    const receipt = await recordReceipt(tx, { messageId, stage: 'submitted', channel: 'courier', at: atNoon(tx, dispatch.dispatchedOn), reasons: [`courier ${dispatch.courier} ${dispatch.trackingNumber}`] });
    if (same) return { position, receiptId: receipt.receiptId };
    await insertDispatch(tx, message, { messageId, position, ...dispatch, dispatchedBy: ctx.actor.id, returnedOn: null, returnFileId: null });
    await insertAttempt(tx, message, { channel: 'courier', code: 'delivery.dispatched' });
    await removeQueueItem(tx, COURIER_ITEM, messageId);
    await recordAudit(tx, {
      action: 'message.dispatched', subject: { type: 'message', id: messageId }, partner: message.partnerId, county: message.county,
      details: { courier: dispatch.courier, trackingNumber: dispatch.trackingNumber, dispatchedOn: dispatch.dispatchedOn },
    });
    await emit(tx, 'message.dispatched', { messageId, partnerId: message.partnerId });
    return { position, receiptId: receipt.receiptId };
  });
}

/**
 * Records that the return receipt of papers came back, with its scan where there is one: the partner has them.
 *
 * @throws AppError `paper.day_invalid`, `paper.not_dispatched`, `message.not_found`, `file.too_large`, `access.forbidden`.
 */
export async function recordReturn(ctx: Ctx, messageId: string, given: { readonly returnedOn: CalendarDate; readonly scan?: Uint8Array; readonly trackingNumber?: string }): Promise<{ readonly receiptId: string }> {
  authorise(ctx, 'exchange.manage');
  if (!isDay(given.returnedOn, officeDay(ctx))) throw new AppError('invalid', 'paper.day_invalid');
  const scan = given.scan;
  return inTransaction(ctx, async (tx) => {
    const message = await lockSent(tx, messageId);
    const dispatches = await dispatchesOf(tx, messageId);
    const number = given.trackingNumber === undefined ? null : trackingNumberOf(given.trackingNumber);
    const dispatch = dispatches.filter((one) => number === null || one.trackingNumber === number).at(-1);
    if (!dispatch || dispatch.dispatchedOn > given.returnedOn) throw new AppError('conflict', 'paper.not_dispatched');
    const kept = scan === undefined ? null : await keepFile(tx, { fileName: 'return-receipt', source: scan, bytesMax: SCAN_BYTES_MAX });
    await setReturned(tx, { messageId, position: dispatch.position, returnedOn: given.returnedOn, returnFileId: kept?.fileId ?? dispatch.returnFileId });
    const at = atNoon(tx, given.returnedOn);
    await recordReceipt(tx, { messageId, stage: 'delivered', channel: 'courier', at, reasons: ['courier.return_receipt'] });
    const receipt = await recordReceipt(tx, { messageId, stage: 'retrieved', channel: 'courier', at, reasons: ['courier.return_receipt'] });
    if (message.state !== 'retrieved') await setMessage(tx, messageId, { state: 'retrieved', channel: 'courier' });
    await endDelivery(tx, messageId);
    await insertAttempt(tx, message, { channel: 'courier', code: 'delivery.returned' });
    await recordAudit(tx, { action: 'message.returned', subject: { type: 'message', id: messageId }, partner: message.partnerId, county: message.county, details: { position: dispatch.position, returnedOn: given.returnedOn } });
    await emit(tx, 'message.retrieved', { messageId, partnerId: message.partnerId, channel: 'courier' });
    return { receiptId: receipt.receiptId };
  });
}

/** What went by courier, for a message. */
export async function listDispatches(ctx: Ctx, messageId: string): Promise<DispatchRow[]> {
  authorise(ctx, 'exchange.view');
  return inTransaction(ctx, (tx) => dispatchesOf(tx, messageId));
}

async function lockSent(tx: TxCtx, messageId: string): Promise<OutgoingRow> {
  const message = await lockOutgoing(tx, messageId);
  if (!message) throw new AppError('not_found', 'message.not_found');
  if (!SENT_STATES.includes(message.state)) throw new AppError('conflict', 'paper.not_to_be_sent', { params: { state: message.state } });
  return message;
}

/** A day, as an instant that is not after now. */
function atNoon(tx: TxCtx, day: CalendarDate): Date {
  const noon = instantAt(day, '12:00', calendarOf(CALENDAR).zone);
  const now = tx.clock.now();
  return noon < now ? noon : now;
}
