import { getPartner } from '../../partners/index.ts';
import { officeDay } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { offerFrom } from './deliver-message.ts';
import { stepsOf } from './delivery.rules.ts';
import { findDelivery, lockOutgoing, overdueMessages } from './delivery.store.ts';
import type { OutgoingRow } from './delivery.store.ts';
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
    for (const messageId of found) {
      const outcome = await passOn(ctx, messageId, today);
      if (outcome !== null) count[outcome]++;
    }
    if (found.length < BATCH) return count;
    after = found.at(-1) ?? '';
  }
}

/** Looks again once the message is this process's own: another may have passed it on, or a person sent it anew. */
async function passOn(ctx: Ctx, messageId: string, today: CalendarDate): Promise<keyof Expiry | null> {
  const next = await inTransaction(ctx, async (tx) => {
    const overdue = await overdueStep(tx, messageId, today);
    if (overdue === null || overdue.step + 1 < stepsOf(getPartner(overdue.message.partnerId).channels.value).length) return overdue;
    await expireMessage(tx, messageId);
    return 'expired';
  });
  if (next === null || next === 'expired') return next;
  if (await offerFrom(ctx, next.message, next.step + 1)) return 'passedOn';
  return inTransaction(ctx, async (tx) => {
    if (await overdueStep(tx, messageId, today) === null) return null;
    await expireMessage(tx, messageId);
    return 'expired';
  });
}

async function overdueStep(tx: TxCtx, messageId: string, today: CalendarDate): Promise<{ readonly message: OutgoingRow; readonly step: number } | null> {
  const message = await lockOutgoing(tx, messageId);
  const delivery = await findDelivery(tx, messageId);
  return message && delivery?.waitUntil && delivery.waitUntil < today && ['queued', 'delivered'].includes(message.state) ? { message, step: delivery.step } : null;
}
