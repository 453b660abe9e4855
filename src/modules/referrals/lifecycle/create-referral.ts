import { recordAudit } from '../../audit/index.ts';
import { findCase } from '../../cases/index.ts';
import { SERVICE_CODES } from '../../partners/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { emit } from '../../../platform/outbox.ts';
import { preparePacket } from '../packets/prepare-packet.ts';
import { refreshReferral } from '../packets/refresh-referral.ts';
import { firstRow } from './lifecycle.rules.ts';
import type { ReferralStatus } from './lifecycle-table.rules.ts';
import { recordMove } from './record-move.ts';
import { findOpenReferral, insertReferral } from './referral.store.ts';
import type { ReferralRow } from './referral.store.ts';

export interface CreatedReferral {
  readonly referralId: string;
  readonly status: ReferralStatus;
  readonly findings: readonly Finding[];
  /** The same referral was open already, and this is it. */
  readonly alreadyOpen: boolean;
}

export interface ReferralRequest {
  readonly caseId: string;
  readonly partnerId: string;
  readonly services: readonly string[];
}

/**
 * Opens a referral of a case to a partner for some services, and says what is still missing. Asking again for the same
 * while it is open gives the same referral. What is missing does not stop it: only sealing does.
 *
 * @throws AppError `referral.services_needed`, `referral.service_unknown`, `partner.unknown`, `cases.not_found`, `access.forbidden`.
 */
export async function createReferral(ctx: Ctx, request: ReferralRequest): Promise<CreatedReferral> {
  authorise(ctx, 'referrals.create');
  const services = checkedServices(request.services);
  return inTransaction(ctx, async (tx) => {
    const existing = await findOpenReferral(tx, { ...request, services, direction: 'outgoing' });
    if (existing) return asOpen(tx, existing);
    const referralId = newId('ref', tx.clock.now().getTime());
    const prepared = await preparePacket(tx, { ...request, services, referralId });
    const row = firstRow('outgoing');
    const referral = { referralId, county: prepared.county, partnerId: request.partnerId, caseId: request.caseId, services, direction: row.direction };
    const added = await insertReferral(tx, { ...referral, findings: prepared.findings, status: row.to ?? 'draft' });
    if (!added) return sameReferral(tx, request, services);
    // Clock 2 starts with it: opening the referral is the county's word that the determinations are complete.
    const status = await recordMove(tx, { ...referral, status: null }, { row, on: prepared.on, startsOn: await closureDay(tx, request, prepared.on) });
    await recordAudit(tx, {
      action: 'referral.created', subject: { type: 'referral', id: referralId }, partner: request.partnerId, county: prepared.county,
      details: { caseId: request.caseId, services: services.join(' ') },
    });
    await emit(tx, 'referral.created', { referralId });
    return { referralId, status, findings: prepared.findings, alreadyOpen: false };
  });
}

/** The notice of closure counts from the day on which the case was closed, where the case record has one. */
async function closureDay(ctx: TxCtx, { caseId }: ReferralRequest, today: string): Promise<Readonly<Record<string, string>>> {
  const closedOn = (await findCase(ctx, caseId))?.closedOn;
  return closedOn === undefined || closedOn > today ? {} : { 'closure.notify': closedOn };
}

async function sameReferral(ctx: TxCtx, request: ReferralRequest, services: readonly string[]): Promise<CreatedReferral> {
  const first = await findOpenReferral(ctx, { ...request, services, direction: 'outgoing' });
  if (!first) throw new AppError('conflict', 'referral.open_elsewhere');
  return asOpen(ctx, first);
}

/** What is missing of a referral that is open already is told with all that was gathered for it since. */
async function asOpen(ctx: TxCtx, referral: ReferralRow): Promise<CreatedReferral> {
  const { findings } = await refreshReferral(ctx, referral);
  return { referralId: referral.referralId, status: referral.status, findings, alreadyOpen: true };
}

/** The services without repeats, in one order, so that the same request is recognised. */
export function checkedServices(given: readonly string[]): string[] {
  if (given.length === 0) throw new AppError('invalid', 'referral.services_needed');
  const unknown = given.find((service) => !SERVICE_CODES.some((code) => code === service));
  if (unknown !== undefined) throw new AppError('invalid', 'referral.service_unknown', { params: { service: unknown.slice(0, 40) } });
  return [...new Set(given)].sort();
}
