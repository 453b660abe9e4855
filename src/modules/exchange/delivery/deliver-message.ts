import { recordAudit } from '../../audit/index.ts';
import { getPartner } from '../../partners/index.ts';
import { isOfficeOpen, officeDay, putQueueItem } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import { recordReceipt } from '../evidence/record-receipt.ts';
import { putNotices } from '../notices/put-notices.ts';
import { afterOpenDays, stepsOf, TRIES_MAX } from './delivery.rules.ts';
import type { Step } from './delivery.rules.ts';
import { findDelivery, insertAttempt, lockOutgoing, putDelivery, setMessage } from './delivery.store.ts';
import type { DeliveryRow, OutgoingRow } from './delivery.store.ts';
import { encryptFile } from './encrypt-file.ts';
import { COURIER_ITEM, failDelivery, firstChannel } from './end-delivery.ts';
import { mayHandOut } from './withdraw-message.ts';

const CALENDAR = 'us-ca';
const COURIER_TASK_DAYS = 3;

/** What leaves only encrypted and cannot be encrypted waits for a person, whatever other ways there are: none of them is to carry it plain. */
const NOT_ENCRYPTED: readonly string[] = ['delivery.certificate_missing', 'delivery.certificate_not_valid', 'delivery.certificate_unsuitable', 'delivery.too_large_to_encrypt'];

/**
 * Offers a message of ours by the first channel of the partner's profile that can carry it. A message that is on its way, was fetched or is
 * no longer wanted stays as it is, however often this runs and in however many processes.
 *
 * @throws what may pass by itself: the job runs again. After the last time, and for what would be refused again, the message is failed.
 */
export async function deliverMessage(ctx: Ctx, messageId: string): Promise<void> {
  authorise(ctx, 'exchange.manage');
  const waiting = await inTransaction(ctx, async (tx) => {
    const message = await lockOutgoing(tx, messageId);
    if (message?.state !== 'queued') return null;
    const delivery = await findDelivery(tx, messageId);
    return delivery?.waitUntil ? null : { message, delivery };
  });
  if (!waiting) return;
  try {
    const isOffered = await offerFrom(ctx, waiting.message, waiting.delivery?.step ?? 0);
    if (!isOffered) await inTransaction(ctx, (tx) => failDelivery(tx, messageId, 'delivery.no_channel'));
  } catch (error) {
    await afterFault(ctx, messageId, error);
  }
}

/** Offers by this step of the profile, unless a person has to decide first. Returns false where none is left. */
export async function offerFrom(ctx: Ctx, message: OutgoingRow, first: number): Promise<boolean> {
  const steps = stepsOf(getPartner(message.partnerId).channels.value);
  for (const [index, step] of steps.entries()) {
    if (index < first) continue;
    const encryptedFileId = await encryptedFor(ctx, message, step);
    if (encryptedFileId instanceof AppError) {
      await inTransaction(ctx, async (tx) => {
        await lockOutgoing(tx, message.messageId);
        await failDelivery(tx, message.messageId, encryptedFileId.code);
      });
      return true;
    }
    await inTransaction(ctx, (tx) => offer(tx, message.messageId, index, step, encryptedFileId));
    return true;
  }
  return false;
}

async function encryptedFor(ctx: Ctx, message: OutgoingRow, step: Step): Promise<string | null | AppError> {
  if (!step.encrypt || message.fileId === null || step.channel === 'courier') return null;
  const before = await inTransaction(ctx, (tx) => findDelivery(tx, message.messageId));
  if (before?.encryptedFileId) return before.encryptedFileId;
  try {
    return await encryptFile(ctx, message.partnerId, message.fileId);
  } catch (error) {
    if (error instanceof AppError && NOT_ENCRYPTED.includes(error.code)) return error;
    throw error;
  }
}

