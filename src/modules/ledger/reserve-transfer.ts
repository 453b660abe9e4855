import { authorise } from '../../platform/authorise.ts';
import type { TxCtx } from '../../platform/context.ts';
import type { CalendarDate } from '../../platform/dates.ts';
import { reserve, resolve, selectExpired } from './pending.store.ts';
import { assertBalanced } from './posting.rules.ts';
import type { Leg, Transfer } from './posting.rules.ts';

const EXPIRED_AT_ONCE_MAX = 1_000;

/** A transfer of two phases, which moves nothing yet. Keys of what is reserved are apart from keys of what is posted. */
export interface Reservation extends Omit<Transfer, 'reversesKey'> {
  /** The last day on which it may be posted; without, it waits for whoever ends it. */
  readonly expiresOn?: CalendarDate;
}

export interface PostReserved {
  readonly reservedKey: string;
  /** Names the transfer that is posted. */
  readonly transferKey: string;
  readonly event: string;
  readonly occurredOn: CalendarDate;
  /** The agency's day on which this is done: after the last day nothing is posted, whatever the date of the event. */
  readonly today: CalendarDate;
  /** What is posted where it is less than was reserved, account by account; the rest is released. Without, all of it. */
  readonly legs?: readonly Leg[];
}

/**
 * Reserves the amounts of a transfer: balances show them as pending, beside what is posted.
 *
 * @returns whether it was reserved now (false: the same was there already, whatever became of it).
 * @throws AppError as `commitPostingBatch`.
 */
export async function reserveTransfer(ctx: TxCtx, reservation: Reservation): Promise<{ isNew: boolean }> {
  authorise(ctx, 'ledger.post');
  assertBalanced(reservation);
  const { transferKey, event, occurredOn, expiresOn, legs } = reservation;
  return { isNew: await reserve(ctx, { pendingKey: transferKey, event, occurredOn, expiresOn: expiresOn ?? null, legs }) };
}

/**
 * Posts what was reserved, all or less of it, and releases the rest. It ends once: the same again is known and moves nothing.
 *
 * @throws AppError not_found `ledger.pending_unknown`; conflict `ledger.pending_resolved`, `ledger.pending_expired`, `ledger.key_reused`;
 *   invalid `ledger.beyond_reserved`.
 */
export async function postReserved(ctx: TxCtx, posting: PostReserved): Promise<{ isNew: boolean }> {
  authorise(ctx, 'ledger.post');
  const { reservedKey, transferKey, event, occurredOn, today, legs } = posting;
  if (legs !== undefined) assertBalanced({ transferKey, event, occurredOn, legs });
  return { isNew: await resolve(ctx, { pendingKey: reservedKey, outcome: 'posted', resolutionKey: transferKey, event, occurredOn, today, ...(legs === undefined ? {} : { legs }) }) };
}

/** Releases what was reserved without posting anything. @throws AppError as `postReserved`. */
export async function voidReserved(ctx: TxCtx, reservedKey: string, occurredOn: CalendarDate): Promise<{ isNew: boolean }> {
  authorise(ctx, 'ledger.post');
  return { isNew: await resolve(ctx, { pendingKey: reservedKey, outcome: 'voided', resolutionKey: `${reservedKey}:voided`, event: 'reservation.voided', occurredOn, today: occurredOn }) };
}

/** Releases whatever was reserved until before this day: once a day, 1,000 at a time. @returns how many. */
export async function releaseExpired(ctx: TxCtx, today: CalendarDate): Promise<number> {
  authorise(ctx, 'ledger.post');
  const keys = await selectExpired(ctx, today, EXPIRED_AT_ONCE_MAX);
  for (const pendingKey of keys) await resolve(ctx, { pendingKey, outcome: 'expired', resolutionKey: `${pendingKey}:expired`, event: 'reservation.expired', occurredOn: today, today });
  return keys.length;
}
