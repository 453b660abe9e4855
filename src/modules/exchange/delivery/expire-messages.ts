import { getPartner } from '../../partners/index.ts';
import { officeDay } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { offerFrom } from './deliver-message.ts';
import { stepsOf } from './delivery.rules.ts';
import { findDelivery, lockOutgoing, overdueMessages } from './delivery.store.ts';
import { expireMessage } from './end-delivery.ts';

const BATCH = 200;

export interface Expiry {
  /** Offered by another channel, or given to a person to send. */
  readonly passedOn: number;
  readonly expired: number;
}

/** Looks after messages that nobody fetched in time: the next channel of the profile, and after the last one they expire. Runs as often as one likes. */
export async function expireMessages(ctx: Ctx): Promise<Expiry> {
  authorise(ctx, 'exchange.manage');
  const today = officeDay(ctx);
  const count = { passedOn: 0, expired: 0 };
  for (let after = ''; ;) {
    const found = await inTransaction(ctx, (tx) => overdueMessages(tx, today, after, BATCH));
    for (const messageId of found) count[await passOn(ctx, messageId)]++;
    if (found.length < BATCH) return count;
    after = found.at(-1) ?? '';
  }
}

async function passOn(ctx: Ctx, messageId: string): Promise<keyof Expiry> {
  const now = await inTransaction(ctx, async (tx) => ({ message: await lockOutgoing(tx, messageId), delivery: await findDelivery(tx, messageId) }));
  const { message, delivery } = now;
  if (!message || !delivery) throw new Error('fault: an overdue message is not there');
  const next = delivery.step + 1;
  const isLast = next >= stepsOf(getPartner(message.partnerId).channels.value).length;
  if (!isLast && await offerFrom(ctx, message, next)) return 'passedOn';
  await inTransaction(ctx, (tx) => expireMessage(tx, messageId));
  return 'expired';
}
