import { AppError } from '../../../platform/errors.ts';
import { AWAITED_ITEMS, HOPS, LIFECYCLE, MOVE_REASONS, REFERRAL_MOVES } from './lifecycle-table.rules.ts';
import type { AwaitedItem, Direction, LifecycleRow, Mover, Need, ReferralMove, ReferralStatus } from './lifecycle-table.rules.ts';

/** A person or the gateway itself, as the table asks for them. */
export interface MoverOf {
  readonly kind: 'user' | 'client' | 'system';
  readonly roles: readonly string[];
  readonly partner: string | null;
}

export function isMove(text: string): text is ReferralMove {
  return REFERRAL_MOVES.some((move) => move === text);
}

/** The row of a move from a state. @throws AppError `referral.move_refused`. */
export function lifecycleRow(status: ReferralStatus, move: ReferralMove, direction: Direction): LifecycleRow {
  const row = LIFECYCLE.find((each) => each.direction === direction && each.move === move && each.from.includes(status));
  if (!row) throw new AppError('conflict', 'referral.move_refused', { params: { status, move } });
  return row;
}

/** The row with which referrals of a direction begin. */
export function firstRow(direction: Direction): LifecycleRow {
  const row = LIFECYCLE.find((each) => each.direction === direction && each.from.length === 0);
  if (!row) throw new Error(`fault: no referral begins as ${direction}`);
  return row;
}

/** The state after a move. @throws AppError `referral.move_refused`. */
export function stateAfter(status: ReferralStatus, move: ReferralMove, direction: Direction = 'outgoing'): ReferralStatus {
  return lifecycleRow(status, move, direction).to ?? status;
}

/** The moves that the state allows, for pages that offer them; with somebody's name, only those that this one may make. */
export function movesFrom(status: ReferralStatus, direction: Direction = 'outgoing', mover?: MoverOf): ReferralMove[] {
  return LIFECYCLE.filter((row) => row.direction === direction && row.from.includes(status) && (!mover || mayMove(row, mover))).map((row) => row.move);
}

/** Whether one of the mover's roles is in the row. An officer counts as an officer alone, whatever else an account may say. */
export function mayMove(row: LifecycleRow, mover: MoverOf): boolean {
  const named: readonly string[] = row.who;
  if (mover.partner !== null) return mover.roles.includes('partner_officer') && named.includes('partner_officer');
  if (mover.kind === 'system' && named.includes('system')) return true;
  return mover.roles.some((role) => role !== 'partner_officer' && role !== 'system' && named.includes(role as Mover));
}

export function hasNeed(row: LifecycleRow, need: Need): boolean {
  return row.needs.includes(need);
}

/** @throws AppError `referral.reason_needed`, `referral.reason_unknown`. */
export function checkedReason(row: LifecycleRow, reason: string | null): string | null {
  if (!hasNeed(row, 'reason')) return null;
  const known = MOVE_REASONS[row.move] ?? [];
  if (reason === null) throw new AppError('invalid', 'referral.reason_needed', { params: { reasons: known.join(', ') } });
  if (!known.includes(reason)) throw new AppError('invalid', 'referral.reason_unknown', { params: { reason: reason.slice(0, 40), reasons: known.join(', ') } });
  return reason;
}

/** @throws AppError `referral.hop_needed`, `referral.hop_unknown`. */
export function checkedHop(row: LifecycleRow, hop: string | null, isPartner: (partnerId: string) => boolean): string | null {
  if (!hasNeed(row, 'hop')) return null;
  if (hop === null) throw new AppError('invalid', 'referral.hop_needed', { params: { hops: HOPS.join(', ') } });
  if (!HOPS.some((known) => known === hop) && !isPartner(hop)) throw new AppError('invalid', 'referral.hop_unknown', { params: { hop: hop.slice(0, 40), hops: HOPS.join(', ') } });
  return hop;
}

/** The items without repeats. @throws AppError `referral.items_needed`, `referral.item_unknown`. */
export function checkedItems(items: readonly string[]): AwaitedItem[] {
  if (items.length === 0) throw new AppError('invalid', 'referral.items_needed', { params: { items: AWAITED_ITEMS.join(', ') } });
  return [...new Set(items)].map((given) => {
    const item = AWAITED_ITEMS.find((known) => known === given);
    if (!item) throw new AppError('invalid', 'referral.item_unknown', { params: { item: given.slice(0, 40), items: AWAITED_ITEMS.join(', ') } });
    return item;
  });
}
