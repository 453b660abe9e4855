import { recordAudit } from '../../audit/index.ts';
import { findPartner } from '../../partners/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import { officeDay } from '../clocks/office-day.ts';
import { checkedHop, checkedItems, checkedReason, hasNeed, isMove, lifecycleRow, mayMove } from './lifecycle.rules.ts';
import { SHARED_STATES } from './lifecycle-table.rules.ts';
import type { LifecycleRow, ReferralMove, ReferralStatus } from './lifecycle-table.rules.ts';
import { insertAwaited, lastHappenedOn } from './move.store.ts';
import { withReferralToMove } from './on-behalf.ts';
import { recordMove, refuseWhileAwaited } from './record-move.ts';
import { suggestedItems } from './suggested-items.ts';
import { findReferral, updateStatus } from './referral.store.ts';
import type { ReferralRow } from './referral.store.ts';

export interface MoveGiven {
  readonly reason?: string | null;
  /** To whom it was passed on: a code of the table, or a partner's id. */
  readonly hop?: string | null;
  /** The day on which it happened; today where it is not given. A partner's officer tells only of today. */
  readonly on?: CalendarDate | null;
  readonly promisedOn?: CalendarDate | null;
  /** What is awaited from outside; where it is not given, what the partner's profile asks for and has not come yet. */
  readonly items?: readonly string[];
  /** The referral that takes the place of this one. */
  readonly replacement?: string | null;
  /** The message that says it, in either direction: then none need be made of the move. */
  readonly saidBy?: string | null;
}

export interface MovedReferral {
  readonly referralId: string;
  readonly move: ReferralMove;
  readonly from: ReferralStatus;
  readonly status: ReferralStatus;
}

/**
 * Makes one move in the life of a referral, as the table has it: the state, the history, the clocks, the queue, the audit
 * record and the event are one transaction. Sealing, sending, opening and receiving have use cases of their own.
 *
 * @throws AppError `referral.move_unknown`, `referral.move_refused`, `referral.move_not_yours`, `referral.move_elsewhere`, and what the row needs:
 *   `referral.reason_needed`, `referral.hop_needed`, `referral.items_needed`, `referral.promise_needed`, `referral.replacement_needed`, `referral.awaited_open`.
 */
export async function moveReferral(ctx: Ctx, referralId: string, move: string, given: MoveGiven = {}): Promise<MovedReferral> {
  authorise(ctx, 'referrals.move');
  if (!isMove(move)) throw new AppError('invalid', 'referral.move_unknown', { params: { move: move.slice(0, 40) } });
  return withReferralToMove(ctx, referralId, async (tx, referral) => {
    const row = checkedRow(ctx, referral, move);
    const reason = checkedReason(row, given.reason ?? null);
    const hop = checkedHop(row, given.hop ?? null, (partnerId) => findPartner(partnerId) !== null && partnerId !== referral.partnerId);
    const on = await checkedDay(tx, referralId, given.on ?? null, ctx.actor.partner !== null);
    const promisedOn = checkedPromise(row, given.promisedOn ?? null, on);
    await refuseWhileAwaited(tx, referralId, row);
    if (hasNeed(row, 'items')) await insertAwaited(tx, referral, checkedItems(given.items ?? await suggestedItems(tx, referral)), on);
    const replacement = hasNeed(row, 'replacement') ? await checkedReplacement(tx, referral, given.replacement ?? null) : null;
    const status = await recordMove(tx, referral, { row, reason, hop, promisedOn, on });
    await updateStatus(tx, referralId, status, replacement);
    await recordAudit(tx, {
      action: 'referral.moved', subject: { type: 'referral', id: referralId }, partner: referral.partnerId, county: referral.county,
      details: { move, from: referral.status, to: status, reason: reason ?? '', hop: hop ?? '', on },
    });
    await emit(tx, 'referral.moved', {
      referralId, move, from: referral.status, to: status, reason, hop, on, promisedOn, saidBy: given.saidBy ?? null, isPartners: ctx.actor.partner !== null,
    });
    return { referralId, move, from: referral.status, status };
  });
}

function checkedRow(ctx: Ctx, referral: ReferralRow, move: ReferralMove): LifecycleRow {
  // An officer is not told what the agency is doing with a packet that was sent and is being corrected.
  if (ctx.actor.partner !== null && !SHARED_STATES.includes(referral.status)) throw new AppError('conflict', 'referral.move_not_now');
  const row = lifecycleRow(referral.status, move, referral.direction);
  if (!mayMove(row, ctx.actor)) throw new AppError('forbidden', 'referral.move_not_yours', { params: { move } });
  if (row.through) throw new AppError('invalid', 'referral.move_elsewhere', { params: { move } });
  return row;
}

async function checkedDay(ctx: TxCtx, referralId: string, given: CalendarDate | null, isOfficer: boolean): Promise<CalendarDate> {
  const today = officeDay(ctx);
  const on = given ?? today;
  const last = await lastHappenedOn(ctx, referralId);
  if (!isCalendarDate(on) || on > today || (isOfficer && on !== today)) throw new AppError('invalid', 'referral.move_day_invalid');
  if (last !== null && on < last) throw new AppError('invalid', 'referral.move_day_too_early', { params: { last } });
  return on;
}

function checkedPromise(row: LifecycleRow, promisedOn: CalendarDate | null, on: CalendarDate): CalendarDate | null {
  if (!hasNeed(row, 'promised')) return null;
  if (promisedOn === null || !isCalendarDate(promisedOn) || promisedOn < on) throw new AppError('invalid', 'referral.promise_needed');
  return promisedOn;
}

async function checkedReplacement(ctx: TxCtx, referral: ReferralRow, replacement: string | null): Promise<string> {
  if (replacement === null) throw new AppError('invalid', 'referral.replacement_needed');
  const other = replacement === referral.referralId ? null : await findReferral(ctx, replacement);
  const fits = other !== null && other.caseId === referral.caseId && other.direction === referral.direction && other.status !== 'superseded';
  if (!fits) throw new AppError('invalid', 'referral.replacement_unfit');
  return replacement;
}
