import { isAllowed } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { officeDay } from '../../cases/index.ts';
import { authoriseSuspense, ensureClaim } from './access.ts';
import { findClaim, releaseClaim, setHold } from './claim.store.ts';
import { assertItem } from './item.store.ts';
import { keepNote } from './notes.ts';
import { checkReason } from './suspense.rules.ts';

/**
 * Takes an item, so that nobody else works on it until it is decided, given back or the lease is over; what the holder does renews it.
 *
 * @throws AppError not_found `suspense.item_unknown`; conflict `suspense.taken_by_other`.
 */
export async function takeItem(ctx: Ctx, itemKey: string): Promise<{ itemKey: string; until: Date }> {
  authoriseSuspense(ctx, 'suspense.decide');
  return inTransaction(ctx, async (tx) => {
    await assertItem(tx, itemKey);
    const until = await ensureClaim(tx, itemKey);
    await recordAudit(tx, { action: 'suspense.taken', subject: { type: 'suspense_item', id: itemKey }, details: {} });
    return { itemKey, until };
  });
}

/** Gives an item back: whoever holds it; a supervisor for anybody. @throws AppError forbidden `suspense.not_yours`. */
export async function giveItemBack(ctx: Ctx, itemKey: string): Promise<void> {
  authoriseSuspense(ctx, 'suspense.decide');
  await inTransaction(ctx, async (tx) => {
    const claim = await findClaim(tx, itemKey);
    if (claim === null || claim.claimedBy === null) return;
    const isOver = claim.claimedUntil !== null && claim.claimedUntil <= tx.clock.now();
    if (claim.claimedBy !== tx.actor.id && !isOver && !isAllowed(tx, 'queue.reassign')) throw new AppError('forbidden', 'suspense.not_yours');
    await releaseClaim(tx, itemKey);
    await recordAudit(tx, { action: 'suspense.released', subject: { type: 'suspense_item', id: itemKey }, details: { heldBy: claim.claimedBy } });
  });
}

const HOLD_DAYS_MAX_YEARS = 2;

/**
 * Puts an item aside until a day on which it comes back to the queue; without a day it comes back now.
 *
 * @throws AppError `suspense.hold_date`.
 */
export async function holdItem(ctx: Ctx, asked: { itemKey: string; until: string | null; reason: string; note?: string }): Promise<void> {
  authoriseSuspense(ctx, 'suspense.decide');
  const { itemKey, until, reason } = asked;
  if (until !== null) {
    checkReason('hold', reason, asked.note ?? '');
    const today = officeDay(ctx.clock);
    const last = `${Number(today.slice(0, 4)) + HOLD_DAYS_MAX_YEARS}${today.slice(4)}`;
    if (!isCalendarDate(until) || until <= today || until > last) throw new AppError('invalid', 'suspense.hold_date', { params: { field: 'until' } });
  }
  await inTransaction(ctx, async (tx) => {
    await assertItem(tx, itemKey);
    await ensureClaim(tx, itemKey);
    await setHold(tx, itemKey, until === null ? null : { until, reason });
    if ((asked.note ?? '').trim() !== '') await keepNote(tx, itemKey, asked.note ?? '', null);
    await releaseClaim(tx, itemKey);
    await recordAudit(tx, { action: 'suspense.held', subject: { type: 'suspense_item', id: itemKey }, details: { until: until ?? '', reason: until === null ? '' : reason } });
  });
}
