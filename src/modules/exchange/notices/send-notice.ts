import { officeDay } from '../../referrals/index.ts';
import { raiseAlarm } from '../../../platform/alarms.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import { throughCircuit } from '../delivery/circuit.ts';
import { TRIES_MAX } from '../delivery/delivery.rules.ts';
import { insertAttempt, lockOutgoing } from '../delivery/delivery.store.ts';
import { disableWebhook } from './manage-webhooks.ts';
import { dueNotices, findNotice, setNotice } from './notice.store.ts';
import type { NoticeRow } from './notice.store.ts';
import { LOOKED_AFTER_MS } from './put-notices.ts';
import { sendMail } from './send-mail.ts';
import { sendWebhook } from './send-webhook.ts';
import type { Told } from './told.types.ts';

const BATCH = 100;

/**
 * Tells a partner what one notice is about. One that was sent, failed or is not due yet stays as it is.
 *
 * @throws AppError `notice.not_sent` or `delivery.circuit_open` (partner_unavailable): the job runs again, later and later.
 */
export async function sendNotice(ctx: Ctx, noticeId: string): Promise<void> {
  authorise(ctx, 'exchange.manage');
  const notice = await inTransaction(ctx, (tx) => findNotice(tx, noticeId));
  if (notice?.state !== 'waiting') return;
  const told = await throughCircuit(ctx, { partnerId: notice.partnerId, channel: notice.kind }, () => (notice.kind === 'webhook' ? sendWebhook(ctx, notice) : sendMail(ctx, notice)));
  const state = await inTransaction(ctx, (tx) => record(tx, noticeId, told));
  // Whoever asks to wait is looked after by `notices.due` when the time has come.
  if (state === 'waiting' && !told.retryAfterS) throw new AppError('partner_unavailable', 'notice.not_sent', { params: { reason: told.code } });
}

async function record(tx: TxCtx, noticeId: string, told: Told): Promise<NoticeRow['state']> {
  const notice = await findNotice(tx, noticeId, 'lock');
  if (notice?.state !== 'waiting') return 'sent';
  const attempts = notice.attempts + 1;
  const isOver = told.outcome === 'never' || (told.outcome === 'again' && attempts >= TRIES_MAX);
  const state = told.outcome === 'sent' ? 'sent' : told.outcome === 'gone' ? 'dropped' : isOver ? 'failed' : 'waiting';
  const waitMs = told.retryAfterS ? told.retryAfterS * 1_000 : LOOKED_AFTER_MS;
  await setNotice(tx, noticeId, { state, attempts, code: told.code, notBefore: new Date(tx.clock.now().getTime() + waitMs) });
  if (notice.messageId !== null) {
    const message = await lockOutgoing(tx, notice.messageId);
    if (message) await insertAttempt(tx, message, { channel: notice.kind, code: told.code });
  }
  if (told.outcome === 'gone' && notice.webhookId !== null) await disableWebhook(tx, notice.webhookId, told.code);
  if (state === 'failed' || told.outcome === 'gone') {
    await raiseAlarm(tx, { code: 'exchange.notice_failed', subject: notice.webhookId ?? notice.partnerId, aboutOn: officeDay(tx), partnerId: notice.partnerId, params: { partner: notice.partnerId, reason: told.code } });
  }
  return state;
}

/** Wakes the jobs of notices whose time has come: mails, and whatever waited because its partner did not answer. */
export async function wakeNotices(ctx: Ctx): Promise<number> {
  authorise(ctx, 'exchange.manage');
  return inTransaction(ctx, async (tx) => {
    const due = await dueNotices(tx, new Date(ctx.clock.now().getTime() + LOOKED_AFTER_MS), BATCH);
    for (const noticeId of due) await emit(tx, 'notice.put', { noticeId });
    return due.length;
  });
}
