import { findPartner } from '../../partners/index.ts';
import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { applyClockEffects } from '../clocks/apply-clock-effects.ts';
import { getClock } from '../clocks/due-date.ts';
import { officeDay } from '../clocks/office-day.ts';
import { syncReferralItem } from '../queue/sync-referral-item.ts';
import type { ClockCondition, LifecycleRow, ReferralStatus } from './lifecycle-table.rules.ts';
import { hasNeed } from './lifecycle.rules.ts';
import { insertMove, selectAwaited } from './move.store.ts';
import type { ReferralRow } from './referral.store.ts';
import { formSetFor } from '../documents/form-library.ts';
import { asksForMoney } from './service.rules.ts';

/** A move as it is made: the row of the table, and what was given for it. */
export interface MadeMove {
  readonly row: LifecycleRow;
  readonly packetId?: string | null;
  readonly reason?: string | null;
  readonly hop?: string | null;
  readonly promisedOn?: CalendarDate | null;
  /** The day on which it happened; today where it is not given. */
  readonly on?: CalendarDate;
  /** Clocks that count from another day than that. */
  readonly startsOn?: Readonly<Record<string, CalendarDate>>;
}

type MovedReferral = Pick<ReferralRow, 'referralId' | 'county' | 'partnerId' | 'caseId' | 'services' | 'direction'> & { readonly status: ReferralStatus | null };

/**
 * What every move brings: its line in the history, its clocks, and the place in the queue. The referral's own row is the
 * caller's, who holds its lock.
 * @returns the state after it.
 */
export async function recordMove(ctx: TxCtx, referral: MovedReferral, made: MadeMove): Promise<ReferralStatus> {
  const { row } = made;
  const to = row.to ?? referral.status;
  if (to === null) throw new Error(`fault: the move ${row.move} leads nowhere`);
  const on = made.on ?? officeDay(ctx);
  await insertMove(ctx, referral, referral.status, to, made.packetId ?? null, {
    move: row.move, reason: made.reason ?? null, hop: made.hop ?? null, happenedOn: on,
  });
  await applyClockEffects(ctx, referral, row.clocks, {
    move: row.move, on, promisedOn: made.promisedOn ?? null, startsOn: made.startsOn ?? {}, holds: (condition, clock) => holds(condition, clock, referral, made),
  });
  await syncReferralItem(ctx, referral);
  return to;
}

function holds(condition: ClockCondition, clock: string, referral: MovedReferral, made: MadeMove): boolean {
  const partner = findPartner(referral.partnerId);
  switch (condition) {
    case 'receipt_counts': return partner?.referralClock.value.stopsOnReceipt ?? false;
    case 'hop_counts': return hopStops(referral.partnerId, made.hop ?? '', clock);
    case 'is_target': return partner?.targetClocks?.value.includes(clock) ?? false;
    case 'case_closed': return made.reason === 'case_closed';
    case 'of_service': return isOfService(clock, referral);
    case 'service_receipt_counts': return isOfService(clock, referral) && holds('receipt_counts', clock, referral, made);
    case 'service_hop_counts': return isOfService(clock, referral) && holds('hop_counts', clock, referral, made);
    case 'asks_for_money': return partner !== null && asksForMoney(formSetFor(partner), referral.services);
  }
}

/** Whether receipt at an office of the chain stops a clock: as the partner's profile says of that office; of one that it does not name, as that office's own profile does. */
function hopStops(partnerId: string, hop: string, clock: string): boolean {
  const listed = findPartner(partnerId)?.hops?.value.find((one) => one.hop === hop);
  if (listed) return listed.stops.includes(clock);
  return hop === 'central_authority' || (findPartner(hop)?.referralClock.value.stopsOnReceipt ?? false);
}

/** Whether the table of clocks ties the clock to one of the services asked for. */
function isOfService(clock: string, { services }: MovedReferral): boolean {
  return getClock(clock).services?.some((service) => services.includes(service)) ?? false;
}

/** Nothing is sealed or reviewed while something from outside is awaited. @throws AppError `referral.awaited_open`. */
export async function refuseWhileAwaited(ctx: TxCtx, referralId: string, row: LifecycleRow): Promise<void> {
  if (!hasNeed(row, 'awaited_done')) return;
  const open = (await selectAwaited(ctx, referralId)).filter((item) => item.doneOn === null);
  if (open.length === 0) return;
  throw new AppError('conflict', 'referral.awaited_open', {
    params: { count: open.length },
    findings: open.map(({ item }) => ({ code: `referral.awaits_${item}`, severity: 'block', path: '/awaited' })),
  });
}
