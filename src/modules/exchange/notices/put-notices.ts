import { getPartner } from '../../partners/index.ts';
import type { TxCtx } from '../../../platform/context.ts';
import { newId } from '../../../platform/ids.ts';
import { emit } from '../../../platform/outbox.ts';
import { noticesOf } from '../delivery/delivery.rules.ts';
import { insertNotice, lastMailAt } from './notice.store.ts';
import { activeWebhooks } from './webhook.store.ts';

export const AVAILABLE = 'message.available';
const MAIL_PAUSE_MS = 60 * 60_000;
/** A notice that was put has its job at once; `notices.due` looks after it again when this has passed. */
export const LOOKED_AFTER_MS = 20 * 60_000;

interface ToTell {
  readonly messageId: string;
  readonly partnerId: string;
  readonly county: string | null;
}

/**
 * Notes, in the transaction that makes a message available, whom of the partner to tell of it: each of its webhooks, and by mail where its
 * profile names an address, once an hour at most. Both say only that something is there.
 */
export async function putNotices(tx: TxCtx, message: ToTell): Promise<void> {
  const now = tx.clock.now();
  for (const webhookId of await activeWebhooks(tx, message.partnerId)) {
    const noticeId = newId('ntc', now.getTime());
    await insertNotice(tx, { noticeId, partnerId: message.partnerId, county: message.county, kind: 'webhook', event: AVAILABLE, messageId: message.messageId, webhookId, notBefore: new Date(now.getTime() + LOOKED_AFTER_MS) });
    await emit(tx, 'notice.put', { noticeId });
  }
  if (!noticesOf(getPartner(message.partnerId).channels.value).some(({ kind }) => kind === 'email')) return;
  const last = await lastMailAt(tx, message.partnerId);
  const notBefore = last === null ? now : new Date(Math.max(now.getTime(), last.getTime() + MAIL_PAUSE_MS));
  await insertNotice(tx, { noticeId: newId('ntc', now.getTime()), partnerId: message.partnerId, county: null, kind: 'email', event: AVAILABLE, messageId: null, webhookId: null, notBefore });
}
