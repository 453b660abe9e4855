import { recordAudit } from '../../audit/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import { applyClockEffects } from '../clocks/apply-clock-effects.ts';
import { getClock } from '../clocks/due-date.ts';
import { officeDay } from '../clocks/office-day.ts';
import { refreshReferral } from '../packets/refresh-referral.ts';
import { syncReferralItem } from '../queue/sync-referral-item.ts';
import { checkedServices } from './create-referral.ts';
import { getReferralRow } from './get-referral-row.ts';
import { LIFECYCLE } from './lifecycle-table.rules.ts';
import type { LifecycleRow } from './lifecycle-table.rules.ts';
import { findOpenReferral, updateServices } from './referral.store.ts';
import type { ReferralRow } from './referral.store.ts';

export interface ChangedServices {
  readonly referralId: string;
  readonly services: readonly string[];
  /** What is missing for them. */
  readonly findings: readonly Finding[];
  readonly hasChanged: boolean;
}

/** Whether what is asked for may still be changed: ours, not over, and no packet of it has ever left. */
export function mayChangeServices({ direction, status, deliveredPacketId }: Pick<ReferralRow, 'direction' | 'status' | 'deliveredPacketId'>): boolean {
  return direction === 'outgoing' && deliveredPacketId === null && LIFECYCLE.some((row) => row.direction === direction && row.move === 'seal' && row.from.includes(status));
}

/**
 * Asks for other services in a referral of which nothing has left yet. A packet that was sealed before says something else then and
 * is sealed again. Deadlines that belong to a service begin and end with it.
 *
 * @throws AppError `referral.services_needed`, `referral.service_unknown`, `referral.services_fixed`, `referral.same_services_open`, `referral.not_found`, `access.forbidden`.
 */
export async function changeServices(ctx: Ctx, referralId: string, given: readonly string[]): Promise<ChangedServices> {
  authorise(ctx, 'referrals.create');
  const services = checkedServices(given);
  return inTransaction(ctx, async (tx) => {
    const before = await getReferralRow(tx, referralId, 'lock');
    if (before.services.join(' ') === services.join(' ')) return { referralId, services, findings: before.findings, hasChanged: false };
    if (!mayChangeServices(before)) throw new AppError('conflict', 'referral.services_fixed');
    if (await findOpenReferral(tx, { ...before, services })) throw new AppError('conflict', 'referral.same_services_open');
    await updateServices(tx, referralId, services);
    const referral = { ...before, services };
    const { findings } = await refreshReferral(tx, referral);
    await followServices(tx, referral);
    await syncReferralItem(tx, referral);
    await recordAudit(tx, {
      action: 'referral.services_changed', subject: { type: 'referral', id: referralId }, partner: before.partnerId, county: before.county,
      details: { from: before.services.join(' '), to: services.join(' ') },
    });
    await emit(tx, 'referral.services_changed', { referralId });
    return { referralId, services, findings, hasChanged: true };
  });
}

/** Clocks that a referral begins with for some services only run for those that it asks for now. */
async function followServices(ctx: TxCtx, referral: ReferralRow): Promise<void> {
  const opening: LifecycleRow['clocks'] = LIFECYCLE.find(({ direction, move }) => direction === 'outgoing' && move === 'open')?.clocks ?? [];
  const ofServices = opening.filter(({ when }) => when === 'of_service');
  const isAsked = (clock: string): boolean => getClock(clock).services?.some((service) => referral.services.includes(service)) ?? false;
  const effects = ofServices.map(({ clock }) => ({ clock, act: isAsked(clock) ? 'start' as const : 'stop' as const }));
  await applyClockEffects(ctx, referral, effects, { move: 'open', on: officeDay(ctx), promisedOn: null, holds: () => true });
}
