import { officeDay } from '../../referrals/index.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { lockPartner } from './conversation.store.ts';
import { ARRIVAL_BYTES_MAX, BYTES_A_DAY_MAX, LARGE_AT_ONCE_MAX, LARGE_BYTES, MESSAGES_A_DAY_MAX } from './judge.rules.ts';
import { volumeOf } from './message.store.ts';
import { deleteReservation, insertReservation, selectReserved } from './room.store.ts';

/** Longer than any upload may take. What a process that died has reserved is free again after it. */
const RESERVED_MS = 30 * 60_000;

/** An account that was taken over, or a program that went wild, fills no disk. What the agency's own people file is not bounded. @throws AppError `exchange.too_much_today`. */
export async function refuseTooMuch(tx: TxCtx, partnerId: string, more = 0): Promise<{ readonly large: number }> {
  const day = officeDay(tx);
  const [sent, reserved] = [await volumeOf(tx, partnerId, day), await selectReserved(tx, partnerId, day, LARGE_BYTES)];
  const bytes = sent.bytes + reserved.bytes;
  if (sent.messages < MESSAGES_A_DAY_MAX && bytes < BYTES_A_DAY_MAX && bytes + more <= BYTES_A_DAY_MAX) return reserved;
  throw new AppError('conflict', 'exchange.too_much_today', { params: { messages: MESSAGES_A_DAY_MAX, megabytes: BYTES_A_DAY_MAX / 1024 / 1024 } });
}

/**
 * Keeps room in the partner's day while something comes in, so that many at once cannot pass the bound together. The partner is locked only to reserve: nothing is
 * held while a slow sender is listened to. An upload that ends badly gives its room back; a good one is counted before it does.
 *
 * @throws AppError `exchange.too_much_today`, `exchange.too_many_at_once`, before anything was read.
 */
export async function withRoom<T>(ctx: Ctx, partnerId: string, announced: number | null, work: () => Promise<T>): Promise<T> {
  const bytes = Math.min(Math.max(announced ?? ARRIVAL_BYTES_MAX, 1), ARRIVAL_BYTES_MAX);
  const reservationId = newId('rsv', ctx.clock.now().getTime());
  await inTransaction(ctx, async (tx) => {
    await lockPartner(tx, partnerId);
    const { large } = await refuseTooMuch(tx, partnerId, bytes);
    if (bytes >= LARGE_BYTES && large >= LARGE_AT_ONCE_MAX) throw new AppError('partner_unavailable', 'exchange.too_many_at_once', { params: { max: LARGE_AT_ONCE_MAX } });
    await insertReservation(tx, { reservationId, partnerId, day: officeDay(tx), bytes, endsAt: new Date(tx.clock.now().getTime() + RESERVED_MS) });
  });
  try {
    return await work();
  } finally {
    // Where even this cannot be done the room is free again by itself, and what is thrown stays what went wrong.
    await inTransaction(ctx, (tx) => deleteReservation(tx, reservationId)).catch((err: unknown) => ctx.log.warn({ err }, 'room for an upload was not given back'));
  }
}