async function offer(tx: TxCtx, messageId: string, index: number, step: Step, encryptedFileId: string | null): Promise<void> {
  const message = await lockOutgoing(tx, messageId);
  const before = await findDelivery(tx, messageId);
  // Somebody was quicker, or the partner fetched it meanwhile.
  if (!message || !['queued', 'delivered'].includes(message.state) || (before?.waitUntil && before.step >= index)) return;
  if (!(await mayHandOut(tx, messageId))) return void await failDelivery(tx, messageId, 'agreement.none_allows');
  const today = officeDay(tx);
  const waitUntil = afterOpenDays(today, step.waitDays, (date) => isOfficeOpen(CALENDAR, date));
  const row: DeliveryRow = { step: index, channel: step.channel, waitUntil, failures: 0, encryptedFileId: encryptedFileId ?? before?.encryptedFileId ?? null };
  await putDelivery(tx, message, row);
  if (step.channel === 'courier') await askForCourier(tx, message, today, waitUntil);
  else await makeAvailable(tx, message, step, waitUntil);
}

async function makeAvailable(tx: TxCtx, message: OutgoingRow, step: Step, waitUntil: CalendarDate): Promise<void> {
  await setMessage(tx, message.messageId, { state: 'delivered', channel: step.channel, expiresOn: waitUntil });
  await insertAttempt(tx, message, { channel: step.channel, code: 'delivery.offered' });
  const receipt = await recordReceipt(tx, { messageId: message.messageId, stage: 'delivered', channel: step.channel });
  await putNotices(tx, message);
  await recordAudit(tx, {
    action: 'message.delivered', subject: { type: 'message', id: message.messageId }, partner: message.partnerId, county: message.county,
    details: { kind: message.kind, channel: step.channel, receiptId: receipt.receiptId },
  });
  await emit(tx, 'message.delivered', { messageId: message.messageId, partnerId: message.partnerId, channel: step.channel });
}

/** Paper is carried by people: one of them gets it to do. */
async function askForCourier(tx: TxCtx, message: OutgoingRow, today: CalendarDate, waitUntil: CalendarDate): Promise<void> {
  await setMessage(tx, message.messageId, { state: message.state, channel: 'courier', expiresOn: waitUntil });
  await insertAttempt(tx, message, { channel: 'courier', code: 'delivery.courier_asked' });
  await putQueueItem(tx, {
    kind: COURIER_ITEM, subjectId: message.messageId, county: message.county, caseId: null, partnerId: message.partnerId, reason: 'delivery.courier',
    dueOn: afterOpenDays(today, COURIER_TASK_DAYS, (date) => isOfficeOpen(CALENDAR, date)), availableOn: today,
  });
  await emit(tx, 'message.courier_asked', { messageId: message.messageId, partnerId: message.partnerId });
}

function mayPass(error: unknown): boolean {
  return !(error instanceof AppError) || error.kind === 'partner_unavailable' || error.code === 'database.busy' || error.code === 'database.unavailable';
}

/** Counts the fault where the database still answers, and says whether it is worth another time. */
async function afterFault(ctx: Ctx, messageId: string, error: unknown): Promise<void> {
  const isLast = await inTransaction(ctx, async (tx) => {
    const message = await lockOutgoing(tx, messageId);
    if (message?.state !== 'queued') return true;
    const before = await findDelivery(tx, messageId);
    const failures = (before?.failures ?? 0) + 1;
    const code = error instanceof AppError ? error.code : 'delivery.fault';
    const channel = before?.channel ?? firstChannel(message.partnerId);
    await putDelivery(tx, message, { step: before?.step ?? 0, channel, waitUntil: null, failures, encryptedFileId: before?.encryptedFileId ?? null });
    if (mayPass(error) && failures < TRIES_MAX) {
      await insertAttempt(tx, message, { channel, code });
      return false;
    }
    await failDelivery(tx, messageId, code);
    return true;
  });
  if (!isLast) throw error;
  ctx.log.error({ messageId, err: error }, 'delivery.failed');
}
